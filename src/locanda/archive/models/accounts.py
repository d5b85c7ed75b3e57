"""The installation, the accounts (tenants), the people and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models

from locanda.archive.models.owned import Owned, new_id

__all__ = ["Account", "Installation", "Invitation", "Membership", "Person"]


class Installation(models.Model):
    """The one row that says what this database is. The demo mark is written once and a trigger keeps it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    clock_offset = models.BigIntegerField(default=0)  # seconds; only a demo may have one
    engine_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_installation"),
            models.CheckConstraint(
                condition=models.Q(demo=True) | models.Q(clock_offset=0), name="only_a_demo_has_its_own_clock"
            ),
        ]

    @classmethod
    def current(cls) -> Installation | None:
        return cls.objects.filter(id=1).first()


class Account(models.Model):
    """A tenant: an operator or an agency. Everything else belongs to one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    wrapped_key = models.BinaryField()
    sealed_hash_key = models.BinaryField()
    events = models.PositiveBigIntegerField(default=0)
    chain_head = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractUser):
    """Someone who logs in, by e-mail address."""

    class Reminders(models.TextChoices):
        DAILY = "daily"  # one digest a day at most
        WEEKLY = "weekly"  # one on Monday
        NEVER = "never"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = None
    email = models.EmailField(unique=True)
    language = models.CharField(max_length=2, default="it")
    reminders = models.CharField(max_length=6, choices=Reminders.choices, default=Reminders.DAILY)  # how often, by e-mail
    digest_at = models.DateTimeField(null=True)  # when the digest of the day or week was last seen to

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Membership(Owned):
    """What a person may do in an account."""

    class Role(models.TextChoices):
        OWNER = "owner"  # everything, people and credentials included
        MANAGER = "manager"  # properties, credentials, sending
        FRONT_DESK = "front_desk"  # check-in and sending
        READER = "reader"  # looks only

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    properties = models.ManyToManyField("archive.Property", blank=True, related_name="+")  # none: all

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="one_role_a_person")]


class Invitation(Owned):
    """Somebody who works for another account is asked to work here too. Until they accept, they may do and see nothing."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)
    properties = models.ManyToManyField("archive.Property", blank=True, related_name="+")  # none: all
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()

    class Meta(Owned.Meta):
        ordering = ["invited_at"]
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="one_invitation_a_person")]
