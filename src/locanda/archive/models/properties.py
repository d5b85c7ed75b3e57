"""What is let, and the credentials by which the police know it."""

from __future__ import annotations

from django.db import models

from locanda.archive.models.owned import Owned

__all__ = ["Apartment", "FlowCredential", "Operator", "PoliceCredential", "Property", "Unit"]


class PoliceCredential(Owned):
    """An account of Alloggiati Web: user name, password and WSKEY, sealed. It may serve many properties."""

    SEALED = {"sealed_keys": "police keys"}

    class Category(models.TextChoices):
        HOTEL = "hotel"  # one structure, 168-character records
        APARTMENTS = "apartments"  # "Gestione Appartamenti", many flats of one province

    class Status(models.TextChoices):
        ACTIVE = "active"
        PENDING = "pending"  # asked for at the Questura, not yet received
        NONE = "none"

    label = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category.choices, default=Category.HOTEL)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.NONE)
    province = models.CharField(max_length=2, blank=True)
    sealed_keys = models.BinaryField(null=True)  # {"user", "password", "wskey"}
    endpoint = models.CharField(max_length=200, blank=True)  # empty: the portal's own; a simulator in a demo
    created_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    tested_ok = models.BooleanField(null=True)
    test_answer = models.CharField(max_length=300, blank=True)
    stopped_why = models.CharField(max_length=40, blank=True)  # set when the portal refuses the keys: no more calls
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class FlowCredential(Owned):
    """A user of a statistics service: name and transmission password, sealed. It may serve many properties."""

    SEALED = {"sealed_keys": "flow keys"}

    label = models.CharField(max_length=120)
    portal = models.CharField(max_length=24)  # id of the statistics portal in the packs
    sealed_keys = models.BinaryField(null=True)  # {"user", "password"}
    endpoint = models.CharField(max_length=200, blank=True)  # empty: the service of the pack; a simulator in a demo
    created_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    tested_ok = models.BooleanField(null=True)
    test_answer = models.CharField(max_length=300, blank=True)
    stopped_why = models.CharField(max_length=40, blank=True)  # set when the portal refuses the keys: no more calls
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Operator(Owned):
    """The gestore of some properties: who answers to the comune, pays and signs. Name and codes stand sealed."""

    SEALED = {"sealed": "operator"}

    label = models.CharField(max_length=120)  # how the account calls it
    sealed = models.BinaryField()  # {"name", "tax_code", "vat_number", "address", "representative", "email", "pec", "phone"}
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Property(Owned):
    """A structure: a hotel, a B&B, a flat."""

    name = models.CharField(max_length=120)
    type = models.CharField(max_length=24)
    business = models.BooleanField(default=False)
    comune = models.CharField(max_length=9)  # police code of the comune
    address = models.CharField(max_length=200, blank=True)
    stars = models.PositiveSmallIntegerField(null=True)
    rooms = models.PositiveIntegerField(null=True)
    beds = models.PositiveIntegerField(null=True)
    since = models.DateField(null=True)  # open to guests since
    floors_m2 = models.JSONField(default=list, blank=True)  # area of each floor, as text with a point
    category = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=40, blank=True)
    cadastral_category = models.CharField(max_length=8, blank=True)  # of the flat: A/2...
    suns = models.PositiveSmallIntegerField(null=True)
    superior = models.BooleanField(default=False)
    declared_rooms = models.PositiveIntegerField(null=True)
    let_as = models.CharField(max_length=8, blank=True)  # rooms or whole
    listed_refuge = models.BooleanField(default=False)
    lets_over_30_days = models.BooleanField(default=False)
    cin = models.CharField(max_length=40, blank=True)
    regional_code = models.CharField(max_length=40, blank=True)
    gas = models.CharField(max_length=8, blank=True, default="")  # gas, or a source of carbon monoxide: yes, no; empty: not said
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="properties")
    credential = models.ForeignKey(PoliceCredential, on_delete=models.PROTECT, null=True, related_name="properties")
    apartment = models.PositiveIntegerField(null=True)  # id of the flat at the portal; 0 is an id
    send_on_check_in = models.BooleanField(default=False)
    portal_ids = models.JSONField(default=dict, blank=True)  # how statistics portals call it: {"ross1000": "X00001"}
    flow_format = models.CharField(max_length=24, blank=True)  # the operator's choice; empty: the format of the pack
    flow_credential = models.ForeignKey(FlowCredential, on_delete=models.SET_NULL, null=True, related_name="properties")
    flow_auto = models.BooleanField(default=False)  # send each day by itself, where the portal has a service
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Unit(Owned):
    """A room, flat or pitch of a property."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=60)
    apartment = models.PositiveIntegerField(null=True)  # when each flat of the property is one at the portal

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["property", "name"], name="one_unit_a_name")]

    def __str__(self) -> str:
        return self.name


class Apartment(Owned):
    """A flat as the portal lists it (table ListaAppartamenti)."""

    credential = models.ForeignKey(PoliceCredential, on_delete=models.CASCADE, related_name="apartments")
    number = models.PositiveIntegerField()
    description = models.CharField(max_length=200)
    comune = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=4, blank=True)
    address = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta(Owned.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["credential", "number"], name="one_apartment_a_number")]
