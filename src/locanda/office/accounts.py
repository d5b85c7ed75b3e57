"""Opening an account: its owner, its people, its properties, its police credentials."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import (
    Account,
    Apartment,
    Delivery,
    Installation,
    Membership,
    Person,
    PoliceCredential,
    Property,
    Unit,
)  # fmt: skip
from locanda.archive.vault import Vault, new_account_keys
from locanda.delivery.courier import AlloggiatiCourier, Couriers
from locanda.delivery.machine import State
from locanda.delivery.record import clear_alarm, store_exchanges
from locanda.office import tables
from locanda.portals.alloggiati.errors import NotUnderstood, PortalError

__all__ = [
    "Connection",
    "NotTheFirst",
    "add_person",
    "add_property",
    "add_unit",
    "install",
    "is_new",
    "open_account",
    "opened_just_now",
    "replace_password",
    "save_credential",
    "test_connection",
]


class NotTheFirst(RuntimeError):
    """Somebody has opened an account here meanwhile."""


class Connection(NamedTuple):
    """What came of trying the police credentials with harmless calls."""

    ok: bool
    error: PortalError | None
    loaded: tuple[tables.Loaded, ...]
    apartments: int


def install(*, now: datetime, demo: bool = False) -> Installation:
    """Mark the database once and for all as a demo or not."""
    found = Installation.current()
    return found or Installation.objects.create(id=1, demo=demo, created_at=now)


def is_new() -> bool:
    """Whether nobody has an account yet: the first-run page is open until then."""
    return not Membership.everywhere.filter(role=Membership.Role.OWNER).exists()


def open_account(
    name: str, *, email: str, password: str, full_name: str, now: datetime, language: str = "it", first: bool = False
) -> Membership:
    """A new account with its owner. ``first``: only while there is none; NotTheFirst otherwise."""
    with transaction.atomic():
        install(now=now)
        if first:
            Installation.objects.select_for_update(no_key=True).get(id=1)
            if not is_new():
                raise NotTheFirst
        wrapped, hashing = new_account_keys()
        account = Account.objects.create(name=name, created_at=now, wrapped_key=wrapped, sealed_hash_key=hashing)
        person = Person.objects.filter(email=email.lower()).first()  # someone known keeps their own password
        if person is None:
            person = Person.objects.create_user(email, password, first_name=full_name, language=language)
        member = Membership(account=account, person=person, role=Membership.Role.OWNER)
        member.save()
        chain.append(account, "account.opened", at=now, actor=str(person.pk))
    return member


def opened_just_now(email: str, password: str, *, now: datetime) -> Membership | None:
    """The owner of the only account there is, while it is no older than two minutes: the form that opened it was sent twice."""
    rows = Membership.everywhere.filter(role=Membership.Role.OWNER).select_related("person", "account")
    found = rows.filter(person__email=email.lower(), account__created_at__gte=now - timedelta(minutes=2)).first()
    alone = found is not None and Person.objects.count() == 1 and found.person.check_password(password)
    return found if alone else None


def add_person(
    account: Account, *, email: str, full_name: str, role: str, now: datetime, by: Person | None, password: str | None = None
) -> Membership:
    """Let a person work in the account. Someone known by that address keeps their own password."""
    with transaction.atomic():
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            person = Person.objects.create_user(email, password, first_name=full_name)
        member, _ = Membership.everywhere.update_or_create(account=account, person=person, defaults={"role": role})
        chain.append(
            account,
            "person.added",
            at=now,
            actor=chain.actor_of(by, nobody="cli"),
            subject=f"person:{person.pk}",
            data={"role": role},
        )
    return member


def replace_password(person: Person, password: str, *, now: datetime) -> None:
    """For somebody who lost theirs, by whoever keeps the machine; each account they work for has it in its history."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        for member in Membership.everywhere.filter(person=person).select_related("account"):
            chain.append(member.account, "person.password", at=now, actor="cli", subject=f"person:{person.pk}")


def add_property(account: Account, values: Mapping[str, Any], *, now: datetime, by: Person | None) -> Property:
    """A new property; ``values`` are its fields."""
    with transaction.atomic():
        property = Property(account=account, created_at=now, **values)
        property.save()
        chain.append(
            account, "property.added", at=now, actor=chain.actor_of(by, nobody="cli"), subject=f"property:{property.pk}",
            data={"name": property.name, "comune": property.comune, "type": property.type},
        )  # fmt: skip
    return property


def add_unit(property: Property, name: str, *, apartment: int | None = None) -> Unit:
    """A room, flat or pitch."""
    unit = Unit(account=property.account, property=property, name=name, apartment=apartment)
    unit.save()
    return unit


def save_credential(
    account: Account, *, label: str, category: str, status: str, keys: Mapping[str, str] | None, now: datetime,
    by: Person | None, credential: PoliceCredential | None = None, endpoint: str = "", province: str = "",
) -> PoliceCredential:  # fmt: skip
    """Keep police credentials, sealed. ``keys`` None leaves those that are there."""
    with transaction.atomic():
        row = credential or PoliceCredential(account=account, created_at=now)
        row.label, row.category, row.status, row.endpoint, row.province = label, category, status, endpoint, province
        if keys is not None:
            row.sealed_keys = Vault(account).seal({name: keys[name] for name in ("user", "password", "wskey")}, "police keys")
            row.stopped_why, row.tested_at, row.tested_ok = "", None, None
        row.save()
        chain.append(
            account, "credential.saved", at=now, actor=chain.actor_of(by, nobody="cli"), subject=f"credential:{row.pk}",
            data={"category": category, "status": status, "keys": keys is not None},
        )  # fmt: skip
    if keys is not None:
        clear_alarm(account, "credentials_refused", f"credential:{row.pk}", at=now)
        clear_alarm(account, "no_keys", f"credential:{row.pk}", at=now)
    return row


def test_connection(credential: PoliceCredential, couriers: Couriers, *, now: datetime) -> Connection:
    """Try the credentials with calls that change nothing, and load the portal's tables and apartments."""
    courier = couriers.fresh(credential)  # the engine may be sending with its own just now
    assert isinstance(courier, AlloggiatiCourier)
    loaded: tuple[tables.Loaded, ...] = ()
    error, count = None, 0
    try:
        courier.client.generate_token()
        courier.client.authentication_test()
        loaded = tuple(tables.load_portal(courier, at=now))
        if credential.category == PoliceCredential.Category.APARTMENTS:
            count = load_apartments(credential, courier.client.table("ListaAppartamenti"), now=now)
    except PortalError as problem:
        error = problem
    except ValueError:  # a table that is none, or a flat without a number
        error = NotUnderstood("a table of the portal cannot be read")
    finally:
        courier.client.close()
    credential.tested_at, credential.tested_ok = now, error is None
    credential.test_answer = "" if error is None else str(error)[:300]
    if error is None:
        credential.stopped_why = ""
    with transaction.atomic():
        store_exchanges(credential, courier.take_exchanges())
        credential.save(update_fields=["tested_at", "tested_ok", "test_answer", "stopped_why"])
        chain.append(
            credential.account, "credential.tested", at=now, actor=chain.ENGINE, subject=f"credential:{credential.pk}",
            data={"ok": error is None, "error": type(error).__name__ if error else ""},
        )  # fmt: skip
    if error is None:
        clear_alarm(credential.account, "credentials_refused", f"credential:{credential.pk}", at=now)
        # what waited for the credentials to be mended goes on by itself
        stopped = Delivery.objects.of(credential.account_id).filter(credential=credential, state=State.POSTPONED)
        stopped.filter(next_attempt_at=None).update(next_attempt_at=now)
    return Connection(error is None, error, loaded, count)


def load_apartments(credential: PoliceCredential, text: str, *, now: datetime) -> int:
    """The flats of an account as the portal lists them; those it no longer lists become inactive."""
    lines = [line.split(";") for line in text.splitlines()[1:] if line.strip()]
    seen = []
    for line in lines:
        number, description, comune, province, address, owner = (*line, "", "", "", "", "")[:6]
        seen.append(int(number))
        Apartment.everywhere.update_or_create(
            account=credential.account,
            credential=credential,
            number=int(number),
            defaults={
                "description": description, "comune": comune, "province": province, "address": address, "owner": owner,
                "seen_at": now, "active": True,
            },
        )  # fmt: skip
    Apartment.objects.of(credential.account_id).filter(credential=credential).exclude(number__in=seen).update(active=False)
    return len(seen)
