"""A year of ten thousand guests in forty units: valid under the official schema on every day, complete, and read back whole."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from locanda.law.statistics import Movement, told
from locanda.places import builtin
from locanda.portals.spot.lists import LISTS, STATES
from locanda.portals.spot.movements import check, encode, read, write
from locanda.portals.spot.values import Arrival, Day, Figures, File, Leaving, Person, Quality
from tests.flows_year import year
from tests.portals.spot.scene import FORM

GUESTS = 10_000


@cache
def movement(first: date | None = None, last: date | None = None, until: date | None = None) -> Movement:
    """The year, or days of it. The morning on which the last guests leave before the closure is open: SPOT wants it so."""
    request = year(1, units=40, guests=GUESTS)
    for entry in request["days"]:
        if entry["day"] == "2026-11-10":
            entry.update(open=True, rooms=40, beds=160)
    request |= {"from": str(first or request["from"]), "to": str(last or request["to"])}
    if until is not None:
        request["accepted_until"] = str(until)
    made = told(json.dumps(request).encode(), needs=FORM.needs, uses=FORM.uses)
    assert made.movement is not None, made.problems
    return made.movement


@cache
def whole() -> bytes:
    data = write(movement()).data
    assert data is not None
    return data


def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared / "schemas" / "spot" / "movimentogiornaliero-0.6.xsd"))


@pytest.mark.slow
def test_the_year_is_clean_and_comes_back_whole() -> None:
    data = whole()
    report = check(data)
    assert (report.problems, report.warnings, report.days) == ((), (), 366)
    assert encode(read(data).values) == data
    moved = movement()
    before = sum(guest.arrival < moved.first and not guest.same_day for guest in moved.guests)
    assert report.arrivals == before + sum(len(day.arrived) for day in moved.days)
    assert before > 50 and report.arrivals > 9_000


def test_who_is_in_the_house_each_night_is_who_should_be() -> None:
    """Identity 1, day by day; SPOT counts day-use guests out on the day they came, one day before the C/59."""
    file: File = read(whole()).values
    sizes: dict[str, int] = {}
    present = 0
    moved = movement()
    for day in file.days:
        for arrival in day.arrivals or ():
            sizes[arrival.person.code] = 1 + len(arrival.members)
            present += sizes[arrival.person.code]
        present -= sum(sizes.pop(leaving.code) for leaving in day.departures or ())
        if day.day is not None and day.day >= moved.first:
            entry = moved.days[(day.day - moved.first).days]
            assert present == entry.present - sum(guest.same_day for guest in entry.arrived), day.day
            assert day.figures == (entry.rooms, entry.beds, entry.rooms_occupied)
    assert sum(sizes.values()) == present


@pytest.mark.slow
def test_every_day_of_the_year_is_valid_under_the_official_schema(shared: Path) -> None:
    judge = schema(shared)
    judge.assertValid(etree.fromstring(whole()))
    file: File = read(whole()).values
    for day in file.days:
        judge.assertValid(etree.fromstring(encode(File((day,), file.vendor))))
    assert len(file.days) - 1 == 365


@pytest.mark.slow
def test_a_file_for_every_single_day_is_the_year(shared: Path) -> None:
    """Uploaded day by day, each file after the one before was accepted."""
    judge = schema(shared)
    days = []
    moved = movement()
    first = moved.first
    for number in range(365):
        day = first + timedelta(days=number)
        until = None if number == 0 else day - timedelta(days=1)
        made = write(_cut(moved, day, until))
        assert made.data is not None, made.problems
        judge.assertValid(etree.fromstring(made.data))
        days += [entry._replace(line=0) for entry in read(made.data).values.days]
    assert days == [entry._replace(line=0) for entry in read(whole()).values.days]


def _cut(moved: Movement, day: date, until: date | None) -> Movement:
    """One day of a movement, as ``told`` would make it."""
    guests = tuple(
        guest for guest in moved.guests if guest.arrival <= day and (guest.departure is None or guest.departure >= day)
    )  # fmt: skip
    return moved._replace(
        first=day, last=day, days=(moved.days[(day - moved.first).days],), guests=guests, accepted_until=until
    )


def test_the_states_are_those_of_the_official_list(shared: Path) -> None:
    tree = etree.parse(shared / "schemas" / "spot" / "datatype-0.6.xsd")
    names = {"x": "http://www.w3.org/2001/XMLSchema"}

    def listed(kind: str) -> list[str]:
        found: list[str] = tree.xpath(f"//x:simpleType[@name='{kind}']//x:enumeration/@value", namespaces=names)
        return found

    assert set(listed("PaeseEsteroType")) == set(STATES)
    kinds = {
        "MotivazioneViaggioType": "motivazioniviaggio", "MezzoTrasportoArrivoType": "mezzotrasportoarrivo",
        "MezzoTrasportoMovimentoType": "mezzotrasportomovimento", "CaratteristicaViaggioType": "caratteristica",
        "TitoloStudioType": "titolostudio", "AlloggiatoType": "tipologiaalloggiato", "SiNoType": "sino",
        "MovimentoType": "movimento", "SessoType": "sesso",
    }  # fmt: skip
    assert {ours: set(listed(theirs)) for theirs, ours in kinds.items()} == {ours: set(LISTS[ours]) for ours in kinds.values()}
    alive = {state.police for state in builtin().states if state.valid_to is None and state.police != "100000100"}
    assert alive - STATES == {"100000997", "110000014", "110000022"}


def everything() -> bytes:
    """A small file with every element that there is."""
    ada = Person("A", "F", "100000100", None, "416072030", "si", 40, "SUPERIORE")
    bo = Person("B", "M", "100000215", "100000216", None, "no", 3, "NESSUNTITOLO")
    family = Arrival(ada, "17", "no", (bo, bo._replace(code="C")), ("AGENZIA", "TOUR"), 9, "TRENO", "AUTO", "NATURA")
    single = Arrival(bo._replace(code="D"), "16", "si")
    told = Quality("A", "AUTO", "MOTO", "BALNEARE", "MEDIA", ("TOUR",))
    left = (Leaving("D"), Leaving("Z", "si"))
    return encode(
        File(
            (
                Day(date(2027, 3, 1), "MP", (family, single), left, Figures(3, 6, 1), (told,), 4),
                Day(date(2027, 3, 2), "NM", None, None, Figures(3, 6, 1)),
                Day(date(2027, 3, 3), "EC", None, None, Figures(0, 0, 0)),
            ),
            "Locanda",
        )
    )


def test_our_judge_of_the_schema_agrees_with_the_official_one(shared: Path) -> None:
    """A thousand files, each spoilt by chance in one place. What is to be unique we judge after the schema (SP-07, SP-08)."""
    judge = schema(shared)
    random = Random(11)
    base = everything()
    assert judge.validate(etree.fromstring(base)) and read(base).problems == ()
    refused = 0
    for _ in range(1_000):
        root = etree.fromstring(base)
        _spoil(random, root)
        data = etree.tostring(root)
        if judge.validate(etree.fromstring(data)):
            assert read(data).problems == (), data
        else:
            assert check(data).problems, (judge.error_log, data)
            refused += 1
    assert 400 < refused < 990


def _spoil(random: Random, root: etree._Element) -> None:
    nodes = [node for node in root.iter() if node is not root]
    node = random.choice(nodes)
    parent = node.getparent()
    match random.randrange(8):
        case 0:
            parent.remove(node)
        case 1:
            parent.insert(random.randrange(len(parent) + 1), node)
        case 2:
            copy = etree.fromstring(etree.tostring(node))
            parent.append(copy)
        case 3:
            node.tag = random.choice(nodes).tag
        case 4 if len(node) == 0:
            node.text = random.choice(_TEXTS)
        case 5:
            name = random.choice(["totale", "type", "data", "partenzacapogrupposeparata", "vendor"])
            node.set(name, random.choice(["si", "3", "x", "MP"]))
        case 6 if node.attrib:
            del node.attrib[random.choice(list(node.attrib))]
        case _:
            node.text = random.choice(["\n ", "Q", "AUTO", "ciao", "0"])


_TEXTS = ["", "X", " M", "M", "si", "16", "19", "-1", "3", "+3", "1.5", "100000100", "100000216", "416072030", "A" * 101]
