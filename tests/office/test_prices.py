"""The prices of a year: what each region asks, what is kept, what is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from locanda.archive.models import Event, Property, YearPrices
from locanda.core.time import ROME
from locanda.office import prices
from locanda.places import builtin
from locanda.portals.prices import PriceRow
from tests.world import World, world

NOW = datetime(2026, 9, 3, 10, tzinfo=ROME)
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def house(made: World, comune: str, **more: Any) -> Property:
    found = builtin().comune(comune, NOW.date())
    Property.objects.of(made.account).filter(pk=made.property.pk).update(
        comune=found.police, since=date(2020, 1, 1), **more  # type: ignore[union-attr]
    )
    made.property.refresh_from_db()
    return made.property


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("comune", "kind", "asked", "due"),
    [
        ("MONOPOLI (BA)", "bb", prices.ASKED["PU-CPS-01"], date(2026, 10, 1)),
        ("TIRANO (SO)", "bb", prices.ASKED["LO-PRZ-01"], date(2026, 12, 31)),
        ("TIRANO (SO)", "locazione_turistica", prices.ASKED["LO-PRZ-01"], date(2026, 12, 31)),
        ("MONOPOLI (BA)", "locazione_turistica", prices.Asked("", "highest", 0), None),
        ("CAGLIARI (CA)", "bb", prices.Asked("", "highest", 0), None),
    ],
)
def test_what_is_asked_where(comune: str, kind: str, asked: prices.Asked, due: date | None) -> None:
    with world() as made:
        row = house(made, comune, type=kind)
        assert prices.asked_of(row, 2027, NOW) == asked
        entry = prices.duty_of(row, 2027, NOW)
        assert (entry.nominal.date() if isinstance(entry.nominal, datetime) else entry.nominal) == due if entry else due is None


@pytest.mark.django_db
def test_prices_are_kept_whole_or_not_at_all() -> None:
    with world() as made:
        row = house(made, "TIRANO (SO)")
        winter = PriceRow("Camera 1", YEAR[0], date(2027, 6, 30), 8_000, "room")
        rows = [winter, PriceRow("Camera 1", date(2027, 7, 2), YEAR[1], 0)]
        kept, problems = prices.save(row, 2027, rows, languages=["en"], now=NOW, person=made.person)
        assert kept is None and not YearPrices.objects.of(made.account).exists()
        assert {problem.code for problem in problems} == {"prices.price.none", "prices.season.gap", "prices.language.few"}
        rows = [winter, PriceRow("Camera 1", date(2027, 7, 1), YEAR[1], 9_550)]
        kept, problems = prices.save(
            row, 2027, rows, services=[" Colazione ", ""], languages=["en", "de"], now=NOW, person=made.person
        )
        assert kept is not None and not problems
        assert prices.rows_of(kept) == rows and kept.services == ["Colazione"]
        told = prices.listed(kept, prices.asked_of(row, 2027, NOW))
        assert told.rows["de"][1] == ("Camera 1", "01.07.2027", "31.12.2027", "Einheit", "95,50 €")
        again, _ = prices.save(row, 2027, rows, languages=["en", "fr"], now=NOW, person=made.person)
        assert again is not None and again.pk == kept.pk and again.languages == ["en", "fr"]
        assert prices.prices_of(row, 2026) is None
        assert Event.objects.of(made.account).filter(kind="prices.saved").count() == 2
