"""Every row belongs to an account, and no query crosses it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from locanda.archive.audit import audit
from locanda.archive.models import (
    SHARED,
    Account,
    Alarm,
    CrossesAccounts,
    Delivery,
    Event,
    Membership,
    Owned,
    Party,
    Property,
    Receipt,
    Stay,
)  # fmt: skip
from locanda.office import accounts
from tests.conftest import ROOT
from tests.guards import guards_down
from tests.world import NOON, World, guest, world

MODELS = list(apps.get_app_config("archive").get_models())
OWNED = [model for model in MODELS if issubclass(model, Owned)]
LINKS = [(model, field.name) for model in OWNED for field in model.owned_links()]


def name_of(value: object) -> str | None:
    return value.__name__ if isinstance(value, type) else value if isinstance(value, str) else None


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_model_is_shared_on_purpose_or_has_an_account(model: type[models.Model]) -> None:
    if model in SHARED:
        assert not issubclass(model, Owned)
        return
    assert issubclass(model, Owned), f"{model.__name__} belongs to nobody and is not in SHARED"
    account = model._meta.get_field("account")
    assert account.related_model is Account and not account.null
    assert isinstance(model._meta.pk, models.UUIDField)  # an id of another account cannot be guessed


def test_nothing_is_hidden_from_the_walk() -> None:
    assert frozenset(MODELS) >= SHARED and len(OWNED) > 15
    other_apps = {config.label for config in apps.get_app_configs() if config.name.startswith("locanda.")}
    assert all(app == "archive" or not list(apps.get_app_config(app).get_models()) for app in other_apps)


@pytest.mark.parametrize("model", OWNED, ids=name_of)
def test_objects_asks_for_one_account(model: Any) -> None:
    for ask in (
        lambda: model.objects.all(),
        lambda: model.objects.filter(pk=None),
        lambda: model.objects.get(pk=None),
        lambda: model.objects.count(),
        lambda: model.objects.first(),
        lambda: model.objects.create(),
    ):
        with pytest.raises(CrossesAccounts):
            ask()
    assert 'account_id" =' in str(model.objects.of("0" * 32).query)


@pytest.mark.parametrize(("model", "link"), LINKS, ids=name_of)
def test_a_link_to_another_account_is_refused(model: Any, link: str) -> None:
    mine, other = Account(name="Mia"), Account(name="Altra")
    target = model._meta.get_field(link).related_model
    row = model(account=mine, **{link: target(account=other)})
    with pytest.raises(CrossesAccounts, match=link):
        row.check_account()
    with pytest.raises(CrossesAccounts, match=link):
        row.save()
    model(account=mine, **{link: target(account=mine)}).check_account()


# ---------------------------------------------------------------------------------------------------------- the audit


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.check_in(guest())
        made.engine.round()
        made.pass_time(hours=24)
        made.engine.round()
        yield made


def found() -> list[str]:
    return [fault.what for fault in audit()]


@pytest.mark.django_db
def test_a_whole_archive_has_no_fault(here: World) -> None:
    assert Receipt.objects.of(here.account).exists() and found() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "link"), [
    (Stay, "property"), (Party, "stay"), (Delivery, "segment"), (Delivery, "credential"), (Receipt, "sending_day"),
    (Property, "credential"),
], ids=name_of)  # fmt: skip
def test_the_audit_finds_rows_that_cross(here: World, model: Any, link: str) -> None:
    other = accounts.open_account("Altra", email="b@example.org", password="una-password-lunga", full_name="B", now=NOON)
    model._meta.get_field(link).related_model.everywhere.update(account=other.account)
    assert any(f"{model.__name__} " in what and f"{link} is of another account" in what for what in found())


@pytest.mark.django_db
def test_the_audit_finds_a_person_let_into_properties_of_others(here: World) -> None:
    other = accounts.open_account("Altra", email="b@example.org", password="una-password-lunga", full_name="B", now=NOON)
    here.member.properties.add(here.property)
    assert found() == []
    other.properties.add(here.property)
    assert [what for what in found() if "properties are of another account" in what]
    assert Membership.everywhere.count() == 2


@pytest.mark.django_db
def test_the_audit_finds_changed_bytes_of_a_receipt(here: World) -> None:
    receipt = Receipt.objects.of(here.account).get()
    Receipt.everywhere.update(pdf=bytes(receipt.pdf) + b" ")
    assert [what for what in found() if "bytes changed" in what]


@pytest.mark.django_db
def test_the_audit_finds_a_receipt_exchanged_with_its_hash(here: World) -> None:
    """The hash in the table can be changed with the bytes; the one in history cannot."""
    import hashlib

    Receipt.everywhere.update(pdf=b"%PDF-other", sha256=hashlib.sha256(b"%PDF-other").hexdigest())
    assert [what for what in found() if "bytes changed" in what]


@pytest.mark.django_db
def test_the_audit_finds_a_broken_chain(here: World) -> None:
    with guards_down():
        Event.everywhere.filter(number=2).update(kind="x")
    assert [what for what in found() if what.startswith("event 2")]


@pytest.mark.django_db
def test_what_one_account_does_another_does_not_see(here: World) -> None:
    other = accounts.open_account("Altra", email="b@example.org", password="una-password-lunga", full_name="B", now=NOON)
    for model in OWNED:
        assert model.objects.of(other.account).count() <= (model in (Event, Membership)), model
    assert Alarm.objects.of(here.account).count() + Delivery.objects.of(here.account).count() >= 1


# ------------------------------------------------------------------------------------------- who may look everywhere

# file below src/locanda -> function -> why no single account can be asked for. Creating rows is free (they bear their account).
EVERYWHERE = {
    "office/accounts.py": {
        "is_new": "the first-run page is open until somebody owns an account",
        "opened_just_now": "the form that opened the first account, sent twice",
    },
    "office/follow_ups.py": {"prepare_due_segments": "a job of the engine, for all accounts"},
    "office/prepared_requests.py": {"forget_old": "a job of the engine, for all accounts"},
    "office/privacy.py": {
        "forget_what_is_over": "a job of the engine, for all accounts",
        "_tax_papers": "a part of it",
        "_facts": "a part of it",
    },
    "office/reminders.py": {"_take_back_refusals": "a part of a job of the engine, for all accounts"},
    "office/statistics/closing.py": {
        "_ready": "a part of a job of the engine, for all accounts",
        "forget_facts": "a part of the same job",
    },
    "office/tax/ledger.py": {"settle_due": "a job of the engine, for all accounts"},
    "cli/serve.py": {"serve": "refuses an installation that holds a simulator's address"},
    "cli/tables.py": {"_from_portal": "the tables are the same for everybody; any active credential may ask"},
}
MAKING = {"create", "bulk_create", "update_or_create", "get_or_create"}


def _looks(path: Path) -> Iterator[tuple[str, str, int, str]]:
    """Function, method called on ``everywhere``, line and source of every use that is not the making of a row."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("everywhere", "_base_manager", "_default_manager"):
            above = parents[node]
            method = above.attr if isinstance(above, ast.Attribute) else "?"
            walk: ast.AST = node
            while walk in parents and not isinstance(walk, ast.FunctionDef):
                walk = parents[walk]
            if method not in MAKING:
                name = walk.name if isinstance(walk, ast.FunctionDef) else "(module)"
                yield name, method, node.lineno, source.splitlines()[node.lineno - 1].strip()


def test_no_door_looks_everywhere() -> None:
    """Engines and migrations may; pages, commands and use cases ask for one account, but for what is listed above."""
    wrong, used = [], set()
    for floor in ("office", "web", "cli"):
        for path in sorted((ROOT / "src" / "locanda" / floor).rglob("*.py")):
            place = path.relative_to(ROOT / "src" / "locanda").as_posix()
            for function, _, line, text in _looks(path):
                if re.search(r"(Membership|Invitation)\.everywhere\.filter\(\(?person=", text):
                    continue  # in which accounts one person works, or is asked to: filtered by that person
                if function in EVERYWHERE.get(place, {}):
                    used.add((place, function))
                    continue
                wrong.append(f"{place}:{line} in {function}: {text}")
    assert wrong == []
    assert used == {(place, function) for place, names in EVERYWHERE.items() for function in names}
