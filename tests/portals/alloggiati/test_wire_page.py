"""The page that says what is unverified names switches that exist, and every one of them."""

from __future__ import annotations

import re
from dataclasses import fields

from locanda.portals.alloggiati.check import Strictness
from locanda.portals.alloggiati.simulator import Behaviour
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "developers" / "alloggiati-wire.md"
PLAIN = {"hotel_operations_for_apartments", "implausible_age_refused", "strictness"}
"""Behaviours that the list of what is unverified does not ask about."""


def test_the_table_of_the_unverified_names_the_switches_that_are_there() -> None:
    section = PAGE.read_text(encoding="utf-8").split("### What is unverified")[1].split("Further assumptions")[0]
    second = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")]
    named = {name.removeprefix("strictness.") for cell in second for name in re.findall(r"`([a-z_.]+)`", cell)} - {""}
    known = {field.name for kind in (Strictness, Behaviour) for field in fields(kind)}
    assert named - known == set()
    assert known - named - PLAIN == set()
