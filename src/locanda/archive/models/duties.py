"""What was done about the duties of a property, with what proof; what happened, was broken, was changed, was reminded, was
prepared for an office."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import Property

__all__ = ["Breach", "DutyEvent", "DutyMark", "DutyProof", "FeedAddress", "PreparedRequest", "ReminderSent", "RuleOverride"]


def _someone() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class DutyMark(Owned):
    """A duty was done: which, about what, when, by whom. ``subject`` is the key of ``locanda.office.subjects``."""

    SEALED = {"sealed_note": "duty note"}

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    obligation = models.CharField(max_length=24)
    subject = models.CharField(max_length=160)
    done_at = models.DateTimeField()
    done_by = _someone()
    number = models.CharField(max_length=120, blank=True)  # protocol or receipt number
    sealed_note = models.BinaryField(null=True)  # free words, under the account's key
    before = models.BooleanField(default=False)  # said of the time before the property was here, many at once, without proof
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        ordering = ["done_at"]
        indexes = [models.Index(fields=["account", "subject"], name="mark_by_subject")]
        constraints = [models.UniqueConstraint(fields=["property", "obligation", "subject"], name="one_mark_a_duty")]

    @cached_property
    def note(self) -> str:
        """The words that were written beside it."""
        from locanda.archive.vault import Vault

        return "" if self.sealed_note is None else str(Vault(self.account).open(self.sealed_note, "duty note"))


class DutyProof(Owned):
    """A photo, a PDF, a number or a link that proves it. Name and content stand under the account's key."""

    SEALED = {"sealed": "duty proof", "sealed_name": "proof name"}

    class Kind(models.TextChoices):
        PHOTO = "photo"
        PDF = "pdf"
        NUMBER = "number"
        LINK = "link"

    mark = models.ForeignKey(DutyMark, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    media_type = models.CharField(max_length=40, blank=True)
    sealed_name = models.BinaryField()
    sealed = models.BinaryField()  # the bytes; of a number or a link, its text
    sha256 = models.CharField(max_length=64)  # of the bytes before sealing
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = _someone()

    class Meta(Owned.Meta):
        ordering = ["added_at"]

    @cached_property
    def name(self) -> str:
        """The name of the file, the number or the link."""
        from locanda.archive.vault import Vault

        return str(Vault(self.account).open(self.sealed_name, "proof name"))


class DutyEvent(Owned):
    """Something that happened or is planned and starts duties: the events of ``locanda.law.events``."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    data = models.JSONField(default=dict)  # the facts of the kind; of a published listing also its address ("url")
    recorded_at = models.DateTimeField()
    recorded_by = _someone()
    withdrawn_at = models.DateTimeField(null=True)  # recorded by mistake

    class Meta(Owned.Meta):
        ordering = ["recorded_at"]
        indexes = [models.Index(fields=["account", "property"], name="event_by_property")]


class RuleOverride(Owned):
    """A rule that the operator changed for themselves, for a property or for all: dated, signed, shown with the rule."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=16)  # obligation, sanction, contact, parameter...
    item = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)
    off = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=300)  # why
    made_by = _someone()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["made_at"]
        indexes = [models.Index(fields=["account", "ended_at"], name="override_by_account")]


class Breach(Owned):
    """A breach that was found: the next one of its kind costs more."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    sanction = models.CharField(max_length=24)
    on = models.DateField()
    enforceable_on = models.DateField(null=True)  # the order can no longer be appealed against
    settled_reduced = models.BooleanField(default=False)  # paid in the reduced form: it does not count as repetition
    suspended_on = models.DateField(null=True)  # the activity was suspended
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = _someone()

    class Meta(Owned.Meta):
        ordering = ["-on"]
        indexes = [models.Index(fields=["account", "property"], name="breach_by_property")]


class FeedAddress(Owned):
    """The secret address of a calendar feed, of one property or of all."""

    SEALED = {"sealed_secret": "feed address"}

    property = models.ForeignKey(Property, on_delete=models.CASCADE, null=True, related_name="+")
    sealed_secret = models.BinaryField()  # so that the address can be shown again, under the account's key
    secret_hash = models.CharField(max_length=64, unique=True)  # keyed: who reads the table cannot open a feed
    created_at = models.DateTimeField()
    created_by = _someone()
    revoked_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["created_at"]


class ReminderSent(Owned):
    """What a person was already reminded of: each thing once. Written before the mail leaves, and ``delivered_at`` after."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    obligation = models.CharField(max_length=24)
    subject = models.CharField(max_length=160)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)  # the mail server took it

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["person", "property", "obligation", "subject"], name="reminded_once")
        ]


class PreparedRequest(Owned):
    """What was made of the scans for a police office: the one PDF and its mail, sealed, for who made it and for a day at most."""

    SEALED = {"sealed_letter": "request letter", "sealed_pdf": "request pdf"}

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)  # of ``locanda.law.credentials.REQUESTS``
    sealed_letter = models.BinaryField()  # mail, places of the papers and remarks, under the account's key
    sealed_pdf = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["account", "made_at"], name="request_by_age")]
