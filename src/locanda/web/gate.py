"""Who may open which page, and which rows they see.

Every view stands behind :func:`door`. It finds the person's membership, lets in those whose role suffices, and puts a
:class:`Seat` on the request; a view fetches every object through that seat, so that nothing of another account, and nothing of
a property the person does not work for, is ever found (404).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from locanda.archive.models import (
    Account,
    Alarm,
    Delivery,
    FlowCredential,
    FlowSending,
    Membership,
    Person,
    PoliceCredential,
    Property,
    Receipt,
    Segment,
    SendingDay,
    Stay,
)  # fmt: skip
from locanda.office.invitations import waiting_for

__all__ = ["FRONT_DESK", "MANAGER", "OWNER", "READER", "Seat", "account_of", "door", "other_accounts", "seat_of"]

READER, FRONT_DESK, MANAGER, OWNER = (
    Membership.Role.READER, Membership.Role.FRONT_DESK, Membership.Role.MANAGER, Membership.Role.OWNER,
)  # fmt: skip
_RANK = {role: rank for rank, role in enumerate((READER, FRONT_DESK, MANAGER, OWNER))}

Row = TypeVar("Row")
View = Callable[..., HttpResponse]


class Seat(NamedTuple):
    """A person at work in an account. ``only`` names the properties they are kept to; None: all of them."""

    account: Account
    person: Person
    role: str
    only: frozenset[UUID] | None

    def may(self, role: str) -> bool:
        """Whether this person may do what that role may."""
        return _RANK[Membership.Role(self.role)] >= _RANK[Membership.Role(role)]

    @property
    def may_send(self) -> bool:
        return self.may(FRONT_DESK)

    @property
    def may_manage(self) -> bool:
        return self.may(MANAGER)

    @property
    def may_own(self) -> bool:
        return self.may(OWNER)

    @property
    def sees_all(self) -> bool:
        """Whether this person works for every property; only then may they add another, which nobody had given them."""
        return self.only is None

    def properties(self) -> QuerySet[Property]:
        """The properties this person works for, with their credentials."""
        mine = Property.objects.of(self.account).select_related("credential", "account")
        return mine if self.only is None else mine.filter(pk__in=self.only)

    def stays(self) -> QuerySet[Stay]:
        mine = Stay.objects.of(self.account).select_related("property__credential", "unit", "account")
        return mine if self.only is None else mine.filter(property__in=self.only)

    def segments(self) -> QuerySet[Segment]:
        mine = Segment.objects.of(self.account)
        return mine if self.only is None else mine.filter(property__in=self.only)

    def deliveries(self) -> QuerySet[Delivery]:
        mine = Delivery.objects.of(self.account).select_related("account", "party__account", "segment", "credential")
        mine = mine.select_related("property__credential", "property__account")
        return mine if self.only is None else mine.filter(property__in=self.only)

    def credentials(self) -> QuerySet[PoliceCredential]:
        mine = PoliceCredential.objects.of(self.account).select_related("account")
        return mine if self.only is None else mine.filter(properties__in=self.only).distinct()

    def sending_days(self) -> QuerySet[SendingDay]:
        mine = SendingDay.objects.of(self.account).select_related("credential", "account")
        return mine if self.only is None else mine.filter(credential__properties__in=self.only).distinct()

    def receipts(self) -> QuerySet[Receipt]:
        mine = Receipt.objects.of(self.account)
        return mine if self.only is None else mine.filter(credential__properties__in=self.only).distinct()

    def flow_credentials(self) -> QuerySet[FlowCredential]:
        mine = FlowCredential.objects.of(self.account).select_related("account")
        return mine if self.only is None else mine.filter(properties__in=self.only).distinct()

    def flow_sendings(self) -> QuerySet[FlowSending]:
        mine = FlowSending.objects.of(self.account).select_related("account", "property__flow_credential", "confirmed_by")
        return mine if self.only is None else mine.filter(property__in=self.only)

    def sees(self, alarm: Alarm) -> bool:
        """Whether an alarm is about something this person works for."""
        if self.only is None:
            return True
        kind, key = (*alarm.subject.split(":"), "")[:2]
        rows = {
            "segment": self.segments, "delivery": self.deliveries, "credential": self.credentials,
            "sending_day": self.sending_days, "flow_sending": self.flow_sendings, "flow_credential": self.flow_credentials,
            "flows": self.properties,
        }.get(kind)  # fmt: skip
        return rows is not None and rows().filter(pk=key).exists()

    def one(self, rows: QuerySet[Any], key: Any) -> Any:
        """One row, or a page that says there is none."""
        found = rows.filter(pk=key).first()
        if found is None:
            raise Http404
        return found


def _membership(request: HttpRequest) -> Membership | None:
    """The membership of the account in the session, else the first one."""
    mine = Membership.everywhere.filter(person=request.user).select_related("account").order_by("account__created_at")
    chosen = request.session.get("account")
    found = None
    if chosen:
        found = mine.filter(account=chosen).first()
    return found or mine.first()


def seat_of(request: HttpRequest) -> Seat | None:
    """Where the logged-in person sits; None for someone without any account."""
    member = _membership(request)
    return None if member is None else _seat(member, request.user)


def _seat(member: Membership, person: Person) -> Seat:
    only = None
    if member.role != OWNER:
        only = frozenset(member.properties.values_list("pk", flat=True)) or None
    return Seat(member.account, person, member.role, only)


def account_of(property: UUID, person: Person) -> Account | None:
    """The account in which this person works for that property, be it another than the one they work in now."""
    for member in Membership.everywhere.filter(person=person).select_related("account"):
        if _seat(member, person).properties().filter(pk=property).exists():
            return member.account
    return None


def door(see: str = READER, do: str = FRONT_DESK) -> Callable[[View], View]:
    """A view for people of at least the role ``see``; POST needs at least ``do``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                there = {"next": request.get_full_path()} if request.method == "GET" else {}
                login = redirect("account_login")
                if there:
                    login["Location"] += "?" + urlencode(there)
                return login
            seat = seat_of(request)
            if seat is None:
                if waiting_for(request.user):  # they belong nowhere yet, and somebody asks for them
                    return redirect("invitations")
                raise PermissionDenied
            if not seat.may(see if request.method in ("GET", "HEAD") else do):
                raise PermissionDenied
            request.seat = seat
            return view(request, *args, **kwargs)

        return guarded

    return guard


def other_accounts(person: Person) -> list[Account]:
    """Every account the person works for, oldest first."""
    return [
        member.account
        for member in Membership.everywhere.filter(person=person).select_related("account").order_by("account__created_at")
    ]
