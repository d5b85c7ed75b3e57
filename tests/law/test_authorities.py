"""Which office for which duty and comune: spec adempimenti 6."""

from __future__ import annotations

from datetime import date

import pytest

from locanda.law.authorities import authority, comune_code, guidance, office_for, town_hall_closed
from locanda.law.packs import chain
from locanda.places import Unresolved

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("comune", "office", "pec"),
    [
        ("110001", "QU-BT", "dipps19g.00n0@pecps.poliziadistato.it"),
        ("110006", "QU-BT", "dipps19g.00n0@pecps.poliziadistato.it"),
        ("110008", "QU-BT", "dipps19g.00n0@pecps.poliziadistato.it"),
        ("110002", "CO-BARLETTA", "dipps19g.5100@pecps.poliziadistato.it"),
        ("110005", "CO-BARLETTA", "dipps19g.5100@pecps.poliziadistato.it"),
        ("110010", "CO-BARLETTA", "dipps19g.5100@pecps.poliziadistato.it"),
        ("110009", "CO-TRANI", "dipps19g.5300@pecps.poliziadistato.it"),
        ("110003", "CO-TRANI", "dipps19g.5300@pecps.poliziadistato.it"),
        ("110004", "CO-CANOSA", "dipps19g.5200@pecps.poliziadistato.it"),
        ("110007", "CO-CANOSA", "dipps19g.5200@pecps.poliziadistato.it"),
    ],
)
def test_in_the_bat_the_office_depends_on_the_duty(comune: str, office: str, pec: str) -> None:
    for duty in ("IT-PS-04", "IT-PS-07", "IT-PS-08", "BT-PS-01"):
        found = office_for(duty, comune, TODAY)
        assert found is not None
        assert (found.id, found.pec, found.verified) == (office, pec, True)
    for duty in ("IT-PS-02", "IT-PS-03", "IT-PS-05", "BT-PS-02"):
        found = office_for(duty, comune, TODAY)
        assert found is not None
        assert (found.id, found.pec) == ("QU-BT", "dipps19g.00n0@pecps.poliziadistato.it")


@pytest.mark.parametrize(
    ("comune", "office", "verified"),
    [
        ("072030", "QU-BA", True),
        ("014061", "QU-SO", False),
        ("090064", "QU-SS", True),
        ("095038", "QU-OR", True),
        ("092009", "QU-CA", False),
        ("091051", "QU-NU", False),
        ("015146", "QUESTURA", False),
    ],
)
def test_a_pec_nobody_vouches_for_is_never_shown_as_sure(comune: str, office: str, verified: bool) -> None:
    found = office_for("IT-PS-02", comune, TODAY)
    assert found is not None
    assert (found.id, found.verified) == (office, verified)
    assert (found.pec is not None) is verified


@pytest.mark.parametrize(
    ("duty", "comune", "office"),
    [
        ("MO-IDS-08", "072030", "COM-MONOPOLI"),
        ("LO-STAT-01", "014061", "PR-SO"),
        ("LO-STAT-01", "015146", "PROVINCIA"),
        ("SA-STAT-01", "090064", "RAS-TUR"),
        ("PU-SPOT-01", "110009", "RP-TUR"),
        ("IT-CIN-01", "110009", "MITUR"),
        ("LO-SUAP-01", "014061", "SUAP"),
    ],
)
def test_other_offices(duty: str, comune: str, office: str) -> None:
    found = office_for(duty, comune, TODAY)
    assert found is not None
    assert found.id == office


def test_a_duty_without_an_office_has_none() -> None:
    assert office_for("IT-NONE-01", "072030", TODAY) is None


def test_papers_and_rules_of_a_request() -> None:
    found = authority("BT-PS-01", "110009", TODAY)
    assert {paper.case for paper in found.documents} == {"single_flat", "management", "accommodation"}
    assert {paper.case for paper in authority("IT-PS-07", "110009", TODAY).documents} == {"add_unit"}
    assert {paper.case for paper in authority("IT-PS-08", "110009", TODAY).documents} == {"closure"}
    assert authority("MO-IDS-04", "072030", TODAY).documents == ()
    words = " ".join(step.en for rule in found.rules for step in (*rule.steps, *rule.refused))
    assert "One single PDF" in words
    assert "not processed" in words
    assert "ZIP" in words
    assert "appointment" in words


def test_what_to_write_when_spot_is_down() -> None:
    rules = guidance("PU-SPOT-03", TODAY, chain("110009"))
    report = next(rule for rule in rules if rule.id == "spot-fault-report")
    words = " ".join(step.en for step in report.steps)
    for fact in ("name and address", "screenshots", "contact details"):
        assert fact in words


@pytest.mark.parametrize(
    ("comune", "day", "closed"),
    [
        ("072030", date(2026, 12, 16), True),
        ("072030", date(2026, 12, 15), False),
        ("110001", date(2026, 9, 20), True),
        ("110001", date(2026, 9, 13), False),
        ("110001", date(2024, 9, 15), True),
        ("110003", date(2026, 12, 16), False),
    ],
)
def test_the_patron_saint_closes_the_town_hall(comune: str, day: date, closed: bool) -> None:
    assert town_hall_closed(chain(comune), day) is closed


@pytest.mark.parametrize(
    ("token", "code"),
    [("072030", "072030"), ("F376", "072030"), ("MONOPOLI (BA)", "072030"), ("116123", "116123"), ("112064", "112064")],
)
def test_codes_of_before_and_after_a_reform_are_taken_as_they_are(token: str, code: str) -> None:
    assert comune_code(token, TODAY) == code


def test_an_unknown_comune_is_not_guessed() -> None:
    assert isinstance(comune_code("ATLANTIDE", TODAY), Unresolved)


def test_a_feast_closes_no_town_hall_before_it_is_known() -> None:
    rules = chain("072030")
    assert town_hall_closed(rules, date(2026, 12, 16))
    assert not town_hall_closed(rules, date(2019, 12, 16))


def test_what_a_wider_territory_only_names_does_not_stand_beside_the_office() -> None:
    assert authority("IT-PS-02", "110009", TODAY).others == ()
    assert authority("LO-STAT-01", "014061", TODAY).others == ()
    assert [other.id for other in authority("PU-SPOT-03", "110009", TODAY).others] == ["RP-SPOT", "ARET"]


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        ("IT-PS-04", ["police-request-rules", "police-fitness", "police-password", "police-first-access"]),
        ("IT-PS-09", ["police-first-access"]),
        ("IT-SANZ-02", ["unjust-fine"]),
    ],
)
def test_what_the_pages_say_is_found_where_it_is_needed(duty: str, words: list[str]) -> None:
    assert [rule.id for rule in guidance(duty, TODAY, chain("110009"))] == words
