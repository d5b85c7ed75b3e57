"""Requests to the police office: spec adempimenti 6.3, TULPS art. 11."""

from __future__ import annotations

from datetime import date

import pytest

from locanda.core.stays import Property
from locanda.law.credentials import CONDITIONS, REQUESTS, case_of, papers, request
from locanda.law.packs import chain

TODAY = date(2026, 11, 1)
TRANI, MONOPOLI, SONDRIO = chain("110009"), chain("072030"), chain("014061")
FLAT = Property(id="P", type="locazione_turistica", comune="110009")


@pytest.mark.parametrize(
    ("kind", "business", "flats", "agency", "case"),
    [
        ("locazione_turistica", False, 1, False, "single_flat"),
        ("locazione_turistica", False, 2, False, "management"),
        ("locazione_turistica", False, 1, True, "management"),
        ("cav", False, 1, False, "single_flat"),
        ("cav", True, 3, False, "accommodation"),
        ("bb", False, 1, False, "accommodation"),
        ("albergo", True, 1, False, "accommodation"),
        ("campeggio", True, 1, False, "accommodation"),
        ("casa_di_cura", True, 1, False, "accommodation"),
        ("ostello", False, 1, False, "accommodation"),
    ],
)
def test_which_list_applies(kind: str, business: bool, flats: int, agency: bool, case: str) -> None:
    assert case_of(Property(type=kind, business=business), flats=flats, agency=agency) == case


def wanted(case: str, *facts: str) -> list[str]:
    return [entry.paper.id for entry in papers(case, TRANI, TODAY, facts) if entry.required]


def test_the_exact_lists() -> None:
    assert len(wanted("single_flat")) == 4
    assert len(wanted("single_flat", "co_owned", "tenant", "lease_silent")) == 7
    assert len(wanted("management")) == 6
    assert len(wanted("management", "company")) == 7
    assert len(wanted("accommodation")) == 4
    assert len(wanted("add_unit")) == 1
    assert len(wanted("closure")) == 2
    assert len(wanted("closure", "closing_notice")) == 3


def test_every_condition_names_a_paper() -> None:
    ids = {entry.paper.id for _, case in REQUESTS.values() if case for entry in papers(case, MONOPOLI, TODAY)}
    for case in ("request_form", "single_flat", "management", "accommodation"):
        ids |= {entry.paper.id for entry in papers(case, MONOPOLI, TODAY)}
    assert set(CONDITIONS) <= ids
    assert all(entry.depends_on is None or entry.paper.condition for entry in papers("single_flat", TRANI, TODAY))


def test_a_new_request_in_trani() -> None:
    found = request("credentials", FLAT, rules=TRANI, on=TODAY, facts={"tenant"})
    assert (found.duty, found.case, found.routes) == ("BT-PS-01", "single_flat", ("pec", "appointment"))
    assert found.office is not None
    assert (found.office.id, found.missing_pec) == ("CO-TRANI", False)
    assert [entry.paper.id for entry in found.papers if entry.required and entry.depends_on] == ["DOC-FLAT-6"]
    assert len(found.questions) == 3
    assert {rule.id for rule in found.rules} == {"police-request-rules", "police-fitness", "police-first-access"}


@pytest.mark.parametrize(
    ("kind", "duty"), [("credentials", "IT-PS-04"), ("added_property", "IT-PS-07"), ("deactivation", "IT-PS-08")]
)
def test_elsewhere_the_national_duty(kind: str, duty: str) -> None:
    found = request(kind, FLAT, rules=MONOPOLI, on=TODAY)
    assert found.duty == duty
    assert found.office is not None
    assert found.office.id == "QU-BA"
    assert bool(found.questions) is (kind == "credentials")


def test_an_address_that_is_not_known_is_said() -> None:
    found = request("credentials", FLAT, rules=SONDRIO, on=TODAY)
    assert found.missing_pec
    assert found.office is not None
    assert found.office.pec is None


def test_a_lost_password() -> None:
    found = request("password_reset", FLAT, rules=TRANI, on=TODAY)
    assert [rule.id for rule in found.rules] == ["police-password"]
    assert found.office is not None
    assert found.office.id == "CO-TRANI"


def test_fitness_of_the_applicant() -> None:
    questions = request("credentials", FLAT, rules=TRANI, on=TODAY).questions
    assert [question.effect for question in questions] == ["bars", "bars", "may_bar"]
    assert "ammonizione" in questions[1].text.it


def test_the_office_s_own_form_goes_first_where_it_has_one() -> None:
    for kind, form in (("credentials", "DOC-FORM-2"), ("password_reset", "DOC-RESET-2")):
        first = request(kind, FLAT, rules=TRANI, on=TODAY).papers[0]
        assert (first.paper.id, first.required, first.depends_on) == (form, True, None)
    for kind, form in (("credentials", "DOC-FORM-1"), ("password_reset", "DOC-RESET-1")):
        first = request(kind, FLAT, rules=MONOPOLI, on=TODAY).papers[0]
        assert (first.paper.id, first.required, first.depends_on) == (form, False, "office_form")
        assert request(kind, FLAT, rules=MONOPOLI, on=TODAY, facts={"office_form"}).papers[0].required
    assert "DOC-FORM" not in str(request("added_property", FLAT, rules=MONOPOLI, on=TODAY).papers)


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_list_that_is_another_office_s_is_not_sure(kind: str) -> None:
    assert not request(kind, FLAT, rules=TRANI, on=TODAY).unsure_papers
    assert request(kind, FLAT, rules=MONOPOLI, on=TODAY).unsure_papers


def test_an_appointment_is_a_way_for_new_credentials_alone() -> None:
    assert [kind for kind in REQUESTS if "appointment" in request(kind, FLAT, rules=TRANI, on=TODAY).routes] == ["credentials"]
