"""Do the nights of the tax, of the police and of the statistics agree? (D.L. 34/2019 art. 13-quater c. 2; spec 2.5, 9.2.)

The tax agency and the comune are given what the police were told, so a difference nobody explained will be asked about. Each
difference is listed guest by guest with its reason. A reason that a record carries is a fact; one worked out here from the shape
of the difference is marked ``likely``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.periods import Period
from locanda.law.remitting.ledger import LedgerNight
from locanda.law.tourist_tax.values import EXCLUDED

__all__ = ["MARKS", "SOURCES", "Agreement", "Difference", "SourceNights", "agreement", "tax_nights"]

SOURCES = ("tax", "police", "statistics")
MARKS = {
    "resident_excluded": "agree.resident.excluded",
    "stuck": "agree.tax.stuck",
    "day_use": "agree.day_use.counted",
    "cancelled": "agree.stay.cancelled",
    "corrected": "agree.stay.corrected",
    "not_tourist": "agree.statistics.not_tourist",
    "displaced": "agree.statistics.displaced",
    "day_guest": "agree.statistics.day_guest",
    "incomplete": "agree.statistics.incomplete",
    "long_stay": "agree.police.segments",
    "not_sent": "agree.record.not_sent",
    "other_software": "agree.record.elsewhere",
}
"""What a record may say about itself, and the words for it."""
_DAY = timedelta(days=1)


class SourceNights(NamedTuple):
    """Nights of a guest as one source has them: so many from the first on. ``mark`` is one of :data:`MARKS` or empty.

    Several records of one guest and source are put together. ``tax_nights`` makes them from the ledger.
    """

    source: str
    structure: str
    stay: str
    guest: str
    first: date
    nights: int
    mark: str = ""


class Difference(NamedTuple):
    """A guest about whom the sources do not say the same. ``counts`` are in the order of the sources compared.

    ``reasons`` are problems whose words say why; empty when nobody knows. ``likely`` when they were worked out, not recorded.
    """

    structure: str
    stay: str
    guest: str
    counts: tuple[int, ...]
    nights: tuple[date, ...]
    reasons: tuple[Problem, ...]
    likely: bool = False

    @property
    def explained(self) -> bool:
        return bool(self.reasons)


class Agreement(NamedTuple):
    """The comparison of a period. ``totals`` are guest-nights, in the order of ``sources``."""

    period: Period
    sources: tuple[str, ...]
    totals: tuple[int, ...]
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Every source has the same guests on the same nights."""
        return not self.differences

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        return tuple(entry for entry in self.differences if not entry.explained)


def tax_nights(nights: Iterable[LedgerNight]) -> list[SourceNights]:
    """The nights of the ledger as a source; residents whom the comune excludes count none, and say so."""
    return [
        SourceNights(
            "tax", night.structure, night.stay, night.guest, night.night, int(night.status != EXCLUDED),
            "resident_excluded" if night.status == EXCLUDED else "",
        )
        for night in nights
    ]  # fmt: skip


def agreement(
    records: Iterable[SourceNights], period: Period, *, sources: Sequence[str] = SOURCES, structure: str | None = None
) -> Agreement:
    """Compare the sources named, over the nights of a period. A source that is named and has no record has no nights."""
    nights: dict[tuple[str, str, str], dict[str, set[date]]] = defaultdict(lambda: {source: set() for source in sources})
    marks: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for row in records:
        if row.source not in sources or (structure is not None and row.structure != structure):
            continue
        key = (row.structure, row.stay, row.guest)
        nights[key][row.source].update(row.first + _DAY * number for number in range(row.nights))
        if row.mark:
            marks[key].setdefault(row.mark, row.source)  # said by two, told once
    totals = dict.fromkeys(sources, 0)
    found = []
    for key, held in nights.items():
        inside = {source: {day for day in days if period.first <= day <= period.last} for source, days in held.items()}
        for source, days in inside.items():
            totals[source] += len(days)
        sets = list(inside.values())
        if any(days != sets[0] for days in sets):
            reasons = tuple(Problem(MARKS[mark], source) for mark, source in marks[key].items())
            likely = () if reasons else tuple(_likely(held))
            apart = {day for days in sets for day in days if any(day not in other for other in sets)}
            counts = tuple(len(inside[source]) for source in sources)
            found.append(Difference(*key, counts, tuple(sorted(apart)), reasons or likely, bool(likely)))
    found.sort(key=lambda entry: (entry.structure, entry.nights[0], entry.stay, entry.guest))
    return Agreement(period, tuple(sources), tuple(totals[source] for source in sources), tuple(found))


def _likely(held: dict[str, set[date]]) -> Iterable[Problem]:
    """What the shape of a difference tells: the police know the plan of the arrival, and the night may be counted a day back."""
    others = [days for source, days in held.items() if source != "police"]
    police = held.get("police")
    if police and others and all(days and days == others[0] for days in others):
        real = others[0]
        if len(police) == len(real) and min(police) - min(real) in (_DAY, -_DAY):
            yield Problem.of("agree.night.before", "police", police=min(police), night=min(real))
        elif min(police) == min(real) and len(police) != len(real):
            yield Problem.of("agree.police.planned", "police", planned=len(police), slept=len(real))
