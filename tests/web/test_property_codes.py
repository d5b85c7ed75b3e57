"""The codes of a property and the question about gas, on the page of the property (spec adempimenti 5.1, 5.2, D22)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive.models import Property
from locanda.law.safety import Devices
from locanda.office.standing import standing
from tests.world import World

pytestmark = pytest.mark.django_db

TRULLO = {"name": "Il Trullo", "type": "bb", "comune": "MONOPOLI (BA)", "business": "no", "credential": ""}
DETECTORS = [
    "Rilevatore di gas",
    "Rilevatore di monossido di carbonio",
    "Da verificare: rilevatore di gas, se c'è un impianto a gas",
    "Da verificare: rilevatore di monossido di carbonio, salvo che il monossido sia escluso con certezza",
]
HOME = TRULLO | {"type": "locazione_turistica", "floors_m2": "80"}


def text(answer: object) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())  # type: ignore[attr-defined]


def test_codes_are_kept_as_they_are_written_properly(here: World, visit: Callable[..., Client]) -> None:
    client, page = visit(), reverse("property", args=[here.property.pk])
    told = TRULLO | {"cin": " it 072030 c200012345 ", "regional_code": "072030-c2-00012345"}
    shown = text(client.post(page, told, follow=True))
    here.property.refresh_from_db()
    assert (here.property.cin, here.property.regional_code) == ("IT072030C200012345", "072030C200012345")
    assert "Salvato" in shown and 'role="status"' in shown and "note trouble" not in shown
    assert 'value="IT072030C200012345"' in shown
    client.post(page, TRULLO | {"cin": " - ", "regional_code": "-"})
    here.property.refresh_from_db()
    assert (here.property.cin, here.property.regional_code) == ("", "")
    assert 'name="cin"' not in text(client.get(reverse("first_property")))


@pytest.mark.parametrize(("cin", "why"), [("072030C200012345", "è un codice regionale"), ("IT12345678901", "solo cifre")])
def test_what_cannot_be_a_cin_is_said_beside_the_field(here: World, visit: Callable[..., Client], cin: str, why: str) -> None:
    answer = visit().post(reverse("property", args=[here.property.pk]), TRULLO | {"cin": cin})
    assert answer.status_code == 422 and why in text(answer).split('id="id_cin_error"')[1].split("<input")[0]
    here.property.refresh_from_db()
    assert here.property.cin == ""


@pytest.mark.parametrize(
    ("field", "code", "note"),
    [
        ("cin", "IT072006C200012345", "CIN: Il codice comincia con il comune 072006"),
        ("regional_code", "BA07200691000012345", "Il codice comincia con il comune 072006"),  # a CIS, which Puglia gave
        ("regional_code", "QUALCOSA7", "Codice regionale: "),
        ("regional_code", "IT072030C200012345", "Codice regionale: "),
    ],
)
def test_doubts_are_notes_and_block_nothing(here: World, visit: Callable[..., Client], field: str, code: str, note: str) -> None:
    shown = text(visit().post(reverse("property", args=[here.property.pk]), TRULLO | {field: code}, follow=True))
    here.property.refresh_from_db()
    assert getattr(here.property, field) == code
    assert note in shown.split("note trouble")[1].split("</div></div>")[0]


@pytest.mark.parametrize(
    ("gas", "needed", "said"),
    [
        ("yes", True, DETECTORS[:2]),
        ("no", False, []),
        ("", None, DETECTORS[2:]),
    ],
)
def test_gas_decides_the_detectors_of_a_home_let_to_tourists(
    here: World, visit: Callable[..., Client], gas: str, needed: bool | None, said: list[str]
) -> None:
    client, page = visit(), reverse("property", args=[here.property.pk])
    assert 'name="gas"' not in text(client.get(page))  # a B&B is not asked
    Property.objects.of(here.account).update(type="locazione_turistica", gas="no" if gas != "no" else "yes")
    assert text(client.get(page)).count('name="gas"') == 3
    client.post(page, HOME | {"gas": gas})
    here.property.refresh_from_db()
    assert here.property.gas == gas and here.property.floors_m2 == [str(Decimal(80))]
    (entry,) = [entry for entry in standing(here.property, now=here.now) if entry.devices is not None]
    assert entry.devices == Devices(1, needed, needed)
    sheet = text(client.get(reverse("inspection", args=[here.property.pk])))
    assert [words for words in DETECTORS if f">{words}<" in sheet] == said
