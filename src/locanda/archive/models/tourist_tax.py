"""The ledger of the tourist tax (spec imposta-di-soggiorno 9): nights, receipts, refusals, payments, returns.

What names a person stands sealed under the key of the account until ``keep_until``: 31 December of the fifth year after the
one in which the return or the payment was due (L. 296/2006 art. 1 c. 161). Amounts are whole cents.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import Operator, Property
from locanda.archive.models.stays import Guest, Party, Stay

__all__ = [
    "GuestNight",
    "LocalTaxRule",
    "TaxDeclaration",
    "TaxPaper",
    "TaxPayment",
    "TaxPaymentShare",
    "TaxReceipt",
    "TaxReceiptBook",
    "TaxRefusal",
    "TaxedStay",
]  # fmt: skip


def _someone() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class TaxedStay(Owned):
    """What the tax of a stay is: provisional until the guests have left, then final."""

    class State(models.TextChoices):
        PROVISIONAL = "provisional"
        FINAL = "final"
        STUCK = "stuck"  # a fact or a rule is missing: ``problems`` says which; no amount is shown

    stay = models.OneToOneField(Stay, on_delete=models.CASCADE, related_name="taxed")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROVISIONAL)
    first_night = models.DateField()
    departure = models.DateField()
    total = models.IntegerField(default=0)  # due from the guests to the operator
    collected = models.IntegerField(default=0)  # what a portal collects itself
    versions = models.JSONField(default=list)
    status = models.CharField(max_length=12, blank=True)  # how certain the rule is: law, official, press, disputed, unverified
    problems = models.JSONField(default=list)  # [code, where, facts]
    notes = models.JSONField(default=list)
    inputs = models.CharField(max_length=64)  # SHA-256 of the facts and rules it was reckoned from
    reckoned_at = models.DateTimeField()

    class Meta(Owned.Meta):
        ordering = ["first_night"]
        indexes = [
            models.Index(fields=["account", "state", "departure"], name="taxed_by_departure"),
            models.Index(fields=["account", "property", "departure"], name="taxed_by_property"),
        ]


class GuestNight(Owned):
    """One guest, one night: what is due and why. A final night is never changed: a later reckoning supersedes it."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="guest_nights")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="+")
    night = models.DateField()
    status = models.CharField(max_length=60)  # law.tourist_tax.NightTax.status
    base = models.IntegerField(null=True)
    reduction = models.CharField(max_length=60, blank=True)
    amount = models.IntegerField()
    collected = models.IntegerField(default=0)
    version = models.CharField(max_length=60)
    row = models.PositiveSmallIntegerField(null=True)  # of the rates
    by = models.PositiveSmallIntegerField(null=True)  # the exemption or the limit that decided
    room = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=40, blank=True)
    final = models.BooleanField(default=False)
    superseded_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["night", "guest"]
        indexes = [
            models.Index(fields=["account", "property", "night"], name="night_by_property"),
            models.Index(fields=["stay", "superseded_at"], name="night_by_stay"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["guest", "night"], condition=models.Q(superseded_at=None), name="one_night_stands"
            )
        ]


class TaxReceiptBook(Owned):
    """The last number of a property's receipts in a year; locked while one is issued, so that numbers have no gaps."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["property", "year"], name="one_book_a_year")]


class TaxReceipt(Owned):
    """A quietanza (Modello 1), or one that corrects another. Never changed once issued; the database refuses it."""

    SEALED = {"sealed": "tax receipt"}

    class Method(models.TextChoices):
        CASH = "cash"
        CARD = "card"
        TRANSFER = "transfer"
        ONLINE = "online"  # on a payment page, or through an intermediary who passes it on
        OTHER = "other"

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="tax_receipts")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")  # null: the whole stay
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    issued_at = models.DateTimeField()
    day = models.DateField()  # of collection, in Italy
    persons = models.PositiveSmallIntegerField()
    nights = models.PositiveIntegerField()  # taxed guest-nights
    total = models.PositiveIntegerField()  # what it is a receipt for
    amount = models.IntegerField()  # money that changed hands with it; negative when a correction gives some back
    method = models.CharField(max_length=10, choices=Method.choices)
    invoice = models.CharField(max_length=60, blank=True)
    sealed = models.BinaryField()  # the data of the form, under the account's key
    pdf_sha256 = models.CharField(max_length=64, blank=True)  # of the PDF as it was handed out
    issued_by = _someone()
    keep_until = models.DateField()

    class Meta(Owned.Meta):
        ordering = ["year", "number"]
        indexes = [models.Index(fields=["account", "property", "day"], name="tax_receipt_by_day")]
        constraints = [models.UniqueConstraint(fields=["property", "year", "number"], name="one_receipt_a_number")]


class TaxRefusal(Owned):
    """A guest did not pay: Modello 4, signed by the guest, or Modello 5 when they do not even sign."""

    SEALED = {"sealed": "tax refusal"}

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="tax_refusals")
    form = models.CharField(max_length=12)
    language = models.CharField(max_length=2, default="it")
    guests = models.JSONField(default=list)  # ids of those who refuse; none: everybody of the stay
    amount = models.PositiveIntegerField()
    persons = models.PositiveSmallIntegerField()
    nights = models.PositiveIntegerField()
    signed_at = models.DateTimeField()
    due_at = models.DateTimeField()  # 48 hours elapsed
    sent_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=12, blank=True)  # pec, fax, desk
    protocol = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)  # the guest paid after all, or recorded by mistake
    withdrawn_why = models.CharField(max_length=200, blank=True)
    sealed = models.BinaryField()
    event = models.ForeignKey("archive.DutyEvent", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = _someone()
    keep_until = models.DateField()

    class Meta(Owned.Meta):
        ordering = ["signed_at"]
        indexes = [models.Index(fields=["account", "property", "signed_at"], name="refusal_by_property")]


class TaxPaper(Owned):
    """A paper that proves an exemption, or a signed refusal: its form, day, and the scan when there is one."""

    SEALED = {"sealed": "tax paper", "sealed_name": "tax paper"}

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="tax_papers")
    refusal = models.ForeignKey(TaxRefusal, on_delete=models.PROTECT, null=True, related_name="papers")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40, blank=True)  # exemption code
    form = models.CharField(max_length=40)
    signed_on = models.DateField()
    media_type = models.CharField(max_length=40, blank=True)
    sealed = models.BinaryField(null=True)
    sealed_name = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField()
    recorded_by = _someone()
    withdrawn_at = models.DateTimeField(null=True)
    keep_until = models.DateField()

    class Meta(Owned.Meta):
        ordering = ["recorded_at"]
        indexes = [models.Index(fields=["account", "stay"], name="tax_paper_by_stay")]


class TaxPayment(Owned):
    """A payment to the comune: prepared here, paid by the operator, matched with its receipt. Nothing here pays."""

    SEALED = {"sealed_receipt": "tax payment receipt"}

    class State(models.TextChoices):
        PREPARED = "prepared"
        PAID = "paid"
        WITHDRAWN = "withdrawn"

    comune = models.CharField(max_length=9)  # ISTAT code
    obligation = models.CharField(max_length=24)
    period = models.CharField(max_length=10)  # 2026-Q1, 2026-06, 2026
    basis = models.CharField(max_length=10)  # collected or night
    due = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    tax = models.PositiveIntegerField()
    sanction = models.PositiveIntegerField(default=0)  # ravvedimento
    interest = models.PositiveIntegerField(default=0)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=20)  # pagopa_spontaneo, pagopa_notice, f24, transfer, other
    reference = models.CharField(max_length=60, blank=True)  # notice number, IUV, CRO/TRN or F24 protocol
    iuv = models.CharField(max_length=35, blank=True)
    creditor = models.CharField(max_length=11, blank=True)  # tax code of the comune, as the operator read it on a notice
    paid_on = models.DateField(null=True)
    verdicts = models.JSONField(default=list)  # what was checked on the receipt, and what came out
    sealed_receipt = models.BinaryField(null=True)
    receipt_media = models.CharField(max_length=40, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    settled = models.JSONField(default=list)  # [property, stay, cents]: what it was paid for, to see later what changed
    note = models.CharField(max_length=300, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = _someone()

    class Meta(Owned.Meta):
        ordering = ["period", "prepared_at"]
        indexes = [models.Index(fields=["account", "comune", "period"], name="payment_by_period")]

    @property
    def total(self) -> int:
        return self.tax + self.sanction + self.interest


class TaxPaymentShare(Owned):
    """The part of a payment that is for one property."""

    payment = models.ForeignKey(TaxPayment, on_delete=models.CASCADE, related_name="shares")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    tax = models.PositiveIntegerField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["payment", "property"], name="one_share_a_property")]


class TaxDeclaration(Owned):
    """A return or an account as it was made: data and PDF sealed, then sent by the operator. A new one replaces an old one."""

    SEALED = {"sealed_data": "tax declaration", "sealed_pdf": "tax declaration"}

    class State(models.TextChoices):
        PREPARED = "prepared"
        SENT = "sent"
        REPLACED = "replaced"

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    comune = models.CharField(max_length=9)
    obligation = models.CharField(max_length=24, blank=True)
    form = models.CharField(max_length=40)  # modello_2, modello_21, yearly_file...
    period = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    sealed_data = models.BinaryField()
    sealed_pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    prepared_at = models.DateTimeField()
    prepared_by = _someone()
    sent_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=12, blank=True)
    protocol = models.CharField(max_length=120, blank=True)
    keep_until = models.DateField()

    class Meta(Owned.Meta):
        ordering = ["-prepared_at"]
        indexes = [models.Index(fields=["account", "property", "period"], name="declaration_by_period")]


class LocalTaxRule(Owned):
    """The operator's own rule: a rate that the council changed, or the whole tax of a comune that no pack knows."""

    class Kind(models.TextChoices):
        RATE = "rate"  # changes of a pack's rule from a day on
        WHOLE = "whole"  # a [tourist_tax] section of its own

    property = models.ForeignKey(Property, on_delete=models.CASCADE, null=True, related_name="+")
    comune = models.CharField(max_length=9)  # ISTAT code
    kind = models.CharField(max_length=8, choices=Kind.choices)
    document = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=300)  # why: the resolution and where it was read
    made_by = _someone()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["made_at"]
        indexes = [models.Index(fields=["account", "comune"], name="tax_rule_by_comune")]
