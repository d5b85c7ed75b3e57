"""The history of an account: append-only, in a hash chain."""

from __future__ import annotations

from django.db import models

from locanda.archive.models.owned import Owned

__all__ = ["Event"]


class Event(Owned):
    """Something that happened. What it says of persons is sealed elsewhere; the chain commits to a salted hash of it."""

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)  # a person's id, or "engine"
    subject = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)  # nothing personal
    party = models.ForeignKey("archive.Party", on_delete=models.PROTECT, null=True, related_name="+")
    sealed = models.BinaryField(null=True)  # {"salt", "payload"} under the party's key
    commitment = models.CharField(max_length=64, blank=True)  # SHA-256 of salt and payload
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(Owned.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="one_event_a_number")]
