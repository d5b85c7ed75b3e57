"""Where a guest lives: one field, copied from the first guest only on purpose, never in the way of the police."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from locanda import places
from locanda.archive.models import Guest, Stay
from locanda.core.problems import Problem
from locanda.office import check_in as office
from locanda.web import check_in_form as sheets
from locanda.web.residence_field import read_residence, residence_fields, suggestions
from tests.web.test_check_in import one, sheet
from tests.world import World

DAY = date(2026, 7, 10)
TABLES = places.builtin()
HERE = {"residence_state": places.ITALY, "residence_comune": "408037006"}


def read(text: str, place: str = "", code: str = "") -> tuple[dict[str, str], list[str]]:
    found: list[Problem] = []
    fields = {"residence": text, "residence-code": code, "residence_place": place}
    return read_residence(fields, "guests[0]", TABLES, DAY, found), [problem.code for problem in found]


@pytest.mark.parametrize(
    ("text", "place", "told", "problems"),
    [
        ("", "", {}, []),
        ("BOLOGNA (BO)", "", HERE, []),
        ("bologna", "", HERE, []),
        ("Germania", "", {"residence_state": "100000216"}, []),
        ("DE", "Berlin", {"residence_state": "100000216", "residence_place": "Berlin"}, []),
        ("Italia", "", {}, ["form.residence.comune_missing"]),
        ("Bolgona", "", {}, ["form.residence.unknown"]),
        ("CASTRO", "", {}, ["form.residence.unclear"]),
        ("", "Berlin", {}, ["form.residence.state_missing"]),
        ("BOLOGNA (BO)", "Berlin", {}, ["form.residence_place.in_italy"]),
        ("Germania", "x" * 31, {}, ["form.residence_place.long"]),
    ],
)
def test_one_field_takes_a_comune_or_a_state(text: str, place: str, told: dict[str, str], problems: list[str]) -> None:
    assert read(text, place) == (told, problems)


def test_the_code_of_what_was_chosen_counts_while_its_words_stand() -> None:
    assert read("CASTRO (BG)", code="403016065|CASTRO (BG)")[1] == []
    assert read("CASTRO", code="403016065|CASTRO (BG)")[1] == ["form.residence.unclear"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("bol", "BOLOGNA (BO)"), ("ger", "GERMANIA"), ("mon", "MONZA (MB)"), ("reg", "REGGIO EMILIA (RE)"), ("castro", "CASTRO")],
)
def test_what_most_people_mean_comes_first(typed: str, first: str) -> None:
    assert suggestions(typed, TABLES, DAY, 8)[0].label.startswith(first)


def test_italy_is_no_residence_and_nothing_that_has_ended_is_one() -> None:
    assert all(row.label != "ITALIA" for row in suggestions("ital", TABLES, DAY, 8))
    labels = {row.label for typed in ("urss", "jugosl", "corigliano c", "rossano") for row in suggestions(typed, TABLES, DAY, 8)}
    assert labels.isdisjoint({"URSS", "JUGOSLAVIA", "CORIGLIANO CALABRO (CS)", "ROSSANO (CS)"})
    assert "CORIGLIANO-ROSSANO (CS)" in labels


@given(st.sampled_from([row for row in (*TABLES.comuni, *TABLES.states) if row.police and row.valid_to is None]))
def test_what_is_shown_is_read_back_as_the_same_place(row: Any) -> None:
    in_italy = isinstance(row, places.Comune)
    shape = {"residence_state": places.ITALY, "residence_comune": row.police} if in_italy else {"residence_state": row.police}
    found: list[Problem] = []
    again = read_residence(residence_fields(shape, TABLES, DAY), "", TABLES, DAY, found)
    if row.police == places.ITALY:
        assert [problem.code for problem in found] == ["form.residence.comune_missing"]
    else:
        assert (again, found) == (shape, [])


# ----------------------------------------------------------------------------------------------------------- the sheet


@pytest.mark.django_db
def test_a_residence_is_stored_and_its_absence_stops_nothing(here: World, visit: Callable[..., Client]) -> None:
    first = one(residence="BOLOGNA (BO)")
    second = one(1, surname="WEISS", residence="Germania", residence_place="Berlin", doc_number="CA99999AA")
    third = one(2, surname="NERI", doc_number="CA88888AA")
    answer = visit().post(reverse("check_in"), sheet(here, first, second, third, kind="several"))
    assert answer.status_code == 302
    stay = Stay.objects.of(here.account).get()
    rows = Guest.objects.of(here.account).filter(party__stay=stay).order_by("position")
    lives = list(rows.values_list("residence_state", "residence_comune", "residence_place"))
    assert lives == [("100000100", "408037006", ""), ("100000216", "", "Berlin"), ("", "", "")]


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_beside_its_field(here: World, visit: Callable[..., Client]) -> None:
    answer = visit().post(reverse("check_in"), sheet(here, one(residence="Bolgona")))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#g0-residence"' in page and "non si riconosce" in page
    assert not Stay.objects.of(here.account).filter(status="checked_in").exists()


@pytest.mark.django_db
def test_the_residence_of_the_first_guest_is_copied_only_when_asked_and_given_back(
    here: World, visit: Callable[..., Client]
) -> None:
    nobody = one(1, surname="ROSSI", name="UGO", doc_number="")
    fields = sheet(here, one(residence="Germania", residence_place="Berlin"), nobody, kind="family")
    page = visit().post(reverse("check_in"), fields | {"do": "draft"}, follow=True)
    draft = Stay.objects.of(here.account).get(status="draft")
    assert [one["residence"] for one in office.draft_of(draft)["sheet"]["guests"]] == ["Germania", ""]
    page = visit().post(reverse("check_in"), fields | {"do": "same:1"}).content.decode()
    assert 'id="g1-residence" name="g1-residence" value="Germania"' in page and 'value="Berlin"' in page
    assert "Togli questa residenza" in page
    again = {**fields, "g1-residence": "Germania", "g1-residence_place": "Berlin", "do": "same:1"}
    page = visit().post(reverse("check_in"), again).content.decode()
    assert 'id="g1-residence" name="g1-residence" value=""' in page and "Stessa residenza di ROSSI MARIA" in page


@pytest.mark.django_db
def test_the_list_of_the_field(here: World, visit: Callable[..., Client]) -> None:
    page = visit().post(reverse("places"), {"q": "bol", "kind": "residence"}).content.decode()
    assert page.index("BOLOGNA (BO)") < page.index("BOLIVIA")


def test_a_draft_from_before_opens_with_its_residence() -> None:
    old = {"surname": "ROSSI", "residence_state": "ITALIA", "residence_comune": "BOLOGNA (BO)", "residence_comune-code": "x|y"}
    found = sheets.renewed(old)
    assert (found["residence"], found["residence-code"], found["surname"]) == ("BOLOGNA (BO)", "x|y", "ROSSI")
    assert found.keys() == sheets.blank_guest().keys()
    assert sheets.renewed({"residence_state": "GERMANIA"})["residence"] == "GERMANIA"
