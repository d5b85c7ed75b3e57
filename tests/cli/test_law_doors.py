"""``duties list``, ``sanction show``, ``authority show`` and ``tax late`` as ``interfaces.md`` has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.cli.duties import _answer as duties_answer
from locanda.cli.main import main
from locanda.cli.tax import _answer as late_answer

Run = Callable[..., tuple[int, list[Any], str]]
DUTY_KEYS = {
    "obligation", "subject", "nominal", "due", "prudent_due", "remind_by", "portal", "authority", "sanctions", "status",
    "sources",
}  # fmt: skip
ASKED: dict[str, Any] = {
    "property": {"id": "P1", "type": "bb", "business": False, "comune": "014061"},
    "stays": [{"id": "S1", "arrival": "2026-07-10T16:00+02:00", "departure": "2026-07-14T10:00+02:00", "guests": [{"id": "a"}]}],
    "events": [{"kind": "closing_days", "year": 2026, "days": 85}],
    "from": "2026-07-01", "to": "2026-07-31", "as_of": "2026-07-10T16:00+02:00",
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the program on some input; gives its status, the objects it printed, and what it said on standard error."""

    def program(*arguments: str, given: object = None, lines: bool = False) -> tuple[int, list[Any], str]:
        words = list(arguments)
        if given is not None:
            file = tmp_path / "given.json"
            text = "\n".join(map(json.dumps, given)) if lines and isinstance(given, list) else json.dumps(given)
            file.write_text(given if isinstance(given, str) else text, encoding="utf-8")
            words.append(str(file))
        status = main(words)
        out, error = capfdbinary.readouterr()
        return status, [json.loads(line) for line in out.decode().splitlines()], error.decode()

    return program


# duties -------------------------------------------------------------------------------------------------------------------


def test_duties_have_the_shape_of_the_interfaces(run: Run) -> None:
    status, (told,), _ = run("duties", "list", given=ASKED)
    assert status == 0
    assert set(told) == {"duties", "counters", "standing"}
    assert told["counters"] == [{"obligation": "LO-BB-01", "year": 2026, "have": 85, "need": 90, "satisfied": False}]
    for duty in told["duties"]:
        assert set(duty) - {"refines", "fulfils", "advised"} == DUTY_KEYS
    found = {duty["obligation"]: duty for duty in told["duties"]}
    assert found["LO-STAT-01"]["subject"] == {"period": "2026-06"}
    assert found["LO-STAT-01"]["nominal"] == found["LO-STAT-01"]["due"] == "2026-07-05"
    assert found["LO-STAT-01"]["remind_by"] == "2026-07-03"
    assert found["LO-STAT-01"]["refines"] == "IT-STAT-01"
    assert found["IT-PS-02"]["subject"] == {"stay": "S1", "guest": "a"}
    assert found["IT-PS-02"]["due"] == "2026-07-11T16:00+02:00"
    assert found["IT-PS-02"]["sanctions"] == ["N-109"]
    assert (found["SO-IDS-01"]["due"], found["SO-IDS-01"]["authority"]) == ("2026-07-16", "COM-SONDRIO")
    assert "IT-CIN-02" in {entry["obligation"] for entry in told["standing"]}


def test_duties_line_by_line(run: Run) -> None:
    given = [ASKED, {"property": {"type": "bb"}}, [], ASKED]
    status, told, _ = run("duties", "list", "--lines", given=given, lines=True)
    assert status == 1
    whole = {"duties", "counters", "standing"}
    assert [set(entry) for entry in told] == [whole, {"problems"}, {"problems"}, whole]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"from": None}, {"duties.range.missing"}),
        ({"from": "2026-08-01"}, {"duties.range.backwards"}),
        ({"to": "2056-08-01"}, {"duties.range.long"}),
        ({"to": "soon"}, {"shape.day.expected"}),
        ({"as_of": "2026-07-10"}, {"shape.instant.expected"}),
        ({"property": None}, {"duties.property.missing"}),
        ({"property": {"type": "castle", "comune": "014061"}}, {"shape.choice.unknown"}),
        ({"property": {"type": "bb"}}, {"duties.comune.missing"}),
        ({"property": {"comune": "014061"}}, {"duties.type.missing"}),
        ({"property": {"type": "bb", "comune": "ATLANTIDE"}}, {"duties.comune.unknown"}),
        ({"events": [{"kind": "flood", "on": "2026-07-01"}], "from": None}, {"event.kind.unknown", "duties.range.missing"}),
        ({"evnts": []}, {"shape.key.near"}),
        ({"stays": [{"id": "S1"}]}, {"stay.arrival.missing"}),
        ({"stays": [{"id": "S1", "arrival": "2026-07-10T16:00+02:00"}]}, {"duties.departure.unknown"}),
        (
            {
                "property": {"comune": "ATLANTIDE"}, "events": [{"kind": "price_change"}], "to": None,
                "stays": [{"id": "S0"}, {"id": "S1", "arrival": "2026-07-10T16:00+02:00"}],
            },
            {
                "duties.type.missing", "duties.comune.unknown", "event.fact.missing", "duties.range.missing",
                "stay.arrival.missing", "duties.departure.unknown",
            },
        ),
        ({"property": {"type": "castle", "comune": 5}}, {"shape.choice.unknown", "shape.text.expected"}),
        ({"property": {}, "stays": [{"id": "S1", "arrival": "2026-07-10T16:00+02:00"}]}, {
            "duties.type.missing", "duties.comune.missing", "duties.departure.unknown",
        }),
        ({"property": 5, "from": None, "to": None, "stays": None, "events": None, "as_of": None}, {
            "shape.object.expected", "duties.range.missing",
        }),
        ({"property": None, "stays": [{"id": "S1", "arrival": "2026-07-10T16:00+02:00", "departure": "2026-07-09"}]}, {
            "duties.property.missing", "stay.departure.before_arrival",
        }),
    ],
)
def test_all_problems_of_the_input_together(run: Run, change: dict[str, Any], codes: set[str]) -> None:
    status, (told,), _ = run("duties", "list", "--language", "en", given={**ASKED, **change})
    assert status == 1
    assert set(told) == {"problems"}
    assert {problem["code"] for problem in told["problems"]} == codes
    assert all(problem["message"] and problem["hint"] and problem["source"] for problem in told["problems"])


def test_a_stay_keeps_its_place_among_those_that_cannot_be_read(run: Run) -> None:
    stays = [{"id": "S0"}, {"id": "S1", "arrival": "2026-07-10T16:00+02:00"}]
    _, (told,), _ = run("duties", "list", given={**ASKED, "stays": stays})
    assert [problem["where"] for problem in told["problems"]] == ["stays[0].arrival", "stays[1].departure"]


@pytest.mark.parametrize(
    ("words", "text", "codes"),
    [
        ("duties list", '{"property": 5}', {"shape.object.expected", "duties.range.missing"}),
        (
            "duties list", '{"from": "2026-07-01", "from": "2026-07-02"}',
            {"shape.key.twice", "duties.range.missing", "duties.property.missing"},
        ),
        ("tax late", '{"due": "2026-07-01", "due": "2026-07-02"}', {"shape.key.twice", "late.fact.missing"}),
        ("duties list", "[]", {"shape.object.expected"}),
        ("tax late", "null", {"shape.object.expected"}),
        ("tax late", "{", {"shape.json.broken"}),
    ],
)
def test_what_is_missing_is_told_of_every_object_and_of_nothing_else(run: Run, words: str, text: str, codes: set[str]) -> None:
    status, (told,), _ = run(*words.split(), given=text)
    assert status == 1
    assert {problem["code"] for problem in told["problems"]} == codes


@pytest.mark.parametrize(
    ("portal", "known"),
    [
        ("ALLOGGIATI", True), ("alloggiati web", True), ("ABIT", True), ("ROSS1000", True), ("SPOT", True), ("DMS", True),
        ("RADAR", False), ("ALLOGIATI", False), ("police", False), ("-", False),
    ],
)  # fmt: skip
def test_a_mistyped_portal_is_told_and_that_of_another_region_is_not_ours(run: Run, portal: str, known: bool) -> None:
    told_of = {"outage": "from", "portal_receipt": "at"}
    events = [{"kind": kind, key: "2026-07-03", "portal": portal} for kind, key in told_of.items()]
    _, (told,), _ = run("duties", "list", given={**ASKED, "events": events})
    found = [(problem["code"], problem["where"]) for problem in told.get("problems", [])]
    assert found == ([] if known else [("event.portal.unknown", f"events[{index}].portal") for index in (0, 1)])


def test_the_floors_of_a_let_give_its_extinguishers(run: Run) -> None:
    def asked(**more: Any) -> dict[str, int | None]:
        house = {"type": "locazione_turistica", "comune": "072030", **more}
        status, (told,), _ = run("duties", "list", given={**ASKED, "property": house})
        assert status == 0
        return {entry["obligation"]: entry.get("extinguishers") for entry in told["standing"]}

    assert asked(floors_m2=[80, 200, 201])["IT-SIC-01"] == 1 + 1 + 2
    assert {ident for ident, count in asked(floors_m2=[80, 200, 201]).items() if count} == {"IT-SIC-01"}
    assert asked()["IT-SIC-01"] is None, "nobody counts floors that were not told"


def test_broken_json_is_a_problem(run: Run) -> None:
    status, (told,), _ = run("duties", "list", given="{")
    assert status == 1
    assert told["problems"][0]["code"] == "shape.json.broken"


# sanctions ----------------------------------------------------------------------------------------------------------------


def test_a_sanction_has_the_shape_of_the_interfaces(run: Run) -> None:
    status, (told,), _ = run("sanction", "show", "L-STAT", "--count", "3", "--on", "2026-05-10")
    assert status == 0
    shape = ("id", "min", "max", "reduced", "repetition", "suspension", "revocation", "warning_first")
    assert {key: told[key] for key in shape} == {
        "id": "L-STAT", "min": "750.00", "max": "7500.00", "reduced": "1500.00", "repetition": "none",
        "suspension": {"possible": False, "max_months": None}, "revocation": False, "warning_first": True,
    }  # fmt: skip
    assert "L. 689/1981 art. 16" in told["articles"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("N-109", {"min": "0.00", "max": "206.00", "reduced": None, "warning_first": False}),
        ("N-CIN-MISS --on 2026-05-10", {"reduced": "1600.00", "warning_first": False}),
        ("N-CIN-SHOW --on 2026-05-10", {"reduced": "1000.00", "warning_first": True}),
        ("N-CIN-SHOW --on 2024-08-01", {"warning_first": False}),
        ("N-SIC --count 2", {"min": "1200.00", "max": "12000.00", "reduced": "2400.00", "warning_first": False}),
        ("S-26-4d --earlier 1", {"min": "1000.00", "max": "4000.00", "reduced": "1333.33", "repetition": "recidiva"}),
        (
            "S-26-4d --earlier 2",
            {"suspension": {"possible": True, "max_months": 3, "condition": "optional, on repeated recidiva (recidivism)"}},
        ),
        ("S-26-4d --suspensions 2024-01-01,2025-01-01,2026-02-02", {"revocation": True}),
        ("S-26-4d --suspensions 2022-01-01,2025-01-01,2026-02-02", {"revocation": False}),
        ("S-26-2 --suspensions 2024-01-01,2025-01-01,2026-02-02", {"revocation": True}),
        ("S-26-4bis --earlier 3", {"min": "200.00", "max": "1000.00", "repetition": "none"}),
        ("L-SCIA --earlier 1", {"min": "4000.00", "max": "40000.00", "reduced": "8000.00"}),
        ("L-INFO --earlier 4", {"min": "2000.00", "repetition": "none"}),
        ("P-SPOT-LATE --on 2021-06-30 --count 4", {"min": "0.00", "max": "0.00"}),
        ("P-SPOT-LATE --on 2022-01-31 --count 4", {"min": "400.00", "max": "1200.00", "reduced": "400.00"}),
        ("P-SPOT-2017P --on 2019-06-30", {"reduced": "66.67"}),
        ("P-CPS", {"min": None, "max": None, "reduced": None}),
        ("M-500", {"min": "500.00", "max": "500.00", "reduced": "166.67"}),
        ("N-IDS-VERS --on 2026-01-17", {"min": "25.00", "max": "25.00", "reduced": None}),
        ("N-IDS-VERS --on 2024-08-31", {"min": "30.00", "max": "30.00"}),
        ("N-STAT-322", {"reduced": "412.00", "company": {"min": "516.00", "max": "5164.00", "reduced": "1032.00"}}),
    ],
)
def test_worked_sanctions(run: Run, words: str, expected: dict[str, Any]) -> None:
    status, (told,), _ = run("sanction", "show", "--language", "en", *words.split())
    assert status == 0
    assert {key: told[key] for key in expected} == expected
    assert told["articles"]


def test_every_sanction_of_the_packs_can_be_shown(run: Run) -> None:
    from locanda.law.packs.tree import builtin_tree
    from locanda.law.sanctions import find_rules

    tree = builtin_tree()
    ids = {
        change.id for place in tree.walk() if place.file is not None for change in tree.pack(place.path).changes
        if change.kind == "sanction"
    }  # fmt: skip
    assert len(ids) >= 42
    for ident in ids:
        rules = find_rules(ident)
        assert rules is not None
        day = rules.versions("sanction", ident)[-1].valid_from
        status, (told,), _ = run("sanction", "show", ident, "--on", day.isoformat())
        assert (status, told["id"]) == (0, ident)


def test_a_sanction_out_of_force_says_when_it_held(run: Run) -> None:
    status, (told,), _ = run("sanction", "show", "P-SPOT-2017T", "--on", "2026-01-01", "--language", "en")
    assert status == 1
    assert told["problems"][0]["code"] == "sanction.day.not_in_force"
    assert "2018-01-01/2019-12-31" in told["problems"][0]["hint"]


@pytest.mark.parametrize(
    "words",
    [
        "NOPE", "L-STAT --count 0", "L-STAT --earlier -1", "L-STAT --on 2026-02-30", "S-26-4d --suspensions 2026",
        "S-26-4d --suspensions 0001-01-01,0001-01-02", "L-STAT --on 9999-12-31",
        "L-STAT --colour red", "",
    ],
)
def test_a_wrong_call_is_one_line(run: Run, words: str) -> None:
    status, told, error = run("sanction", "show", *words.split())
    assert (status, told) == (2, [])
    assert error.count("\n") == 1
    assert "Traceback" not in error


# authorities --------------------------------------------------------------------------------------------------------------


def test_every_way_to_an_office_is_told(run: Run) -> None:
    _, (told,), _ = run("authority", "show", "PU-SPOT-03", "--comune", "110009", "--language", "en")
    line = next(other for other in told["others"] if other["office"] == "RP-SPOT")
    assert (line["phone"], line["pec"]) == ("800174555", None)
    assert line["hours"] == "Monday to Friday, 9:00-18:30; less during the holidays"
    _, (told,), _ = run("authority", "show", "IT-PS-04", "--comune", "095038", "--language", "en")
    assert "two copies" in told["remarks"]
    _, (told,), _ = run("authority", "show", "MO-IDS-08", "--comune", "072030")
    assert (told["fax"], told["address"]) == ("080/743568", "via Garibaldi 6, 70043 Monopoli (BA)")


def test_an_authority_has_the_shape_of_the_interfaces(run: Run) -> None:
    status, (told,), _ = run("authority", "show", "IT-PS-04", "--comune", "110009", "--language", "en")
    assert status == 0
    assert (told["office"], told["pec"], told["verified"]) == ("CO-TRANI", "dipps19g.5300@pecps.poliziadistato.it", True)
    extract = {"case": "single_flat", "document": "land-register extract", "condition": None, "alternatives": []}
    assert {**extract, "status": "official"} in told["documents"]
    _, (elsewhere,), _ = run("authority", "show", "IT-PS-04", "--comune", "072030", "--language", "en")
    assert {**extract, "status": "unverified"} in elsewhere["documents"], "that list is the one of another province"
    assert any("PDF" in rule for rule in told["rules"])


def test_a_missing_pec_is_null_and_not_verified(run: Run) -> None:
    status, (told,), _ = run("authority", "show", "IT-PS-04", "--comune", "014061")
    assert status == 0
    assert (told["office"], told["pec"], told["verified"]) == ("QU-SO", None, False)


def test_the_replacement_form_of_trani_goes_to_the_questura(run: Run) -> None:
    _, (told,), _ = run("authority", "show", "BT-PS-02", "--comune", "110009")
    assert told["office"] == "QU-BT"


@pytest.mark.parametrize("words", ["IT-PS-04", "IT-PS-04 --comune 999999", "NO-DUTY --comune 110009", "BT-PS-01 --comune 072030"])
def test_an_unknown_duty_or_comune_is_a_wrong_call(run: Run, words: str) -> None:
    status, told, error = run("authority", "show", *words.split())
    assert (status, told) == (2, [])
    assert error.count("\n") == 1


# late tax -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("comune", "due", "days"), [
    ("058091", "2026-06-29", 0), ("058091", "2026-06-27", 0), ("015146", "2026-06-29", 1), ("015146", "2026-06-27", 1),
])  # fmt: skip
def test_the_holiday_of_rome_moves_the_tax_of_rome(run: Run, comune: str, due: str, days: int) -> None:
    """29 June 2026 is a Monday."""
    _, (told,), _ = run("tax", "late", given={"amount": "100.00", "due": due, "paid": "2026-06-30", "comune": comune})
    assert told["days_late"] == days


def test_a_late_payment_has_the_shape_of_the_interfaces(run: Run) -> None:
    given = {"amount": "500.00", "due": "2025-07-16", "paid": "2025-07-28", "comune": "072030"}
    status, (told,), _ = run("tax", "late", given=given)
    assert status == 0
    assert set(told) == {"days_late", "sanction", "interest", "total", "rule"}
    assert (told["days_late"], told["sanction"], told["interest"], told["total"]) == (12, "5.00", "0.33", "505.33")
    assert told["rule"]["sanction"]["id"] == "N-IDS-VERS"
    assert told["rule"]["interest"] == [{"year": 2025, "days": 12, "percent": "2", "source": "S37"}]


def test_an_unknown_year_is_said(run: Run) -> None:
    status, (told,), _ = run("tax", "late", given={"amount": "500.00", "due": "2026-10-16", "paid": "2027-02-01"})
    assert status == 1
    assert (told["sanction"], told["interest"], told["total"]) == ("15.63", None, None)
    assert [problem["code"] for problem in told["problems"]] == ["late.interest.unknown"]
    assert "2027" in told["problems"][0]["message"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"amount": "5"}, {"shape.money.expected"}),
        ({"amount": None, "due": None}, {"late.fact.missing"}),
        ({"paid": "x"}, {"shape.day.expected"}),
        ({"comune": "ATLANTIDE"}, {"duties.comune.unknown"}),
        ({"sum": 1}, {"shape.key.unknown"}),
    ],
)
def test_problems_of_a_late_payment(run: Run, change: dict[str, Any], codes: set[str]) -> None:
    given = {"amount": "500.00", "due": "2025-07-16", "paid": "2025-07-28", "comune": "072030"}
    status, (told,), _ = run("tax", "late", given={**given, **change})
    assert status == 1
    assert {problem["code"] for problem in told["problems"]} == codes


def test_late_payments_line_by_line(run: Run) -> None:
    given = [
        {"amount": "500.00", "due": "2025-07-16", "paid": "2025-07-28"}, 7,
        {"amount": "1.00", "due": "2025-07-16", "paid": "2025-07-16"},
    ]  # fmt: skip
    status, told, _ = run("tax", "late", "--lines", given=given, lines=True)
    assert status == 1
    assert [entry.get("total") for entry in told] == ["505.33", None, "1.00"]


# anything at all ----------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.sampled_from(
        ["", "x", "bb", "072030", "2026-07-10", "2999-12-31", "2026-07-10T16:00+02:00", "5.00", "outage", "ALLOGGIATI"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([
            "property", "stays", "events", "from", "to", "as_of", "type", "comune", "since", "arrival", "departure", "nights",
            "guests", "kind", "at", "on", "portal", "form", "year", "days", "count", "tax_year", "amount", "due", "paid",
        ]), inner, max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_no_json_breaks_the_doors(value: object) -> None:
    data = json.dumps(value).encode()
    for answer in (duties_answer, late_answer):
        told = answer(data, "it")
        json.dumps(told)
        assert told.get("problems") or "duties" in told or "total" in told


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({
    "stays": JSON, "events": st.lists(JSON, max_size=2), "as_of": JSON, "property": st.fixed_dictionaries({
        "type": st.sampled_from(["bb", "locazione_turistica"]), "comune": st.just("072030"), "since": JSON,
    }),
}))  # fmt: skip
def test_no_fact_beside_good_ones_breaks_the_list(value: dict[str, Any]) -> None:
    told = duties_answer(json.dumps({**value, "from": "2026-01-01", "to": "2026-12-31"}).encode(), "en")
    assert told.get("problems") or told["duties"]
