"""The settings and the sendings of the statistics in a real browser: axe-core finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from locanda.archive.models import FlowSending, Property, Stay
from locanda.office import clock, engine
from locanda.office.statistics import hand_steps, sendings
from locanda.portals.ross1000.simulator import Behaviour
from tests.browser.conftest import House
from tests.browser.test_pages import wrong_with
from tests.flow_world import DE, IT, JUNE, PUGLIA, FlowWorld, flow_world
from tests.world import guest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUT = os.environ.get("LOCANDA_PICTURES")
FIRST, LAST = date(2026, 6, 2), date(2026, 6, 7)


@pytest.fixture
def flows(live_server: Any, transactional_db: None) -> Iterator[tuple[House, FlowWorld]]:
    with flow_world() as made:
        made.arrive(3, guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT), nights=3)
        made.at(8, 9)
        made.declare(FIRST, LAST)
        clock.set_demo_clock(made.now)
        for one in (engine.couriers, engine.engine, engine.flow_couriers, engine.flow_loop):
            one.cache_clear()
        yield House(live_server.url, made.world, {}), made
        clock._offset = None


def at_service(here: FlowWorld) -> dict[str, FlowSending]:
    """A sending in each state of a service."""
    found = {"refused": here.prepare(FIRST, date(2026, 6, 3)).sendings[0]}
    here.portal.behaviour = Behaviour(future_refused=True)
    here.portal.clock.set(here.now.replace(day=1))
    here.loop.round()
    here.portal.behaviour = Behaviour()
    found["doubt"] = here.prepare(date(2026, 6, 6), date(2026, 6, 6)).sendings[0]
    for _ in range(3):
        here.portal.faults.next("no_outcome")
        here.loop.round()
        here.later(hours=2)
    found["accepted"] = here.prepare(date(2026, 6, 7), date(2026, 6, 7)).sendings[0]
    FlowSending.objects.of(here.account).filter(pk=found["doubt"].pk).update(credential=None)
    here.loop.round()
    found["ready"] = here.prepare(FIRST, date(2026, 6, 5), send=False).sendings[0]
    return found


def by_file(here: FlowWorld) -> dict[str, FlowSending]:
    """The same house in Puglia: a file, and corrections by hand of one that was accepted."""
    Property.objects.of(here.account).update(comune=PUGLIA, portal_ids={}, flow_credential=None, since=date(2020, 1, 1))
    here.property = here.fresh(here.property)
    here.arrive(10, guest("NERI", "IDA", **DE), nights=3)
    here.at(date(2026, 7, 1), 9)
    here.declare(*JUNE)
    first = here.prepare(date(2026, 6, 1), date(2026, 6, 15)).sendings[0]
    sendings.confirm(first, now=here.now, person=here.world.person, protocol="caricato il 1° luglio, esito positivo")
    Stay.objects.of(here.account).filter(arrival__day=10).update(departure=None, departure_day=date(2026, 6, 14), nights=4)
    steps, rest = here.prepare(*JUNE).sendings
    hand_steps.tick(steps, 0, done=True, now=here.now, person=here.world.person)
    return {"confirmed": first, "steps": steps, "file": rest}


def picture(page: Any, name: str) -> None:
    if OUT:
        page.screenshot(path=Path(OUT) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(320, "it"), (390, "en"), (1280, "it")])
def test_settings_and_sendings_are_for_everybody(
    flows: tuple[House, FlowWorld], chromium: Any, axe: Callable[[Any], list[str]], enter: Callable[..., None], width: int,
    language: str,
) -> None:  # fmt: skip
    house, here = flows
    key = here.property.pk
    pages = {f"service-{name}": f"/statistica/invii/{row.pk}/" for name, row in at_service(here).items()}
    settings = {
        "settings": f"/impostazioni/strutture/{key}/statistica/", "user": f"/impostazioni/statistica/{here.credential.pk}/",
        "user-new": f"/impostazioni/strutture/{key}/statistica/utente/",
    }  # fmt: skip
    context = chromium.new_context(viewport={"width": width, "height": 740}, locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    clock.set_demo_clock(here.now)
    enter(page, house, language=language)
    found = look(page, house, {**pages, **settings}, axe, width, language)
    files = by_file(here)
    clock.set_demo_clock(here.now)
    more = {f"file-{name}": f"/statistica/invii/{row.pk}/" for name, row in files.items()}
    found += look(page, house, {**more, "settings-spot": settings["settings"]}, axe, width, language)
    context.close()
    assert complaints == []
    assert found == []


def look(
    page: Any, house: House, pages: dict[str, str], axe: Callable[[Any], list[str]], width: int, language: str
) -> list[str]:
    found: list[str] = []
    for name, address in pages.items():
        answer = page.goto(house.url + address)
        assert answer.status == 200, name
        picture(page, f"{width}-{language}-{name}")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        found += wrong_with(page, axe, name, width)
    return found
