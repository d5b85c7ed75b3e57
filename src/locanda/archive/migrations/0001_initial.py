"""The first tables."""

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import locanda.archive.models.owned


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("wrapped_key", models.BinaryField()),
                ("sealed_hash_key", models.BinaryField()),
                ("events", models.PositiveBigIntegerField(default=0)),
                (
                    "chain_head",
                    models.CharField(default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("language", models.CharField(default="it", max_length=2)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("portal", models.CharField(default="alloggiati", max_length=24)),
                ("operation", models.CharField(max_length=40)),
                ("apartment", models.PositiveIntegerField(null=True)),
                ("state", models.CharField(default="ready", max_length=16)),
                ("evidence", models.CharField(blank=True, max_length=16)),
                ("evidence_note", models.CharField(blank=True, max_length=300)),
                ("sealed_text", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("format_version", models.CharField(max_length=24)),
                ("tables_version", models.CharField(max_length=40)),
                ("row_count", models.PositiveSmallIntegerField()),
                ("total_days", models.PositiveIntegerField()),
                ("arrival_day", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("tested_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("receipted_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=40)),
                ("asked_at", models.DateTimeField(null=True)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="corrections", to="archive.delivery"
                    ),
                ),
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
            name="Guest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("label", models.CharField(max_length=40)),
                ("role", models.CharField(max_length=16)),
                ("sealed", models.BinaryField()),
                ("document_hash", models.CharField(blank=True, max_length=64)),
                ("sex", models.CharField(blank=True, max_length=1)),
                ("birth_date", models.DateField(null=True)),
                ("citizenship", models.CharField(blank=True, max_length=9)),
                ("residence_state", models.CharField(blank=True, max_length=9)),
                ("residence_comune", models.CharField(blank=True, max_length=9)),
                ("residence_place", models.CharField(blank=True, max_length=60)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DeliveryRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("index", models.PositiveSmallIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("valid", "Valid"), ("refused", "Refused"), ("accepted", "Accepted")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=16)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("sealed_detail", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="archive.delivery"),
                ),
                (
                    "guest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="delivery_rows", to="archive.guest"
                    ),
                ),
            ],
            options={
                "ordering": ["index"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("demo", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("clock_offset", models.BigIntegerField(default=0)),
                ("engine_seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_installation"),
                    models.CheckConstraint(
                        condition=models.Q(("demo", True), ("clock_offset", 0), _connector="OR"),
                        name="only_a_demo_has_its_own_clock",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("size", models.PositiveSmallIntegerField(default=1)),
                ("wrapped_key", models.BinaryField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
            ],
            options={
                "ordering": ["stay", "position"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="guest",
            name="party",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="guests", to="archive.party"),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=80)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("data", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(null=True)),
                ("commitment", models.CharField(blank=True, max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="archive.party"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="party",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="archive.party"),
        ),
        migrations.CreateModel(
            name="PoliceCredential",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=120)),
                (
                    "category",
                    models.CharField(choices=[("hotel", "Hotel"), ("apartments", "Apartments")], default="hotel", max_length=12),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("pending", "Pending"), ("none", "None")], default="none", max_length=8
                    ),
                ),
                ("province", models.CharField(blank=True, max_length=2)),
                ("sealed_keys", models.BinaryField(null=True)),
                ("endpoint", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("tested_at", models.DateTimeField(null=True)),
                ("tested_ok", models.BooleanField(null=True)),
                ("test_answer", models.CharField(blank=True, max_length=300)),
                ("stopped_why", models.CharField(blank=True, max_length=40)),
                ("lease_owner", models.CharField(blank=True, max_length=120)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
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
            name="Exchange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("operation", models.CharField(max_length=60)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("sealed_request", models.BinaryField()),
                ("sealed_response", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="exchanges", to="archive.delivery"
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="archive.policecredential"
                    ),
                ),
            ],
            options={
                "ordering": ["started_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="credential",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="archive.policecredential"
            ),
        ),
        migrations.CreateModel(
            name="Apartment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("description", models.CharField(max_length=200)),
                ("comune", models.CharField(blank=True, max_length=100)),
                ("province", models.CharField(blank=True, max_length=4)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("owner", models.CharField(blank=True, max_length=200)),
                ("seen_at", models.DateTimeField()),
                ("active", models.BooleanField(default=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="apartments", to="archive.policecredential"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Property",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("type", models.CharField(max_length=24)),
                ("business", models.BooleanField(default=False)),
                ("comune", models.CharField(max_length=9)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                ("rooms", models.PositiveIntegerField(null=True)),
                ("beds", models.PositiveIntegerField(null=True)),
                ("apartment", models.PositiveIntegerField(null=True)),
                ("send_on_check_in", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="properties",
                        to="archive.policecredential",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
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
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("properties", models.ManyToManyField(blank=True, related_name="+", to="archive.property")),
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
        migrations.AddField(
            model_name="delivery",
            name="property",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="archive.property"),
        ),
        migrations.CreateModel(
            name="RememberedGuest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("document_hash", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("consent_at", models.DateTimeField()),
                ("consent_how", models.CharField(max_length=60)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
            name="Segment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("index", models.PositiveSmallIntegerField(default=0)),
                ("first_day", models.DateField()),
                ("nights", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("legal_due", models.DateTimeField()),
                ("prudent_due", models.DateTimeField()),
                ("obligation", models.CharField(max_length=16)),
                ("settled_at", models.DateTimeField(null=True)),
                ("receipted_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="segments", to="archive.party"),
                ),
                (
                    "property",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="archive.property"),
                ),
            ],
            options={
                "ordering": ["first_day"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="segment",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="archive.segment"),
        ),
        migrations.CreateModel(
            name="SendingDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("agrees", "Agrees"),
                            ("differs", "Differs"),
                            ("unread", "Unread"),
                            ("gone", "Gone"),
                            ("nothing", "Nothing"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("next_try_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=40)),
                ("expected_schedine", models.PositiveIntegerField(null=True)),
                ("expected_days", models.PositiveIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sending_days", to="archive.policecredential"
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("pdf", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("fetched_at", models.DateTimeField()),
                ("number", models.CharField(blank=True, max_length=60)),
                ("schedine", models.PositiveIntegerField(null=True)),
                ("total_days", models.PositiveIntegerField(null=True)),
                ("read_by", models.CharField(default="program", max_length=10)),
                ("keep_until", models.DateField()),
                ("simulated", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="archive.policecredential"
                    ),
                ),
                (
                    "sending_day",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipt", to="archive.sendingday"
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("checked_in", "Checked In"), ("cancelled", "Cancelled")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("arrival", models.DateTimeField(null=True)),
                ("departure", models.DateTimeField(null=True)),
                ("departure_day", models.DateField(null=True)),
                ("nights", models.PositiveIntegerField(null=True)),
                ("wrapped_draft_key", models.BinaryField(null=True)),
                ("sealed_draft", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
                ("checked_in_at", models.DateTimeField(null=True)),
                ("identified_how", models.CharField(blank=True, max_length=24)),
                ("identified_by", models.CharField(blank=True, max_length=120)),
                ("identified_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="archive.property"),
                ),
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
        migrations.AddField(
            model_name="party",
            name="stay",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parties", to="archive.stay"),
        ),
        migrations.CreateModel(
            name="TableVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("portal", models.CharField(default="alloggiati", max_length=24)),
                ("kind", models.CharField(max_length=24)),
                ("source", models.CharField(max_length=80)),
                ("fetched_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("changes", models.JSONField(default=list)),
                ("simulated", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-fetched_at", "-id"],
                "indexes": [models.Index(fields=["portal", "kind", "fetched_at"], name="archive_tab_portal_80538a_idx")],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("apartment", models.PositiveIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="units", to="archive.property"),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="stay",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="stays", to="archive.unit"
            ),
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=locanda.archive.models.owned.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
                ("raised_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="archive.account"
                    ),
                ),
            ],
            options={
                "ordering": ["raised_at"],
                "abstract": False,
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
                "indexes": [models.Index(fields=["account", "cleared_at"], name="alarm_open")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)), fields=("account", "kind", "subject"), name="one_open_alarm"
                    )
                ],
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="guest",
            index=models.Index(fields=["account", "document_hash"], name="guest_by_document"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("account", "number"), name="one_event_a_number"),
        ),
        migrations.AddConstraint(
            model_name="apartment",
            constraint=models.UniqueConstraint(fields=("credential", "number"), name="one_apartment_a_number"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("account", "person"), name="one_role_a_person"),
        ),
        migrations.AddConstraint(
            model_name="rememberedguest",
            constraint=models.UniqueConstraint(fields=("account", "document_hash"), name="remembered_once"),
        ),
        migrations.AddIndex(
            model_name="segment",
            index=models.Index(fields=["account", "settled_at", "prudent_due"], name="archive_seg_account_6a3094_idx"),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(fields=("party", "index"), name="one_segment_an_index"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["state", "next_attempt_at"], name="archive_del_state_0775ac_idx"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["credential", "sent_at"], name="archive_del_credent_f4ef06_idx"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)), fields=("segment",), name="one_first_delivery"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("corrects",), name="one_correction"),
        ),
        migrations.AddConstraint(
            model_name="sendingday",
            constraint=models.UniqueConstraint(fields=("credential", "day"), name="one_sending_day"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("property", "name"), name="one_unit_a_name"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["account", "status", "arrival"], name="archive_sta_account_e5d910_idx"),
        ),
    ]
