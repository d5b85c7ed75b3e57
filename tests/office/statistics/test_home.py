"""Which portal a property answers to, and that no more is promised than is done."""

from __future__ import annotations

from datetime import date

import pytest

from locanda.archive.models import Property
from locanda.office import accounts
from locanda.office.statistics.home import FlowService, service_of
from tests.world import World, world

DAY = date(2026, 7, 1)
# comune -> portal, format, mode
WHERE = {
    "MONOPOLI (BA)": ("DMS", "spot", "FILE"),
    "CAGLIARI (CA)": ("ROSS1000-SA", "ross1000", "WS"),
    "POTENZA (PZ)": ("ROSS1000-BAS", "ross1000", "FILE"),
    "SONDRIO (SO)": ("ABIT", "abit", "SHEET"),
    "MILANO (MI)": ("ROSS1000-LO", "ross1000", "WS"),
    "PALERMO (PA)": ("OSSERVATORIO-SIC", "c59", "NONE"),
    "PERUGIA (PG)": ("TURISMATICA-UM", "turismatica", "FILE"),
    "GENOVA (GE)": ("RIMOVCLI-LI", "ross1000", "WS"),
    "FIRENZE (FI)": ("ROSS1000-TO", "ross1000", "WS"),
    "SIENA (SI)": ("RICESTAT-TO", "c59", "NONE"),
}


def told(made: World, comune: str, **more: object) -> FlowService:
    from locanda.places import builtin

    found = builtin().comune(comune, DAY)
    row = accounts.add_property(
        made.account, {"name": comune, "type": "cav", "comune": found.police, **more}, now=made.now, by=made.person  # type: ignore[union-attr]
    )
    return service_of(row, DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("comune", WHERE)
def test_the_portal_of_each_place(comune: str) -> None:
    with world() as made:
        found = told(made, comune, rooms=2, beds=4)
        assert (found.portal, found.format.key, found.mode) == WHERE[comune]
        assert found.sends == (found.mode == "WS") and (not found.sends or found.service.startswith("https://"))


@pytest.mark.django_db
def test_what_is_missing_is_told_at_once() -> None:
    with world() as made:
        found = told(made, "CAGLIARI (CA)")
        assert [problem.where for problem in found.problems] == ["portal_ids.ross1000", "rooms", "beds"]
        whole = told(made, "ALGHERO (SS)", beds=4, let_as="whole", portal_ids={"ross1000": " X00001 "})
        assert not whole.problems and whole.code == "X00001"


@pytest.mark.django_db
def test_the_operator_chooses_among_what_is_offered_only() -> None:
    with world() as made:
        found = told(made, "SONDRIO (SO)", rooms=2, beds=4)
        assert found.choices == ("abit", "c59")
        Property.objects.of(made.account).filter(name="SONDRIO (SO)").update(flow_format="c59")
        row = Property.objects.of(made.account).get(name="SONDRIO (SO)")
        assert service_of(row, DAY).format.key == "c59"
        row.flow_format = "vit"
        assert service_of(row, DAY).format.key == "abit"


@pytest.mark.django_db
def test_a_format_that_is_not_offered_falls_back_and_says_so() -> None:
    with world() as made:
        assert [note.code for note in told(made, "PALERMO (PA)").notes] == ["statistics.format.not_offered"]
        made.property.comune = ""
        assert [note.code for note in service_of(made.property, DAY).notes] == ["statistics.portal.unknown"]
        assert service_of(made.property, DAY).mode == "NONE"
