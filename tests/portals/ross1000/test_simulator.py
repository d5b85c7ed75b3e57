"""The simulator keeps the rules of the portal, and its switches change what nobody knows (spec flussi-turistici 6.4, 14)."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from locanda.portals import errors
from locanda.portals.ross1000.client import Client
from locanda.portals.ross1000.outcomes import StructureOutcome
from locanda.portals.ross1000.records import Eliminazione, Movimenti, Movimento, Partenza, Prenotazione
from locanda.portals.ross1000.simulator import Account, Behaviour, Simulator, listed, set_listed
from tests.conftest import ROOT
from tests.contracts.ross1000 import DAY, GUEST, HOUSE, KEYS

NOW = datetime(2026, 6, 6, 10, tzinfo=UTC)
PAGE = ROOT / "docs" / "developers" / "ross1000.md"
HEAD = GUEST._replace(idswh="H1", tipoalloggiato="17")
MEMBER = GUEST._replace(idswh="M1", tipoalloggiato="19", idcapo="H1", datanascita="20200101")


def file(*days: Movimento) -> Movimenti:
    return Movimenti("X00001", "Locanda", days)


def arriving(*guests: Any, day: str = DAY) -> Movimento:
    return Movimento(day, HOUSE, guests)


def leaving(ident: str, day: str, kind: str = "16", arrival: str = DAY) -> Movimento:
    return Movimento(day, HOUSE, None, (Partenza(ident, kind, arrival),))


def removing(ident: str, kind: str = "16", arrival: str = DAY) -> Movimento:
    return Movimento(DAY, HOUSE, None, None, None, (Eliminazione(ident, kind, arrival),))


class Portal:
    """A simulator and a client, to send one file after the other."""

    def __init__(self, behaviour: Behaviour | None = None, state: Path | None = None) -> None:
        self.sim = Simulator([Account(*KEYS)], clock=NOW, behaviour=behaviour, state=state)

    def __enter__(self) -> Portal:
        self.sim.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.sim.close()

    def send(self, *days: Movimento) -> StructureOutcome:
        with Client(KEYS, endpoint=self.sim.url, clock=self.sim.clock, timeout=20) as client:
            return client.send(file(*days))

    def said(self, *days: Movimento) -> list[bool | None]:
        return [record.success for record in self.send(*days).records]

    def ids(self) -> list[str | None]:
        return [guest.record.idswh for guest in self.sim.archive.guests()]


def test_what_the_layout_says_of_corrections_holds() -> None:
    with Portal() as portal:
        assert portal.said(arriving(HEAD, MEMBER), leaving("M1", "20260607", "19"), leaving("H1", "20260608", "17")) == [True] * 4
        assert portal.said(leaving("H1", "20260610", "17")) == [True]
        assert [guest.departures for guest in portal.sim.archive.guests()] == [("20260610",), ("20260607",)]
        assert portal.said(removing("M1", "19")) == [True]
        assert portal.ids() == ["H1"]
        assert portal.sim.archive.day("X00001", DAY) == HOUSE


def test_a_guest_missing_from_a_day_sent_again_stays() -> None:
    with Portal() as portal:
        portal.send(arriving(GUEST, GUEST._replace(idswh="G2")))
        portal.send(arriving(GUEST))
        assert portal.ids() == ["G1", "G2"]


def test_bookings_come_and_go() -> None:
    booking = Prenotazione("P1", "20260801", "20260805", "2", "1")
    with Portal() as portal:
        day = Movimento(DAY, HOUSE, None, None, (booking,), (Eliminazione("P1", "99", "20260801"),))
        assert portal.said(day) == [True, True]
        assert portal.said(removing("P1", "99", "20260801")) == [False]


CASES: dict[str, tuple[Any, Callable[[Portal], Any], Any, Any]] = {
    "lists_case_sensitive": (True, lambda p: p.said(arriving(GUEST._replace(tipoturismo="CULTURALE"))), [True], [False]),
    "missing_removed": (
        True, lambda p: (p.send(arriving(GUEST, GUEST._replace(idswh="G2"))), p.send(arriving(GUEST)), p.ids())[2],
        ["G1", "G2"], ["G1"]),
    "key_is_id_and_arrival": (
        True, lambda p: (p.send(arriving(GUEST)), p.send(arriving(GUEST, day="20260604")), p.ids())[2], ["G1"], ["G1", "G1"]),
    "old_departure_kept": (
        True,
        lambda p: [p.send(arriving(GUEST)), p.send(leaving("G1", "20260607")), p.send(leaving("G1", "20260608")),
                   p.sim.archive.guests()[0].departures][3],
        ("20260608",), ("20260607", "20260608")),
    "type_may_change": (
        True, lambda p: (p.send(arriving(GUEST)), p.said(arriving(GUEST._replace(tipoalloggiato="17"))))[1], [False], [True]),
    "removal_takes_members": (
        True, lambda p: (p.send(arriving(HEAD, MEMBER)), p.send(removing("H1", "17")), p.ids())[2], ["M1"], []),
    "unknown_head_refused": (False, lambda p: p.said(arriving(MEMBER)), [False], [True]),
    "unknown_departure_refused": (False, lambda p: p.said(leaving("G9", "20260607")), [False], [True]),
    "unknown_removal_refused": (False, lambda p: p.said(removing("G9")), [False], [True]),
    "future_refused": (True, lambda p: p.said(arriving(GUEST, day="20260607")), [True], [False]),
    "oldest_days": (5, lambda p: p.said(arriving(GUEST, day="20260531")), [True], [False]),
    "max_days": (1, lambda p: faulted(p, arriving(GUEST), leaving("G1", "20260606")), False, True),
    "silent_days": ("absent", lambda p: p.send(Movimento(DAY, HOUSE), arriving(GUEST, day="20260606")).all_accepted, True, True),
    "outcomes": ("none", lambda p: p.said(arriving(GUEST)), [True], [None]),
}  # fmt: skip
ELSEWHERE = {"dates_in_list", "foreign_structure", "empty_list", "auth_status", "fault_status"}
"""Tried in test_client and below."""


def faulted(portal: Portal, *days: Movimento) -> bool:
    try:
        portal.send(*days)
    except errors.PortalFault:
        return True
    return False


@pytest.mark.parametrize("name", CASES)
def test_each_switch_changes_what_it_says(name: str) -> None:
    value, action, before, after = CASES[name]
    with Portal() as portal:
        assert action(portal) == before
    with Portal(replace(Behaviour(), **{name: value})) as portal:
        assert action(portal) == after


def test_every_switch_is_tried() -> None:
    assert set(CASES) | ELSEWHERE == {entry.name for entry in fields(Behaviour)}


def test_a_foreign_structure_may_be_a_fault_for_many_too() -> None:
    with Portal(Behaviour(foreign_structure="fault", fault_status=200)) as portal:
        client = Client(KEYS, endpoint=portal.sim.url, clock=portal.sim.clock)
        with client, pytest.raises(errors.PortalFault) as caught:
            client.send_many((file(arriving(GUEST))._replace(codice="X00009"),))
        assert caught.value.status == 200


def test_switches_are_listed_with_their_meaning_and_can_be_set() -> None:
    assert all(switch.meaning for switch in listed(Behaviour()))
    changed = set_listed(Behaviour(), {"auth_status": "403", "missing_removed": "true"})
    assert changed == Behaviour(auth_status=403, missing_removed=True)
    for wrong in ({"auth_status": "500"}, {"missing_removed": "forse"}, {"max_days": "-1"}, {"invented": "1"}):
        with pytest.raises(ValueError):
            set_listed(Behaviour(), wrong)


def test_another_process_can_steer_it(tmp_path: Path) -> None:
    with Portal(state=tmp_path / "archive.db") as portal:

        def ask(path: str, sent: dict[str, Any] | None = None) -> Any:
            data = None if sent is None else json.dumps(sent).encode()
            with urllib.request.urlopen(urllib.request.Request(portal.sim.control_url + path, data)) as answer:
                return json.loads(answer.read())

        ask("behaviour", {"max_days": 3})
        ask("account", {"user": KEYS.user, "structures": ["X00001", "X00002"]})
        assert ask("clock", {"advance": {"hours": 24}})["clock"].startswith("2026-06-07")
        portal.send(arriving(GUEST))
        assert [entry["record"]["idswh"] for entry in ask("archive")] == ["G1"]
        assert [entry["operation"] for entry in ask("calls")] == ["inviaMovimentazione"]
        assert ask("state")["behaviour"]["max_days"] == 3
    with Portal(state=tmp_path / "archive.db") as again:
        assert again.ids() == ["G1"]


def test_it_listens_on_this_machine_only() -> None:
    with pytest.raises(ValueError, match="this machine"):
        Simulator(host="0.0.0.0")


# its page -----------------------------------------------------------------------------------------------------------


def test_the_page_lists_every_switch_and_fault_as_they_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [f"| `{entry.name}` | `{entry.value!r}` | {entry.meaning} |" for entry in listed(Behaviour())]
    assert [row for row in rows if row not in text] == []
    assert set(re.findall(r"^\| `(\w+)` \| `.*?` \| ", text, re.MULTILINE)) == {entry.name for entry in fields(Behaviour)}


def test_the_page_says_what_is_unverified_of_every_switch() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## What is unverified")[1].split("\n## ")[0]
    second = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")]
    named = {name for cell in second for name in re.findall(r"`(\w+)`", cell)}
    assert named == {entry.name for entry in fields(Behaviour)}
