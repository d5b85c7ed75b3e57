"""The rules of a comune on a day: union, overrides, groups, provenance, the operator's own changes (docs/pack-schema.md)."""

from __future__ import annotations

from datetime import date

import pytest

from locanda.core.stays import PROPERTY_TYPES
from locanda.law.packs import (
    STATUSES,
    Chain,
    Override,
    UnknownTerritory,
    chain,
    override_problems,
    territory,
    tree,
)
from locanda.law.packs.loading import chain_in
from locanda.law.packs.reader import LATER, halves, read
from locanda.law.packs.tree import Tree, builtin_tree
from locanda.places import builtin

DAY = date(2026, 7, 1)


def test_a_chain_goes_from_the_state_to_the_comune() -> None:
    assert chain("072030").paths == ("it", "it/puglia", "it/puglia/bari", "it/puglia/bari/monopoli")
    assert chain("014061").paths[-1] == "it/lombardia/sondrio/comune_di_sondrio"
    assert chain("014037").paths == ("it", "it/lombardia", "it/lombardia/sondrio")
    assert chain("072030") is chain("072030"), "a chain is made once"


def test_every_comune_of_italy_has_a_chain_of_state_region_and_province() -> None:
    where = builtin_tree()
    short = [
        row.istat
        for row in builtin().comuni
        if row.istat and row.valid_to is None and len(where.chain_of(row.istat)) < 3
    ]
    assert short == []


@pytest.mark.parametrize("code", ["999001", "07203", "abcdef", "", "0720301", "072*"])
def test_a_code_of_nowhere(code: str) -> None:
    with pytest.raises(UnknownTerritory):
        chain(code)


@pytest.mark.parametrize("path", ["", "it/nowhere", "../it", "it/puglia/bari/monopoli/x", "it//puglia", "xx"])
def test_a_path_of_nowhere(path: str) -> None:
    with pytest.raises(UnknownTerritory):
        territory(path)


def test_old_and_new_codes_of_sardegna_lead_to_sardegna() -> None:
    for code in ("090064", "112064", "113001", "104017", "107003", "119003", "111009"):
        assert chain(code).paths[1] == "it/sardegna"


def test_there_are_twenty_regions_and_the_ten_comuni_of_barletta_andria_trani() -> None:
    rows = tree()
    assert sum(row.level == "region" for row in rows) == 20
    assert sum(row.level == "province" for row in rows) == 109
    ten = sorted(row.istat or "" for row in rows if row.path.startswith("it/puglia/barletta_andria_trani/"))
    assert ten == [f"1100{number:02}" for number in range(1, 11)]


def test_codes_of_comuni_are_those_of_the_places() -> None:
    wrong = []
    for row in tree():
        if row.level == "comune" and row.istat:
            place = builtin().comune(row.istat, DAY)
            head = territory(row.path).territory
            if getattr(place, "belfiore", None) != head.belfiore:
                wrong.append(f"{row.path}: {head.belfiore}")
    assert wrong == []


def test_a_child_changes_only_what_it_writes() -> None:
    here, there = chain("014061").obligation("LO-STAT-01", DAY), chain("015146").obligation("LO-STAT-01", DAY)
    assert here is not None
    assert there is not None
    assert (here.channel, there.channel) == ("ABIT", "ROSS1000-LO")
    assert (here.deadlines, here.basis, here.valid_from) == (there.deadlines, there.basis, there.valid_from)
    assert [step.file for step in here.provenance] == ["it/lombardia/lombardia.toml", "it/lombardia/sondrio/sondrio.toml"]
    assert here.provenance[1].keys == ("channel",)
    assert here.territory == "it/lombardia/sondrio"


def test_provenance_points_to_the_line_of_the_item() -> None:
    item = chain("072030").obligation("MO-IDS-04", DAY)
    assert item is not None
    step = item.provenance[-1]
    lines = (builtin_tree().root / step.file).read_text(encoding="utf-8").splitlines()
    assert lines[step.line - 1 : step.line + 1] == ["[[obligation]]", 'id = "MO-IDS-04"']


def test_past_months_keep_the_law_of_then() -> None:
    rules = chain("072030")
    assert [version.deadline.day for version in rules.versions("obligation", "PU-SPOT-01")] == [5, 10]
    old = rules.sanction("N-IDS-VERS", date(2024, 8, 31))
    new = rules.sanction("N-IDS-VERS", date(2024, 9, 1))
    assert (str(old.min), str(new.min)) == ("30", "25") if old and new else False
    assert rules.obligation("IT-PS-03", date(2013, 1, 16)) is None


def test_who_is_bound() -> None:
    rules = chain("015146")
    closing = rules.obligation("LO-BB-01", DAY)
    assert closing is not None
    assert rules.binds(closing, "bb", business=False) == "bound"
    assert rules.binds(closing, "bb", business=True) is None
    systems = rules.obligation("IT-SIC-02", DAY)
    assert systems is not None
    assert rules.binds(systems, "locazione_turistica", business=True) == "bound"
    assert rules.binds(systems, "locazione_turistica", business=False) is None
    prices = rules.obligation("LO-PRZ-01", DAY)
    assert prices is not None
    assert rules.binds(prices, "locazione_turistica", business=False) == "advised"


def test_every_property_type_is_in_one_group_or_is_a_farm_stay() -> None:
    groups = territory("it").groups
    homes = [name for name in ("HOT", "EXT", "LT", "CURA") for _ in groups[name]]
    members = [kind for name in ("HOT", "EXT", "LT", "CURA") for kind in groups[name]]
    assert len(members) == len(set(members)) == len(homes)
    assert set(PROPERTY_TYPES) - set(members) == {"agriturismo"}
    assert set(members) <= set(PROPERTY_TYPES)


def test_the_nearest_office_comes_first() -> None:
    assert [contact.office for contact in chain("110009").contacts("IT-PS-04", DAY)] == ["CO-TRANI", "QUESTURA"]
    assert chain("110009").contacts("IT-PS-02", DAY)[0].office == "QU-BT"
    assert [contact.office for contact in chain("014061").contacts("SO-IDS-01", DAY)] == ["COM-SONDRIO"]
    assert chain("014037").contacts("IT-PS-04", DAY)[0].pec is None
    assert all(contact.covers("110009") for contact in chain("110009").contacts(None, DAY))


def test_an_unverified_pec_is_not_called_verified() -> None:
    offices = [contact for code in ("014061", "111009", "091051") for contact in chain(code).contacts("IT-PS-04", DAY)]
    assert offices
    assert [contact.office for contact in offices if contact.verified] == []


def test_portals_papers_words_of_authorities_and_notes() -> None:
    rules = chain("110009")
    assert rules.portal("DMS") is not None
    assert rules.portal("NOWHERE") is None
    assert [paper.id for paper in rules.documents("closure")] == ["DOC-CLOSE-1", "DOC-CLOSE-2", "DOC-CLOSE-3"]
    assert "spot-fault-report" in {entry.id for entry in rules.instructions("PU-SPOT-03", DAY)}
    assert {entry.id for entry in rules.instructions("BT-PS-01", DAY)} >= {"police-request-rules", "police-fitness"}
    duty = rules.obligation("BT-PS-01", DAY)
    assert duty is not None
    assert [note.id for note in rules.notes_of(duty)] == ["D14", "U15"]
    assert rules.note("D23") is not None
    assert rules.note("D12") is None, "a note of Monopoli alone"
    assert len(rules.keeps(DAY)) == 9
    assert rules.source("001:3").endswith("Alloggiati Web, 3")
    assert rules.source("L. 689/1981") == "L. 689/1981"


def test_what_the_spot_line_wants_is_data() -> None:
    rules = chain("072030")
    report = rules.instruction("spot-fault-report", DAY)
    assert report is not None
    assert len(report.steps) >= 5
    assert [rules.contact(office, DAY) is not None for office in report.offices] == [True, True, True]
    line = rules.contact("RP-SPOT", DAY)
    assert line is not None
    assert line.hours is not None
    assert (line.phone, "9:00-18:30" in line.hours.it) == ("800174555", True)
    unjust = rules.instruction("unjust-fine", DAY)
    assert unjust is not None
    assert any("associazione" in step.it for step in unjust.steps)
    passport = rules.instruction("non-eu-document", DAY)
    assert passport is not None
    assert "fotografia" in passport.steps[0].it
    signs = chain("014061").instruction("sondrio-signs", DAY)
    assert signs is not None
    assert signs.url is not None
    assert (rules.parameter("police-news-url", DAY) or signs).status == "unverified"


def test_statistics_come_from_the_nearest_territory() -> None:
    for code, portal in (("015146", "ROSS1000-LO"), ("014061", "ABIT"), ("048017", "ROSS1000-TO"), ("045003", "RICESTAT-TO")):
        found = chain(code).statistics()
        assert found is not None
        assert found.portal == portal
        assert found.status in STATUSES


def test_every_region_has_a_statistics_duty_that_refines_the_national_one() -> None:
    without = []
    for row in tree():
        if row.level != "province" or not row.istat:
            continue
        rules = chain(f"{row.istat}001")
        if not any(duty.refines == "IT-STAT-01" for duty in rules.obligations(DAY)):
            without.append(row.path)
        assert rules.statistics() is not None, row.path
    assert without == []


def test_the_flows_do_every_duty_that_refines_the_national_one() -> None:
    for row in tree():
        if row.level != "province" or not row.istat:
            continue
        rules = chain(f"{row.istat}001")
        flows = rules.statistics()
        assert flows is not None
        named = [(name, rules.versions("obligation", name)) for name in rules.ids("obligation")]
        owed = {name for name, versions in named if any(one.refines == "IT-STAT-01" for one in versions)}
        assert set(flows.duties) == owed, row.path


# the words of the packs and the engines -----------------------------------------------------------------------------------------


def test_the_closed_lists_of_the_schema_are_those_of_the_engines() -> None:
    from typing import get_args

    from locanda.law.conditions import TRIGGERS
    from locanda.law.deadlines import KINDS
    from locanda.law.events import EVENTS
    from locanda.law.packs import schema
    from locanda.law.periods import PERIODS

    assert set(get_args(schema.Kind)) == set(KINDS)
    assert set(get_args(schema.Trigger)) == set(TRIGGERS)
    assert set(get_args(schema.Period)) == set(PERIODS)
    assert set(EVENTS) <= set(get_args(schema.Event))
    assert get_args(schema.Status) == STATUSES


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_holidays_of_the_pack_are_those_of_the_engine(year: int) -> None:
    from locanda.law.holidays import easter_monday, national_holidays

    fixed = chain("015146").parameter("national-holidays", date(year, 7, 1))
    assert fixed is not None
    assert isinstance(fixed.value, tuple)
    days = {date(year, int(day[:2]), int(day[3:])) for day in fixed.value} | {easter_monday(year)}
    assert days == set(national_holidays(year))


def test_comuni_with_the_same_files_share_what_was_worked_out() -> None:
    one, other = chain("014037"), chain("014009")
    assert one.obligation("LO-STAT-01", DAY) is other.obligation("LO-STAT-01", DAY)
    assert one.comune != other.comune
    own = one.with_overrides([override({"channel": "PEC"}, ident="LO-STAT-01", first=None)])
    assert own.obligation("LO-STAT-01", DAY) is not other.obligation("LO-STAT-01", DAY)


def test_what_a_calendar_does_not_ask_for_is_read_later() -> None:
    where = Tree(builtin_tree().root)
    rules = chain_in(where, "072030")
    assert rules.obligations(DAY)
    assert {part for _, part in where._packs} == {"now"}
    assert rules.note("D12") is not None
    assert {part for _, part in where._packs} == {"now", "later"}


def test_both_halves_of_a_file_are_the_whole_and_keep_their_lines() -> None:
    for row in tree():
        whole = territory(row.path)
        place = builtin_tree().place(row.path)
        assert place.file is not None
        parts = [read(text, path=row.path, file=whole.file) for text in halves(place.file.read_text(encoding="utf-8"))]
        assert [faults for _, faults in parts] == [[], []]
        now, later = (pack for pack, _ in parts)
        assert now is not None
        assert later is not None
        assert {change.kind for change in now.changes} & set(LATER) == set()
        assert {change.kind for change in later.changes} <= set(LATER)
        assert sorted((*now.changes, *later.changes), key=lambda change: change.step.line) == sorted(
            whole.changes, key=lambda change: change.step.line
        )
        assert (now.territory, now.groups, now.statistics, later.sources) == (
            whole.territory, whole.groups, whole.statistics, whole.sources,
        )  # fmt: skip


# the operator's own changes -------------------------------------------------------------------------------------------------


def override(keys: dict[str, object], *, kind: str = "obligation", ident: str = "MO-IDS-04", note: str = "lettera del 3/3/2026",
             first: date | None = date(2026, 4, 1)) -> Override:  # fmt: skip
    return Override(kind, ident, keys, note, date(2026, 3, 5), valid_from=first)


def test_an_operator_changes_a_rule_for_themselves() -> None:
    common = chain("072030")
    own = common.with_overrides([override({"deadline": {"kind": "after_period", "period": "half_year", "day": 31}})])
    before, after = own.obligation("MO-IDS-04", date(2026, 3, 31)), own.obligation("MO-IDS-04", date(2026, 4, 1))
    assert before is not None
    assert after is not None
    assert before.deadline is not None
    assert after.deadline is not None
    assert (before.deadline.period, after.deadline.period) == ("quarter", "half_year")
    step = after.provenance[-1]
    assert (step.local, step.on, step.note, step.keys) == (True, date(2026, 3, 5), "lettera del 3/3/2026", ("deadline",))
    assert not any(step.local for step in before.provenance)
    shared = common.obligation("MO-IDS-04", date(2026, 4, 1))
    assert shared is not None
    assert shared.deadline is not None
    assert shared.deadline.period == "quarter", "the chain of the others is as it was"


def test_an_operator_may_switch_a_duty_off_from_a_day() -> None:
    off = Override("obligation", "IT-IDS-03", {}, "il comune non lo vuole", date(2026, 1, 10), date(2026, 1, 1), off=True)
    own = chain("015146").with_overrides([off])
    assert own.obligation("IT-IDS-03", date(2025, 12, 31)) is not None
    assert own.obligation("IT-IDS-03", DAY) is None


def test_an_operator_may_write_a_pec_that_was_not_known() -> None:
    change = override({"pec": "ufficio@pec.example", "status": "official"}, kind="contact", ident="QU-SO", first=None)
    office = chain("014061").with_overrides([change]).contacts("IT-PS-04", DAY)[0]
    assert (office.pec, office.verified) == ("ufficio@pec.example", True)
    assert office.territory == "operator"
    assert office.read_on == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (override({"channel": "PEC"}, note=" "), "pack.override.unexplained"),
        (override({"chanel": "PEC"}), "pack.key.unknown"),
        (override({"status": "sure"}), "pack.value.unknown"),
        (override({}, kind="rule"), "pack.value.unknown"),
    ],
)
def test_a_faulty_change_of_the_operator(change: Override, code: str) -> None:
    assert [problem.code for problem in override_problems(change)] == [code]
    with pytest.raises(ValueError, match=r"\w"):
        chain("072030").with_overrides([change])


def test_a_chain_shows_itself() -> None:
    assert repr(chain("014037")) == "<Chain 014037: it > it/lombardia > it/lombardia/sondrio>"
    assert Chain("", []).statistics() is None
