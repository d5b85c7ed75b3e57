"""The tables. Every row belongs to an account, but for those named in :data:`SHARED`."""

from locanda.archive.models.accounts import Account, Installation, Invitation, Membership, Person
from locanda.archive.models.deliveries import Delivery, DeliveryRow, Exchange, Segment
from locanda.archive.models.duties import (
    Breach,
    DutyEvent,
    DutyMark,
    DutyProof,
    FeedAddress,
    PreparedRequest,
    ReminderSent,
    RuleOverride,
)
from locanda.archive.models.events import Event
from locanda.archive.models.owned import CrossesAccounts, Owned
from locanda.archive.models.prices import YearPrices
from locanda.archive.models.properties import Apartment, FlowCredential, Operator, PoliceCredential, Property, Unit
from locanda.archive.models.receipts import Alarm, Receipt, SendingDay
from locanda.archive.models.statistics import CountedDay, DayState, FlowExchange, FlowSending, PortalDay
from locanda.archive.models.stays import Guest, Party, RememberedGuest, Stay
from locanda.archive.models.tables import TableVersion
from locanda.archive.models.tourist_tax import (
    GuestNight,
    LocalTaxRule,
    TaxDeclaration,
    TaxedStay,
    TaxPaper,
    TaxPayment,
    TaxPaymentShare,
    TaxReceipt,
    TaxReceiptBook,
    TaxRefusal,
)

__all__ = [
    "SHARED",
    "Account",
    "Alarm",
    "Apartment",
    "Breach",
    "CountedDay",
    "CrossesAccounts",
    "DayState",
    "Delivery",
    "DeliveryRow",
    "DutyEvent",
    "DutyMark",
    "DutyProof",
    "Event",
    "Exchange",
    "FeedAddress",
    "FlowCredential",
    "FlowExchange",
    "FlowSending",
    "Guest",
    "GuestNight",
    "Installation",
    "Invitation",
    "LocalTaxRule",
    "Membership",
    "Operator",
    "Owned",
    "Party",
    "Person",
    "PoliceCredential",
    "PortalDay",
    "PreparedRequest",
    "Property",
    "Receipt",
    "RememberedGuest",
    "ReminderSent",
    "RuleOverride",
    "Segment",
    "SendingDay",
    "Stay",
    "TableVersion",
    "TaxDeclaration",
    "TaxPaper",
    "TaxPayment",
    "TaxPaymentShare",
    "TaxReceipt",
    "TaxReceiptBook",
    "TaxRefusal",
    "TaxedStay",
    "Unit",
    "YearPrices",
]

SHARED = frozenset({Installation, Account, Person, TableVersion})
"""What is nobody's in particular: the installation, the accounts themselves, the people who log in (a person may work for
several accounts), and the portal's public tables."""
