"""Rules that the operator changes or writes, and a rule written as a pack file (design, sections 5 and 7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from locanda.core.problems import Problem
from locanda.core.shapes import parse
from locanda.core.stays import Property
from locanda.law.packs.loading import check_text
from locanda.law.packs.tree import builtin_tree
from locanda.law.tourist_tax import OwnRule, Reckoner, pack_text, read_pack_text, tax_under_own_rules, under_own_rules
from locanda.law.tourist_tax.own_rules import plain

SECTIONS = {
    place.path: pack.tourist_tax
    for place in builtin_tree().walk()
    if place.file is not None and (pack := builtin_tree().pack(place.path)).tourist_tax is not None
}
SONDRIO = next(section for path, section in SECTIONS.items() if path.endswith("comune_di_sondrio"))
MONOPOLI = next(section for path, section in SECTIONS.items() if path.endswith("monopoli"))
DAY = date(2026, 11, 2)


def rule(document: dict[str, Any], first: date | None = None, last: date | None = None, *, whole: bool = False) -> OwnRule:
    return OwnRule(document, "Delibera 9/2026, albo pretorio", "Anna", DAY, first, last, whole)


def reckon(section: Any, own: list[OwnRule], first: str, last: str, **home: Any) -> Any:
    found: list[Problem] = []
    tax = tax_under_own_rules(section, own, found)
    assert found == []
    assert tax is not None
    guests = [{"id": "a", "birth_date": "1980-05-10"}]
    stays = parse({"stays": [{"id": "S", "arrival": f"{first}T16:00+01:00", "departure": last, "guests": guests}]}).stays
    return Reckoner(tax, Property(**{"type": "bb", "comune": "014061", **home})).reckon(stays)


def test_a_rate_of_ones_own_holds_from_its_night_to_its_last_and_is_signed() -> None:
    own = [rule({"rates": [{"when": {"any": True}, "fixed": "1.50"}]}, date(2026, 3, 1), date(2026, 3, 31))]
    answer = reckon(SONDRIO, own, "2026-03-01", "2026-03-03")
    assert answer.total == 300
    assert answer.versions == ("2025-own",)
    assert reckon(SONDRIO, own, "2026-03-30", "2026-04-01").total == 300
    for first, last in (("2026-02-27", "2026-03-02"), ("2026-03-31", "2026-04-02")):
        assert [problem.code for problem in reckon(SONDRIO, own, first, last).problems] == ["tax.rate.unknown"]
    tax = tax_under_own_rules(SONDRIO, own, [])
    assert tax is not None
    version = tax.version(date(2026, 3, 10))
    assert version is not None
    assert [(mark.made_by, mark.made_on, mark.note) for mark in version.own] == [("Anna", DAY, "Delibera 9/2026, albo pretorio")]


def test_rows_of_ones_own_win_and_the_others_stay() -> None:
    own = [rule({"rates": [{"when": {"type": "bb"}, "fixed": "3.00"}], "exemptions": [
        {"code": "worker", "when": {"status": "worker"}},
    ]}, date(2026, 6, 1))]  # fmt: skip
    assert reckon(MONOPOLI, own, "2026-06-10", "2026-06-12").total == 600
    assert reckon(MONOPOLI, own, "2026-06-10", "2026-06-12", type="albergo", stars=4).total == 800
    told = under_own_rules(MONOPOLI, own, [])
    assert told is not None
    assert [row["code"] for row in told["versions"][-1]["exemptions"]] == ["worker", "minor", "disabled_l104"]


def test_a_limit_is_replaced_where_the_rule_says_instead() -> None:
    own = [rule({"cap": [{"nights": 2, "window": "run"}], "instead": ["cap"]}, date(2026, 6, 1))]
    assert reckon(MONOPOLI, own, "2026-06-10", "2026-06-14").total == 400
    told = under_own_rules(MONOPOLI, own, [])
    assert told is not None
    assert len(told["versions"][-1]["cap"]) == 1


def test_a_change_over_two_versions_cuts_both_and_keeps_the_days_between() -> None:
    own = [rule({"rounding": {"step": "0.10", "mode": "down"}}, date(2026, 1, 1), date(2026, 6, 30))]
    told = under_own_rules(MONOPOLI, own, [])
    assert told is not None
    days = [(version["id"], version.get("valid_from"), version.get("valid_to")) for version in told["versions"]]
    assert days[1:] == [
        ("2015", "2015-07-01", "2025-12-31"), ("2015-own", "2026-01-01", "2026-02-28"),
        ("2026-own", "2026-03-01", "2026-06-30"), ("2026", "2026-07-01", None),
    ]  # fmt: skip


def test_a_comune_without_a_pack_has_the_tax_the_operator_writes() -> None:
    whole = rule({"versions": [{"id": "2026", "rates": [{"fixed": "1.20"}]}]}, whole=True)
    assert reckon(None, [whole], "2026-06-10", "2026-06-12").total == 240
    short = rule({"rates": [{"fixed": "0.80"}]}, date(2026, 6, 1))
    assert reckon(None, [short], "2026-06-10", "2026-06-12").total == 160
    assert tax_under_own_rules(None, [], []) is None


@pytest.mark.parametrize(
    ("own", "code", "where"),
    [
        (rule({"rates": [{"fixed": 2}]}), "tax.rules.shape", "own[0].rates[0].fixed"),
        (rule({"colour": 2}), "tax.rules.key", "own[0].colour"),
        (rule({"valid_to": "2026-01-01", "rates": [{"fixed": "2"}]}), "tax.own.key", "own[0].valid_to"),
        (rule({"rates": [{"fixed": "2"}], "instead": ["colours"]}), "tax.own.key", "own[0].instead"),
        (rule({"rates": [{"fixed": "2"}]}, DAY, date(2026, 1, 1)), "tax.own.reversed", "own[0].valid_to"),
        (rule({"rates": [{"fixed": "2"}]})._replace(note=" "), "tax.own.unsigned", "own[0].note"),
        (rule({"rounding": {"mode": "up"}}, None, date(2000, 1, 1)), "tax.own.idle", "own[0]"),
        (rule({"versions": []}, whole=True), "tax.rules.shape", "own[0].versions"),
    ],
)
def test_a_rule_with_faults_changes_nothing(own: OwnRule, code: str, where: str) -> None:
    found: list[Problem] = []
    assert under_own_rules(MONOPOLI, [own], found) == plain(MONOPOLI)
    assert [(problem.code, problem.where) for problem in found] == [(code, where)]


@pytest.mark.parametrize("path", SECTIONS)
def test_a_section_written_as_a_pack_reads_back_as_it_was(path: str) -> None:
    text = pack_text(SECTIONS[path], name="Comune di Prova", istat="072030", belfiore="F376", read_on=DAY)
    assert read_pack_text(text) == plain(SECTIONS[path])


def test_an_exported_rule_of_ones_own_is_a_pack_that_passes_the_checks() -> None:
    own = rule({"versions": [{
        "id": "2026", "valid_from": "2026-05-01", "status": "official", "sources": ["Delibera 9/2026"],
        "rates": [{"fixed": "1.20"}], "exemptions": [{"code": "minor", "when": {"age": "<12"}}],
    }]}, whole=True)  # fmt: skip
    section = under_own_rules(None, [own], [])
    assert section is not None
    text = pack_text(section, name="Comune di Ostuni", istat="074012", belfiore="G187", read_on=DAY)
    assert [str(fault) for fault in check_text(text, "ostuni.toml")] == []
    assert 'made_by = "Anna"' in text
