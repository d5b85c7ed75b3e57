"""The page of a stay for the visitor statistics, posted as a browser posts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive import erasure
from locanda.archive.models import Property, Stay, Unit
from locanda.office.tax import facts
from tests.web.scene import as_role
from tests.world import World, family, guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(here: World) -> World:
    Property.objects.of(here.account).update(rooms=1, beds=4)
    here.property.refresh_from_db()
    return here


def address(stay: Stay) -> str:
    return reverse("stay_flows", args=[stay.pk])


def told(stay: Stay) -> list[dict[str, Any]]:
    row = Stay.objects.of(stay.account_id).select_related("property", "account", "unit").get(pk=stay.pk)
    return list(facts.shape_of(row, facts.guests_of(row.account_id, [row.pk])[row.pk])["guests"])


def test_the_stay_says_what_is_missing_and_leads_there(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(*family())
    page = visit().get(reverse("stay", args=[stay.pk])).content.decode()
    assert "Serve per la statistica" in page and "residenza: 3 ospiti" in page and address(stay) in page
    fields = {f"g{place}-residence": "BOLOGNA (BO)" for place in range(3)} | {f"g{place}-counts": "yes" for place in range(3)}
    answer = visit().post(address(stay), fields | {"do": "save"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("stay", args=[stay.pk]))
    page = visit().get(answer["Location"]).content.decode()
    assert "C&#x27;è tutto per la statistica (SPOT)" in page or "C'è tutto per la statistica (SPOT)" in page


def test_saved_by_halves_it_stays_open(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(*family())
    answer = visit().post(address(stay), {"g0-residence": "Francia", "do": "save"})
    assert answer["Location"] == address(stay)
    assert [one.get("residence_state") for one in told(stay)] == ["100000215", None, None]


def test_the_others_do_as_is_said_of_all_and_who_differs_says_so(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(*family())
    fields = {
        "tourism": "seaside", "transport": "car", "channel": "portal", "g1-tourism": "sport", "g2-transport": "-",
        "g1-counts": "displaced", "g2-bed": "no", "g0-education": "degree",
    }  # fmt: skip
    visit().post(address(stay), fields)
    head, child, spouse = told(stay)
    assert [one.get("tourism") for one in (head, child, spouse)] == ["seaside", "sport", "seaside"]
    assert [one.get("transport") for one in (head, child, spouse)] == ["car", "car", None]
    assert (head["education"], child["tourist"], spouse["occupies_bed"]) == ("degree", False, False)
    page = visit().get(address(stay)).content.decode()
    assert page.count('<option value="seaside" selected>') == 1 and page.count('<option value="sport" selected>') == 1
    assert '<option value="displaced" selected>' in page and '<option value="portal" selected>' in page


def test_a_wrong_word_is_said_and_nothing_is_stored(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(guest())
    answer = visit().post(address(stay), {"g0-residence": "Bolgona", "tourism": "seaside"})
    assert answer.status_code == 422 and 'href="#g0-residence"' in answer.content.decode()
    assert "tourism" not in told(stay)[0]
    answer = visit().post(address(stay), {"g0-counts": "<boh>"})  # no choice of ours
    assert answer.status_code == 422 and '<option value="&lt;boh&gt;" selected>' in answer.content.decode()
    answer = visit().post(address(stay), {"tourism": "noia"})
    assert answer.status_code == 422


def test_copied_on_purpose_without_any_script(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(*family())
    page = visit().post(address(stay), {"g0-residence": "BOLOGNA (BO)", "do": "same:1"}).content.decode()
    assert 'id="g1-residence" name="g1-residence" value="BOLOGNA (BO)"' in page
    assert 'id="g2-residence" name="g2-residence" value=""' in page
    assert "Stessa residenza di D&#x27;AMICO LUCA" in page
    assert all("residence_state" not in one for one in told(stay))  # copying is not saving


def test_without_names_a_guest_is_what_is_left_of_them(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(guest(birth_date="1984-05-10"))
    for party in stay.parties.all():
        erasure.erase_party(party, at=home.now, actor="engine", why="test")
    page = visit().get(address(stay)).content.decode()
    assert "Ospite 1, 1984, Femmina" in page and "ROSSI" not in page
    assert visit().post(address(stay), {"g0-residence": "BOLOGNA (BO)"}).status_code == 302
    assert told(stay)[0]["residence_comune"] == "408037006"


def test_units_are_chosen_and_those_gone_do_not_vanish(home: World, visit: Callable[..., Client]) -> None:
    Property.objects.of(home.account).update(rooms=3)
    Unit.objects.of(home.account).bulk_create([Unit(account=home.account, property=home.property, name=name) for name in "AB"])
    stay = home.check_in(guest(residence_state="FR"))
    visit().post(address(stay), {"g0-residence": "Francia", "units_listed": "1", "units": ["A", "B"]})
    Unit.objects.of(home.account).filter(name="B").delete()
    page = visit().get(address(stay)).content.decode()
    assert page.count('name="units" value="') == 2 and page.count("checked><span>") >= 2
    visit().post(address(stay), {"g0-residence": "Francia", "units_listed": "1"})
    page = visit().get(address(stay)).content.decode()
    assert "camere o unità occupate" in page


def test_a_channel_of_the_tax_is_changed_there_only(home: World, visit: Callable[..., Client], monkeypatch: Any) -> None:
    from locanda.web.views import stay_flows

    stay = home.check_in(guest())
    facts.change(stay, {"channel": "airbnb"}, {}, now=home.now, person=home.person)
    monkeypatch.setattr(stay_flows, "_of_the_tax", lambda row: "airbnb")
    page = visit().get(address(stay)).content.decode()
    assert "<strong>airbnb</strong>" in page and 'name="channel"' not in page
    visit().post(address(stay), {"channel": "portal"})
    row = Stay.objects.of(home.account).select_related("account").get(pk=stay.pk)
    assert facts.facts_of(row)["channel"] == "airbnb"


def test_who_may_look_and_who_may_tell(home: World, visit: Callable[..., Client]) -> None:
    stay = home.check_in(guest())
    reader = visit(as_role(home, "reader").person)
    assert reader.get(address(stay)).status_code == 200
    assert reader.post(address(stay), {"g0-residence": "Francia"}).status_code == 403
    assert visit(as_role(home, "front_desk").person).post(address(stay), {"g0-residence": "Francia"}).status_code == 302
    Stay.objects.of(home.account).update(status="cancelled")
    assert visit().get(address(stay)).status_code == 404


def test_of_two_windows_the_second_is_told_and_keeps_what_was_typed(home: World, visit: Callable[..., Client]) -> None:
    stay, client = home.check_in(guest()), visit()
    seen = {"seen": client.get(address(stay)).context["seen"], "do": "save"}
    client.post(address(stay), seen | {"g0-residence": "Francia", "tourism": "seaside"})
    late = client.post(address(stay), seen | {"g0-residence": "Germania", "tourism": "sport"})
    page = late.content.decode()
    assert late.status_code == 422 and "Nel frattempo" in page and 'value="Germania"' in page and "selected>" in page
    assert [(one["residence_state"], one["tourism"]) for one in told(stay)] == [("100000215", "seaside")]
    client.post(address(stay), {"seen": late.context["seen"], "g0-residence": "Germania", "tourism": "sport", "do": "save"})
    assert [(one["residence_state"], one["tourism"]) for one in told(stay)] == [("100000216", "sport")]
