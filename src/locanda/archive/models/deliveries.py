"""What is due to the police, what was handed over, and what was answered."""

from __future__ import annotations

from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import PoliceCredential, Property
from locanda.archive.models.stays import Guest, Party

__all__ = ["Delivery", "DeliveryRow", "Exchange", "Segment"]


class Segment(Owned):
    """Up to thirty nights of a party: what one round of schedine covers. A stay of 45 nights has two."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="segments")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    index = models.PositiveSmallIntegerField(default=0)
    first_day = models.DateField()
    nights = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()  # where the clock of the law starts
    legal_due = models.DateTimeField()
    prudent_due = models.DateTimeField()
    obligation = models.CharField(max_length=16)  # IT-PS-02 or IT-PS-03
    settled_at = models.DateTimeField(null=True)  # the authority has it (or the substitute communication is proved)
    receipted_at = models.DateTimeField(null=True)  # its receipt is in and the counts agree
    cancelled_at = models.DateTimeField(null=True)  # left early, before this segment began

    class Meta(Owned.Meta):
        ordering = ["first_day"]
        indexes = [
            models.Index(fields=["account", "settled_at", "prudent_due"]),
            models.Index(fields=["account", "legal_due"], name="segment_by_term"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["party", "index"], name="one_segment_an_index"),
            # the same nights are registered once, whoever taps twice
            models.UniqueConstraint(
                fields=["party", "first_day"], condition=models.Q(cancelled_at=None), name="one_segment_a_day"
            ),
        ]


class Delivery(Owned):
    """An attempt-tracked handing over of exact bytes to a portal. States: ``locanda.delivery.machine.State``."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="deliveries")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="deliveries")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey(PoliceCredential, on_delete=models.PROTECT, null=True, related_name="deliveries")
    portal = models.CharField(max_length=24, default="alloggiati")
    operation = models.CharField(max_length=40)  # Send, GestioneAppartamenti_Send, GestioneAppartamenti_FileUnico_Send
    apartment = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=16, default="ready")
    evidence = models.CharField(max_length=16, blank=True)  # row_outcome, receipt_count, operator, substitute
    evidence_note = models.CharField(max_length=300, blank=True)
    sealed_text = models.BinaryField()  # {"text", "salt"}, under the party's key
    digest = models.CharField(max_length=64)  # SHA-256 of salt + bytes: proves the bytes while the salt lives
    format_version = models.CharField(max_length=24)
    tables_version = models.CharField(max_length=40)
    row_count = models.PositiveSmallIntegerField()
    total_days = models.PositiveIntegerField()
    arrival_day = models.DateField()
    created_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # the Send left
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    receipted_at = models.DateTimeField(null=True)  # it stands in a receipt whose counts agree
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)  # null: waits for a person
    last_error = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField(null=True)  # in doubt: when the operator was asked to look at the portal
    corrects = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="corrections")
    simulated = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["credential", "sent_at"]),
        ]
        # whatever two processes do at once: one first delivery a segment, one correction a delivery
        constraints = [
            models.UniqueConstraint(fields=["segment"], condition=models.Q(corrects=None), name="one_first_delivery"),
            models.UniqueConstraint(fields=["corrects"], name="one_correction"),
        ]


class DeliveryRow(Owned):
    """One schedina of a delivery and what the portal said of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        VALID = "valid"  # Test said it would be accepted
        REFUSED = "refused"
        ACCEPTED = "accepted"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rows")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="delivery_rows")
    index = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    code = models.CharField(max_length=16, blank=True)
    name = models.CharField(max_length=80, blank=True)
    sealed_detail = models.BinaryField(null=True)  # free text of the portal, under the party's key

    class Meta(Owned.Meta):
        ordering = ["index"]


class Exchange(Owned):
    """One call to a portal: request and answer as they went over the wire, secrets cut out, sealed."""

    SEALED = {"sealed_request": "exchange", "sealed_response": "exchange"}  # but for those of a delivery

    credential = models.ForeignKey(PoliceCredential, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, null=True, related_name="exchanges")
    operation = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    sealed_request = models.BinaryField()  # under the party's key when it is of a delivery, else the account's
    sealed_response = models.BinaryField(null=True)

    class Meta(Owned.Meta):
        ordering = ["started_at"]
