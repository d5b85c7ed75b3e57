"""What changes in an account after it was opened: a property, a person who no longer works there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import (
    Account,
    Event,
    FeedAddress,
    Invitation,
    Membership,
    Person,
    PreparedRequest,
    Property,
    Segment,
)  # fmt: skip

__all__ = [
    "LastOwner", "change_property", "change_role", "close_property", "enter", "known_only_here", "limit_person", "name_is_known",
    "remove_person", "reopen_property", "set_password",
]  # fmt: skip


def change_property(property: Property, values: Mapping[str, Any], *, now: datetime, by: Person) -> None:
    """Change fields of a property; the event says which."""
    changed = sorted(name for name, value in values.items() if getattr(property, name) != value)
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(property, name, values[name])
        property.save(update_fields=changed)
        chain.append(
            property.account, "property.changed", at=now, actor=str(by.pk), subject=f"property:{property.pk}",
            data={"fields": changed},
        )  # fmt: skip


def close_property(property: Property, *, now: datetime, by: Person) -> int:
    """It takes guests no longer: nobody can be checked in. Its history, and receipts still to come, stay.

    The number of schedine that are still open, follow-ups to come among them; with any of these nothing is closed.
    """
    with transaction.atomic():
        row = Property.objects.of(property.account_id).select_for_update(no_key=True).get(pk=property.pk)
        still_open = Segment.objects.of(property.account_id).filter(property=row, settled_at=None, cancelled_at=None).count()
        if still_open or row.closed_at is not None:
            return still_open
        Property.objects.of(property.account_id).filter(pk=row.pk).update(closed_at=now)
        chain.append(property.account, "property.closed", at=now, actor=str(by.pk), subject=f"property:{property.pk}")
    property.closed_at = now
    return 0


def reopen_property(property: Property, *, now: datetime, by: Person) -> None:
    """It takes guests again."""
    with transaction.atomic():
        if Property.objects.of(property.account_id).filter(pk=property.pk).exclude(closed_at=None).update(closed_at=None):
            chain.append(property.account, "property.reopened", at=now, actor=str(by.pk), subject=f"property:{property.pk}")
    property.closed_at = None


def limit_person(member: Membership, properties: Collection[Property]) -> None:
    """Keep a person to some properties; none means all of them."""
    if any(one.account_id != member.account_id for one in properties):
        raise ValueError("a property of another account")
    member.properties.set(properties)


class LastOwner(RuntimeError):
    """Somebody must stay who can let people in."""


def change_role(member: Membership, role: str, *, now: datetime, by: Person) -> None:
    """They may do something else from now on. LastOwner when nobody would own the account."""
    with transaction.atomic():
        _keep_an_owner(member, role)
        if member.role == role:
            return
        member.role = role
        member.save(update_fields=["role"])
        who = f"person:{member.person_id}"
        chain.append(member.account, "person.role", at=now, actor=str(by.pk), subject=who, data={"role": role})


def remove_person(member: Membership, *, now: datetime, by: Person) -> int:
    """They no longer work here; LastOwner when nobody else owns the account.

    The calendar addresses that they made stop answering, for they know them: how many. What they prepared for an office goes.
    """
    account: Account = member.account
    with transaction.atomic():
        _keep_an_owner(member, "")
        mine = FeedAddress.objects.of(account).filter(created_by=member.person_id, revoked_at=None)
        revoked = mine.update(revoked_at=now)
        PreparedRequest.objects.of(account).filter(made_by=member.person_id).delete()
        who, data = f"person:{member.person_id}", {"feeds": revoked}
        chain.append(account, "person.removed", at=now, actor=str(by.pk), subject=who, data=data)
        member.delete()
    return revoked


def _keep_an_owner(member: Membership, role: str) -> None:
    """The owners are locked, so that two of them cannot put each other out at once."""
    owners = Membership.objects.of(member.account_id).select_for_update(no_key=True).filter(role=Membership.Role.OWNER)
    if [row.pk for row in owners] == [member.pk] and role != Membership.Role.OWNER:
        raise LastOwner


def known_only_here(member: Membership) -> bool:
    """Whether the person works for no other account, nor is asked to: only then this account's owner gives them a password."""
    works = Membership.everywhere.filter(person=member.person_id).exclude(account=member.account_id)
    asked = Invitation.everywhere.filter(person=member.person_id).exclude(account=member.account_id)
    return not works.exists() and not asked.exists()


def name_is_known(member: Membership) -> bool:
    """Whether this account may see the person's name: it let them in first, or they have come in by themselves.

    Whoever types an address learns nothing of the person behind it.
    """
    if not Membership.everywhere.filter(person=member.person_id, pk__lt=member.pk).exists():  # ids begin with the time
        return True
    return known_only_here(member) or _has_been_here(member)


def _has_been_here(member: Membership) -> bool:
    return Event.objects.of(member.account_id).filter(actor=str(member.person_id)).exists()


def enter(member: Membership, *, now: datetime) -> None:
    """A person who works for several accounts chose this one; the first time is an event of the account."""
    if not _has_been_here(member):
        who = str(member.person_id)
        with transaction.atomic():
            chain.append(member.account, "person.entered", at=now, actor=who, subject=f"person:{who}")


def set_password(member: Membership, password: str, *, now: datetime, by: Person) -> None:
    """A new password to pass on by hand; only for someone known only here."""
    if not known_only_here(member):
        raise PermissionError("this person works for other accounts too")
    with transaction.atomic():
        member.person.set_password(password)
        member.person.save(update_fields=["password"])
        chain.append(member.account, "person.password", at=now, actor=str(by.pk), subject=f"person:{member.person_id}")
