"""Stays, parties and guests.

A stay is a draft until it is checked in. Who the guests are stands sealed under the key of their party; what statistics
need (sex, birth date, citizenship, residence) stands beside it and lives on when that key is destroyed.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import Property, Unit

__all__ = ["Guest", "Party", "RememberedGuest", "Stay"]


class Stay(Owned):
    """A stay of one or more parties in a property."""

    SEALED = {"wrapped_draft_key": "party key", "sealed_facts": "stay facts", "sealed_payer": "tax payer"}

    class Status(models.TextChoices):
        DRAFT = "draft"
        CHECKED_IN = "checked_in"
        CANCELLED = "cancelled"

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="stays")
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, related_name="stays")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    arrival = models.DateTimeField(null=True)
    departure = models.DateTimeField(null=True)  # when its hour is known
    departure_day = models.DateField(null=True)
    nights = models.PositiveIntegerField(null=True)
    wrapped_draft_key = models.BinaryField(null=True)  # a key of its own, destroyed at check-in
    sealed_draft = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    checked_in_at = models.DateTimeField(null=True)
    # what tax and statistics ask of a stay and its guests beside the columns: no name, no document; under the account's key
    sealed_facts = models.BinaryField(null=True)
    sealed_payer = models.BinaryField(null=True)  # whom the receipt of the tax must name; emptied once it is issued
    statistics_closed_at = models.DateTimeField(null=True)  # sex, birth date, citizenship and residence were erased
    identified_how = models.CharField(max_length=24, blank=True)  # core.people.Identification
    identified_by = models.CharField(max_length=120, blank=True)
    identified_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["account", "status", "arrival"])]


class Party(Owned):
    """A single guest, a family or a guided group: what goes to the police whole."""

    SEALED = {"wrapped_key": "party key"}

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveSmallIntegerField(default=1)
    wrapped_key = models.BinaryField(null=True)  # null once destroyed
    erased_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["stay", "position"]


class Guest(Owned):
    """A person who lodges."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="guests")
    position = models.PositiveSmallIntegerField(default=0)  # place among the guests of the stay
    label = models.CharField(max_length=40)  # the guest's id in the shape of interfaces.md; says nothing of the person
    role = models.CharField(max_length=16)  # core.people.Role
    sealed = models.BinaryField()  # the whole guest in the shape of interfaces.md, under the party's key
    document_hash = models.CharField(max_length=64, blank=True)  # keyed hash; emptied when the year is over
    # who it is, for limits of nights across stays: the document, else name and birth date; emptied as the one above
    person_hash = models.CharField(max_length=64, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    citizenship = models.CharField(max_length=9, blank=True)
    residence_state = models.CharField(max_length=9, blank=True)
    residence_comune = models.CharField(max_length=9, blank=True)
    residence_place = models.CharField(max_length=60, blank=True)

    class Meta(Owned.Meta):
        ordering = ["position"]
        indexes = [
            models.Index(fields=["account", "document_hash"], name="guest_by_document"),
            models.Index(fields=["account", "person_hash"], name="guest_by_person"),
        ]


class RememberedGuest(Owned):
    """Someone who agreed to be remembered, so that the next check-in is shorter. Deleted when they change their mind."""

    SEALED = {"sealed": "remembered guest"}

    document_hash = models.CharField(max_length=64)
    sealed = models.BinaryField()  # guest in the shape of interfaces.md, under the account's key
    consent_at = models.DateTimeField()
    consent_how = models.CharField(max_length=60)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "document_hash"], name="remembered_once")]
