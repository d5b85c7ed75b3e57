"""Invitations to who works elsewhere; requests to an office kept until they are sent; reminders that have left; marks of before."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import locanda.archive.models.owned


def all_have_left(apps, editor):
    """What was written down before this counted as sent."""
    apps.get_model("archive", "ReminderSent").everywhere.update(delivered_at=models.F("sent_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0005_gas"),
    ]

    operations = [
        migrations.AddField(
            model_name="dutymark",
            name="before",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="remindersent",
            name="delivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("manager", "Manager"), ("front_desk", "Front Desk"), ("reader", "Reader")],
                        max_length=12,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("properties", models.ManyToManyField(blank=True, related_name="+", to="archive.property")),
            ],
            options={
                "ordering": ["invited_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
                "constraints": [models.UniqueConstraint(fields=("account", "person"), name="one_invitation_a_person")],
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PreparedRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("sealed_letter", models.BinaryField()),
                ("sealed_pdf", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "property",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.property"),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
                "indexes": [models.Index(fields=["account", "made_at"], name="request_by_age")],
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunPython(all_have_left, migrations.RunPython.noop),
    ]
