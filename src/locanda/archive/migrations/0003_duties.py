"""Duties: what was done, proofs, events, breaches, local rules, feeds, reminders; what decides the duties of a property."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import locanda.archive.models.owned


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sanction", models.CharField(max_length=24)),
                ("on", models.DateField()),
                ("enforceable_on", models.DateField(null=True)),
                ("settled_reduced", models.BooleanField(default=False)),
                ("suspended_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-on"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutyEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=32)),
                ("data", models.JSONField(default=dict)),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["recorded_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutyMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("obligation", models.CharField(max_length=24)),
                ("subject", models.CharField(max_length=160)),
                ("done_at", models.DateTimeField()),
                ("number", models.CharField(blank=True, max_length=120)),
                ("sealed_note", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["done_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DutyProof",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "Photo"), ("pdf", "Pdf"), ("number", "Number"), ("link", "Link")], max_length=8
                    ),
                ),
                ("media_type", models.CharField(blank=True, max_length=40)),
                ("sealed_name", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["added_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="FeedAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed_secret", models.BinaryField()),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["created_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ReminderSent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("obligation", models.CharField(max_length=24)),
                ("subject", models.CharField(max_length=160)),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RuleOverride",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("item", models.CharField(max_length=40)),
                ("changes", models.JSONField(default=dict)),
                ("off", models.BooleanField(default=False)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("note", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["made_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="property",
            name="category",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="property",
            name="cin",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="property",
            name="declared_rooms",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="property",
            name="floors_m2",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="property",
            name="let_as",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="property",
            name="lets_over_30_days",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="property",
            name="listed_refuge",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="property",
            name="regional_code",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="property",
            name="since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="property",
            name="superior",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="property",
            name="zone",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddIndex(
            model_name="segment",
            index=models.Index(fields=["account", "legal_due"], name="segment_by_term"),
        ),
        migrations.AddField(
            model_name="breach",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="property",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"),
        ),
        migrations.AddField(
            model_name="breach",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="property",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="dutymark",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="dutymark",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="dutymark",
            name="property",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"),
        ),
        migrations.AddField(
            model_name="dutyproof",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="dutyproof",
            name="added_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="dutyproof",
            name="mark",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="proofs", to="archive.dutymark"),
        ),
        migrations.AddField(
            model_name="feedaddress",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="feedaddress",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="feedaddress",
            name="property",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"
            ),
        ),
        migrations.AddField(
            model_name="remindersent",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="remindersent",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="remindersent",
            name="property",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"),
        ),
        migrations.AddField(
            model_name="ruleoverride",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
            ),
        ),
        migrations.AddField(
            model_name="ruleoverride",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ruleoverride",
            name="property",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"
            ),
        ),
        migrations.AddIndex(
            model_name="breach",
            index=models.Index(fields=["account", "property"], name="breach_by_property"),
        ),
        migrations.AddIndex(
            model_name="dutyevent",
            index=models.Index(fields=["account", "property"], name="event_by_property"),
        ),
        migrations.AddIndex(
            model_name="dutymark",
            index=models.Index(fields=["account", "subject"], name="mark_by_subject"),
        ),
        migrations.AddConstraint(
            model_name="dutymark",
            constraint=models.UniqueConstraint(fields=("property", "obligation", "subject"), name="one_mark_a_duty"),
        ),
        migrations.AddConstraint(
            model_name="remindersent",
            constraint=models.UniqueConstraint(fields=("person", "property", "obligation", "subject"), name="reminded_once"),
        ),
        migrations.AddIndex(
            model_name="ruleoverride",
            index=models.Index(fields=["account", "ended_at"], name="override_by_account"),
        ),
    ]
