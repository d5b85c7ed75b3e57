"""Visitor statistics of a property: what each day was, what it counted, what its portal holds (spec flussi-turistici 2, 3, 6).

The counts outlive the guests' facts: when the statistics of a month are closed, sex, birth date, citizenship and residence go,
and the figures of its days stay. What is sealed here stands under the account's key and goes with those facts.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import FlowCredential, Property

__all__ = ["CountedDay", "DayState", "FlowExchange", "FlowSending", "PortalDay"]


def _someone() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class DayState(Owned):
    """What the operator said of a day: open or closed, and the rooms and beds really on offer."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    open = models.BooleanField()
    rooms = models.PositiveIntegerField(null=True)  # null: all of them
    beds = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=120, blank=True)  # why fewer rooms, or why closed
    set_at = models.DateTimeField()
    set_by = _someone()

    class Meta(Owned.Meta):
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["property", "day"], name="one_state_a_day")]


class CountedDay(Owned):
    """The figures of a day as last counted. ``inputs`` says from what: where that is unchanged nothing is counted again."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    inputs = models.CharField(max_length=64)  # SHA-256 of the stays and the state of the day
    open = models.BooleanField()
    declared = models.BooleanField()  # whether the operator said so, or the capacity stands in
    rooms = models.PositiveIntegerField()
    beds = models.PositiveIntegerField()
    rooms_occupied = models.PositiveIntegerField()
    previous = models.PositiveIntegerField()
    arrived = models.PositiveIntegerField()
    departed = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    rows = models.JSONField(default=list)  # [order of the residence row, previous, arrived, departed]: rows of the C/59
    problems = models.JSONField(default=list)  # [code, where, facts]
    counted_at = models.DateTimeField()
    closed = models.BooleanField(default=False)  # the statistics of its month are closed: never counted again

    class Meta(Owned.Meta):
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["property", "day"], name="one_count_a_day")]


class FlowSending(Owned):
    """Days of a property handed to its statistics portal: exact bytes, what came back, what proves it.

    States: ``locanda.delivery.machine.State``. Sent to a service: ready, sending, accepted, partly accepted, rejected,
    in doubt, postponed. Written to a file or typed by hand: ready, handed over, confirmed or refused.
    """

    SEALED = {
        "sealed_file": "flow file", "sealed_outcomes": "flow outcomes", "sealed_proof": "flow proof",
        "sealed_proof_name": "flow proof",
    }  # fmt: skip

    class Kind(models.TextChoices):
        DAYS = "days"  # days as they are
        CORRECTION = "correction"  # days that the portal had otherwise, or removals
        STEPS = "steps"  # a list of corrections to be made by hand on the portal

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="flow_sendings")
    credential = models.ForeignKey(FlowCredential, on_delete=models.PROTECT, null=True, related_name="sendings")
    batch = models.UUIDField(null=True)  # sent together with the days of other properties, in one transmission
    position = models.PositiveSmallIntegerField(default=0)  # its place among steps that must go one after the other
    portal = models.CharField(max_length=24)  # id of the statistics portal in the packs
    format = models.CharField(max_length=24)  # key of the FlowFormat
    format_version = models.CharField(max_length=40)
    mode = models.CharField(max_length=5)  # WS, FILE, SHEET, NONE
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DAYS)
    state = models.CharField(max_length=16, default="ready")
    evidence = models.CharField(max_length=16, blank=True)  # row_outcome, operator
    evidence_note = models.CharField(max_length=300, blank=True)
    first = models.DateField()
    last = models.DateField()
    days = models.PositiveIntegerField()
    arrivals = models.PositiveIntegerField(default=0)
    departures = models.PositiveIntegerField(default=0)
    sealed_file = models.BinaryField(null=True)  # the exact bytes; gone when the months are closed
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    marks = models.JSONField(default=list)  # of each day: what to remember once the portal has it
    notes = models.JSONField(default=list)  # [code, where, facts]
    sealed_outcomes = models.BinaryField(null=True)  # what the portal said of each record
    refused = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = _someone()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)  # null: waits for a person
    last_error = models.CharField(max_length=60, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replaced_by")
    protocol = models.CharField(max_length=120, blank=True)  # a number or a word of the portal
    proof_media = models.CharField(max_length=40, blank=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    sealed_proof = models.BinaryField(null=True)  # a picture or PDF of what the portal showed
    sealed_proof_name = models.BinaryField(null=True)
    confirmed_by = _someone()
    simulated = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        ordering = ["created_at", "position"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="flow_sending_due"),
            models.Index(fields=["account", "property", "first"], name="flow_sending_by_property"),
        ]


class PortalDay(Owned):
    """What became of one day at a portal: the state of its last sending, and what the portal holds as far as we must know it."""

    SEALED = {"sealed_held": "flow day"}

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    portal = models.CharField(max_length=24)
    day = models.DateField()
    state = models.CharField(max_length=16)  # of its last sending: locanda.delivery.machine.State
    sending = models.ForeignKey(FlowSending, on_delete=models.SET_NULL, null=True, related_name="portal_days")
    held = models.BooleanField(default=False)  # the portal has this day, as fingerprint and people say
    fingerprint = models.CharField(max_length=64, blank=True)  # of the day as the portal holds it
    people = models.JSONField(default=dict)  # identifiers, no facts: {"arrivals": [[id, type]], "departures": [id]}
    sealed_held = models.BinaryField(null=True)  # the day as the portal holds it, where corrections need all of it
    corrected = models.BooleanField(default=False)  # sent or typed again after it had been accepted
    accepted_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta(Owned.Meta):
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["property", "portal", "day"], name="one_portal_day")]


class FlowExchange(Owned):
    """One call to a statistics service, as it went over the wire, the password cut out."""

    SEALED = {"sealed_request": "flow exchange", "sealed_response": "flow exchange"}

    credential = models.ForeignKey(FlowCredential, on_delete=models.PROTECT, related_name="+")
    batch = models.UUIDField(null=True)  # the sendings that it carried: those of this batch
    operation = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    sealed_request = models.BinaryField(null=True)
    sealed_response = models.BinaryField(null=True)

    class Meta(Owned.Meta):
        ordering = ["started_at"]
