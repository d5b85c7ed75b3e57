"""The ledger of the tourist tax as plain values, and what became of every cent in it (spec imposta-di-soggiorno 8.2, 9.1, 9.3).

A :class:`Book` takes the nights, receipts and refusals of whole stays and turns them into :class:`Entry` rows: this much of the
tax of that night was collected, refused, or is still outstanding, on that day. Looked at by night or by day the same rows give
the two bases of 8.2, so that both always add up to the same money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.periods import Period
from locanda.law.tourist_tax import StayTax, TouristTax
from locanda.law.tourist_tax.values import COLLECTED, EXCLUDED

__all__ = [
    "COLLECTED_MONEY", "EXCESS", "OUTSTANDING", "REFUSED", "Book", "Entry", "LedgerNight", "LedgerPayment", "LedgerReceipt",
    "LedgerRefusal", "TaxedStructure", "Terms", "euro", "ledger_nights", "month",
]  # fmt: skip

COLLECTED_MONEY, REFUSED, OUTSTANDING, EXCESS = "collected", "refused", "outstanding", "excess"
_DAY = timedelta(days=1)


class TaxedStructure(NamedTuple):
    """A property of the comune, so that it is declared even without one night."""

    id: str
    name: str = ""
    cin: str = ""


class LedgerNight(NamedTuple):
    """One guest and night, as the calculation judged it: ``status`` and ``version`` are those of its ``NightTax``.

    ``amount`` in cents is what the operator has to collect, ``portal`` what a portal collects instead.
    """

    structure: str
    stay: str
    guest: str
    night: date
    status: str
    amount: int = 0
    version: str = ""
    portal: int = 0


class LedgerReceipt(NamedTuple):
    """A receipt. ``amount`` is the money that changed hands with it: a correction that gives some back has a negative one.

    ``number`` runs through a structure and year; ``label`` is how it is printed, where that is another thing (an invoice).
    """

    structure: str
    stay: str
    number: int
    day: date
    amount: int
    corrects: int | None = None
    label: str = ""


class LedgerRefusal(NamedTuple):
    """A refusal, Modello 4 or 5. ``guests`` are those who refuse; none named means everybody of the stay."""

    structure: str
    stay: str
    day: date
    amount: int
    guests: tuple[str, ...] = ()


class LedgerPayment(NamedTuple):
    """A payment to the comune for one structure. One that covers several is written once for each, with the same ``reference``.

    ``reference`` is what the treasury, the bank or pagoPA gave: the number of the quietanza, CRO or TRN, VCYL, or the IUV.
    """

    structure: str
    period: Period
    day: date
    amount: int
    reference: str = ""


class Entry(NamedTuple):
    """Some cents of a stay: which night they are the tax of, what became of them, and on which day.

    ``excess`` was collected beyond the tax and has neither guest nor night. ``outstanding`` falls on the day of departure, when
    it should have been collected.
    """

    structure: str
    stay: str
    kind: str
    day: date
    amount: int
    night: date | None = None
    guest: str | None = None
    version: str = ""


class Terms(NamedTuple):
    """How the comune counts: to which period money belongs, and in which versions of its rule refused tax is not paid over."""

    basis: str = "collected"
    deducted: frozenset[str] = frozenset()
    residents: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, tax: TouristTax) -> Terms:
        """The terms that the rules of a comune write."""
        return cls(
            tax.remittance.basis if tax.remittance else "collected",
            frozenset(version.id for version in tax.versions if version.refused == "deducted"),
            tuple((version.id, version.residents) for version in tax.versions),
        )


class Book:
    """Nights, receipts and refusals of whole stays, looked up by structure and month. Never changed once made.

    Hand in whole stays: the departure and what is outstanding are read off a stay's own nights and receipts.
    """

    def __init__(
        self,
        nights: Iterable[LedgerNight] = (),
        receipts: Iterable[LedgerReceipt] = (),
        refusals: Iterable[LedgerRefusal] = (),
        *,
        structures: Iterable[TaxedStructure] = (),
    ) -> None:
        self.problems: list[Problem] = []
        self.nights: dict[tuple[str, int], list[LedgerNight]] = defaultdict(list)
        self.receipts: dict[tuple[str, int], list[LedgerReceipt]] = defaultdict(list)
        self.by_night: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        self.by_day: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        self.first_nights: dict[tuple[str, str, str], date] = {}
        self.structures = {structure.id: structure for structure in structures}
        stays = _by_stay(nights, receipts, refusals)
        for (structure, stay), (slept, paid, refused) in stays.items():
            self.structures.setdefault(structure, TaxedStructure(structure))
            for night in slept:
                self.nights[structure, month(night.night)].append(night)
                if night.status != EXCLUDED:  # a resident counts as arrived on the first night that is declared
                    key = (structure, stay, night.guest)
                    self.first_nights[key] = min(night.night, self.first_nights.get(key, night.night))
            for receipt in paid:
                self.receipts[structure, month(receipt.day)].append(receipt)
            for entry in _entries(slept, paid, refused, self.problems):
                self.by_day[structure, month(entry.day)].append(entry)
                if entry.night is not None:
                    self.by_night[structure, month(entry.night)].append(entry)

    def entries(self, structures: Sequence[str], period: Period, *, by_night: bool) -> list[Entry]:
        """The rows of a period, by the night they are the tax of or by the day on which something became of them."""
        held = self.by_night if by_night else self.by_day
        return [entry for key in _keys(structures, period) for entry in held.get(key, ())]

    def slept(self, structures: Sequence[str], period: Period) -> list[LedgerNight]:
        """The nights of a period."""
        return [night for key in _keys(structures, period) for night in self.nights.get(key, ())]

    def issued(self, structures: Sequence[str], period: Period) -> list[LedgerReceipt]:
        """The receipts dated in a period, by number."""
        found = [receipt for key in _keys(structures, period) for receipt in self.receipts.get(key, ())]
        return sorted(found, key=lambda receipt: (receipt.structure, receipt.day.year, receipt.number))


def ledger_nights(structure: str, tax: StayTax) -> list[LedgerNight]:
    """The records of a calculated stay. What a portal collects of a guest is shared over the nights by their base, exactly."""
    found = []
    for guest in tax.guests:
        bases = [(night.base or 0) if night.status == COLLECTED else 0 for night in guest.nights]
        whole, gone, given = sum(bases), 0, 0
        for night, base in zip(guest.nights, bases, strict=True):
            gone += base
            portal = guest.collected * gone // whole - given if whole else 0
            given += portal
            found.append(
                LedgerNight(structure, tax.id, guest.guest, night.night, night.status, night.amount, night.version, portal)
            )
    return found


def month(day: date) -> int:
    """A month as a number that grows by one with each."""
    return day.year * 12 + day.month - 1


def _keys(structures: Sequence[str], period: Period) -> list[tuple[str, int]]:
    months = range(month(period.first), month(period.last) + 1)
    return [(structure, number) for structure in structures for number in months]


_Stay = tuple[list[LedgerNight], list[LedgerReceipt], list[LedgerRefusal]]


def _by_stay(
    nights: Iterable[LedgerNight], receipts: Iterable[LedgerReceipt], refusals: Iterable[LedgerRefusal]
) -> dict[tuple[str, str], _Stay]:
    found: dict[tuple[str, str], _Stay] = defaultdict(lambda: ([], [], []))
    for night in nights:
        found[night.structure, night.stay][0].append(night)
    for receipt in receipts:
        found[receipt.structure, receipt.stay][1].append(receipt)
    for refusal in refusals:
        found[refusal.structure, refusal.stay][2].append(refusal)
    return found


class _Cell:
    """The tax of one guest and night, and how much of it is still open."""

    def __init__(self, night: LedgerNight) -> None:
        self.night, self.open = night, night.amount

    def entry(self, kind: str, day: date, amount: int) -> Entry:
        night = self.night
        return Entry(night.structure, night.stay, kind, day, amount, night.night, night.guest, night.version)


def _entries(
    nights: list[LedgerNight], receipts: list[LedgerReceipt], refusals: list[LedgerRefusal], problems: list[Problem]
) -> list[Entry]:
    """What became of the tax of one stay: refusals take the nights of who refused, receipts the rest, in date order."""
    cells = [_Cell(night) for night in sorted(nights, key=lambda row: (row.night, row.guest)) if night.amount]
    found: list[Entry] = []
    for refusal in sorted(refusals, key=lambda row: row.day):
        mine = [cell for cell in cells if not refusal.guests or cell.night.guest in refusal.guests]
        left = _fill(mine, refusal.amount, REFUSED, refusal.day, found)
        if left:
            problems.append(
                Problem.of("remit.refusal.beyond", f"refusals[{refusal.stay}]", stay=refusal.stay, amount=euro(left))
            )
    taken: list[tuple[_Cell | None, int]] = []
    for receipt in sorted(receipts, key=lambda row: (row.day, row.number)):
        if receipt.amount < 0:
            _give_back(receipt, taken, found)
            continue
        left = _fill(cells, receipt.amount, COLLECTED_MONEY, receipt.day, found, taken)
        if left:
            found.append(Entry(receipt.structure, receipt.stay, EXCESS, receipt.day, left))
            taken.append((None, left))
    beyond = sum(entry.amount for entry in found if entry.kind == EXCESS)
    if beyond:
        stay = receipts[0].stay
        code = "remit.receipt.beyond" if beyond > 0 else "remit.receipt.below"
        problems.append(Problem.of(code, f"receipts[{stay}]", stay=stay, amount=euro(abs(beyond))))
    if cells:
        departure = max(night.night for night in nights) + _DAY
        found += [cell.entry(OUTSTANDING, departure, cell.open) for cell in cells if cell.open]
    return found


def _fill(
    cells: list[_Cell], amount: int, kind: str, day: date, found: list[Entry],
    taken: list[tuple[_Cell | None, int]] | None = None,
) -> int:  # fmt: skip
    """Put an amount onto the open nights in order; what is left over."""
    for cell in cells:
        part = min(amount, cell.open)
        if part:
            cell.open -= part
            amount -= part
            found.append(cell.entry(kind, day, part))
            if taken is not None:
                taken.append((cell, part))
    return amount


def _give_back(receipt: LedgerReceipt, taken: list[tuple[_Cell | None, int]], found: list[Entry]) -> None:
    """Money that goes back to the guest: first what was collected beyond the tax, then from the last night backwards."""
    amount = -receipt.amount
    taken.sort(key=lambda part: part[0] is None)  # stable: the excess comes off first
    while amount and taken:
        cell, held = taken.pop()
        part = min(amount, held)
        amount -= part
        if cell is None:
            found.append(Entry(receipt.structure, receipt.stay, EXCESS, receipt.day, -part))
        else:
            cell.open += part
            found.append(cell.entry(COLLECTED_MONEY, receipt.day, -part))
        if held > part:
            taken.append((cell, held - part))
    if amount:  # more given back than was ever taken
        found.append(Entry(receipt.structure, receipt.stay, EXCESS, receipt.day, -amount))


def euro(cents: int) -> str:
    """Cents as a decimal string."""
    sign, whole = "-" if cents < 0 else "", abs(cents)
    return f"{sign}{whole // 100}.{whole % 100:02}"
