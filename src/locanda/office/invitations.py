"""Letting people in. Who works for somebody else already is asked first: nobody is made a member of an account unawares.

Someone new gets a password and comes in at once. Someone whose address works for another account gets an invitation, which they
see when they log in; until they accept it they may do and see nothing here, and this account learns nothing of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, Invitation, Membership, Person, Property
from locanda.office.accounts import add_person
from locanda.office.upkeep import change_role, limit_person

__all__ = ["LetIn", "accept", "decline", "let_in", "waiting", "waiting_for", "withdraw"]


class LetIn(NamedTuple):
    """What came of it: a member, whose ``password`` is new when they were nobody's; or an invitation that waits for a yes."""

    member: Membership | None
    invitation: Invitation | None
    fresh: bool


def let_in(
    account: Account, *, email: str, full_name: str, role: str, properties: Collection[Property], now: datetime, by: Person,
    password: str,
) -> LetIn:  # fmt: skip
    """Let somebody in, or give who is in already another role. LastOwner when nobody would be left to let people in.

    ``password`` is for someone whom nobody knows yet; ``properties`` keep them to some, none means all.
    """
    if any(one.account_id != account.pk for one in properties):
        raise ValueError("a property of another account")
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)  # two windows, one person
        person = Person.objects.filter(email=email.lower()).first()
        member = Membership.objects.of(account).filter(person=person).first() if person else None
        if member is not None:
            change_role(member, role, now=now, by=by)
            limit_person(member, properties)
            return LetIn(member, None, False)  # noqa: FBT003
        if person is not None and _is_known_elsewhere(account, person):
            return LetIn(None, _invite(account, person, role, properties, now, by), False)  # noqa: FBT003
        fresh = person is None
        member = add_person(account, email=email, full_name=full_name, role=role, now=now, by=by, password=password)
        limit_person(member, properties)
        if person is not None:  # they worked for somebody once, and for nobody now: their old password may be anybody's
            person.set_password(password)
            person.save(update_fields=["password"])
        return LetIn(member, None, fresh or person is not None)


def _is_known_elsewhere(account: Account, person: Person) -> bool:
    works = Membership.everywhere.filter(person=person).exclude(account=account)
    asked = Invitation.everywhere.filter(person=person).exclude(account=account)
    return works.exists() or asked.exists()


def _invite(
    account: Account, person: Person, role: str, properties: Collection[Property], now: datetime, by: Person
) -> Invitation:
    row, _ = Invitation.everywhere.update_or_create(
        account=account, person=person, defaults={"role": role, "invited_by": by, "invited_at": now}
    )
    row.properties.set(properties)
    _tell(row, "person.invited", now, by, role=role)
    return row


def waiting(account: Account) -> list[Invitation]:
    """Those that an account sent and nobody answered."""
    return list(Invitation.objects.of(account).select_related("person", "account").prefetch_related("properties"))


def waiting_for(person: Person) -> list[Invitation]:
    """Those that a person may answer, whoever sent them."""
    rows = Invitation.everywhere.filter(person=person).select_related("account", "invited_by", "person")
    return list(rows.prefetch_related("properties"))


def accept(invitation: Invitation, *, now: datetime) -> Membership | None:
    """They come in, by their own will. None when it was withdrawn or answered meanwhile."""
    with transaction.atomic():
        row = _locked(invitation)
        if row is None:
            return None
        member, fresh = Membership.everywhere.get_or_create(account=row.account, person=row.person, defaults={"role": row.role})
        if fresh:
            limit_person(member, row.properties.all())
        _tell(row, "person.accepted", now, row.person, role=member.role)
        row.delete()
        return member


def decline(invitation: Invitation, *, now: datetime) -> bool:
    """No, thank you."""
    with transaction.atomic():
        row = _locked(invitation)
        if row is not None:
            _tell(row, "person.declined", now, row.person)
            row.delete()
        return row is not None


def withdraw(invitation: Invitation, *, now: datetime, by: Person) -> bool:
    """The account thinks better of it."""
    with transaction.atomic():
        row = _locked(invitation)
        if row is not None:
            _tell(row, "person.uninvited", now, by)
            row.delete()
        return row is not None


def _locked(invitation: Invitation) -> Invitation | None:
    rows = Invitation.objects.of(invitation.account_id).select_for_update(of=("self",), no_key=True)
    found: Invitation | None = rows.filter(pk=invitation.pk).select_related("account", "person").first()
    return found


def _tell(row: Invitation, kind: str, now: datetime, by: Person, **data: str) -> None:
    chain.append(row.account, kind, at=now, actor=str(by.pk), subject=f"person:{row.person_id}", data=data)
