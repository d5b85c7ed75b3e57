"""What changes in an account after it was opened: a property, a person who no longer works there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Account, Membership, Person, Property

__all__ = ["change_property", "known_only_here", "limit_person", "remove_person", "set_password"]


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


def limit_person(member: Membership, properties: Collection[Property]) -> None:
    """Keep a person to some properties; none means all of them."""
    if any(one.account_id != member.account_id for one in properties):
        raise ValueError("a property of another account")
    member.properties.set(properties)


def remove_person(member: Membership, *, now: datetime, by: Person) -> bool:
    """They no longer work here. False for the last owner: somebody must be able to let people in."""
    account: Account = member.account
    with transaction.atomic():
        owners = Membership.objects.of(account).select_for_update().filter(role=Membership.Role.OWNER)
        if member.role == Membership.Role.OWNER and len(owners) < 2:
            return False
        chain.append(account, "person.removed", at=now, actor=str(by.pk), subject=f"person:{member.person_id}")
        member.delete()
    return True


def known_only_here(member: Membership) -> bool:
    """Whether the person works for no other account: only then may this account's owner give them a new password."""
    return not Membership.everywhere.filter(person=member.person_id).exclude(account=member.account_id).exists()


def set_password(member: Membership, password: str, *, now: datetime, by: Person) -> None:
    """A new password to pass on by hand; only for someone known only here."""
    if not known_only_here(member):
        raise PermissionError("this person works for other accounts too")
    with transaction.atomic():
        member.person.set_password(password)
        member.person.save(update_fields=["password"])
        chain.append(member.account, "person.password", at=now, actor=str(by.pk), subject=f"person:{member.person_id}")
