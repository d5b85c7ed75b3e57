"""The rules of one property: the union along its chain of territories, on any day (spec adempimenti 9).

Packs of the chain are merged from the state down, the operator's own changes last. Asking for a day gives the items in force on
that day, so that past months are judged by past law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from locanda.core.problems import Problem
from locanda.law.packs.building import build, build_statistics
from locanda.law.packs.merging import Amendment, Version, merge, missing_keys
from locanda.law.packs.reader import LATER, Pack
from locanda.law.packs.values import (
    Contact,
    Instruction,
    Item,
    Keep,
    Note,
    Obligation,
    PaperNeeded,
    Parameter,
    PortalEntry,
    Sanction,
    Statistics,
    Step,
)

if TYPE_CHECKING:
    from locanda.law.tourist_tax.rules import TouristTax

__all__ = ["LISTED", "Chain", "Override", "Store", "override_problems"]

T = TypeVar("T", bound=Item)

LISTED = "_listed"
"""Suffix of a name in ``applies``: only when the property is on the regional list of mountain refuges."""


class Override(NamedTuple):
    """A rule that the operator changed for themselves: dated, with a reason, shown wherever the rule is shown."""

    kind: str
    id: str
    keys: Mapping[str, Any]
    note: str
    made_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    off: bool = False

    def change(self) -> Amendment:
        """As the merging knows it."""
        step = Step("operator", 0, tuple(sorted(self.keys)), self.made_on, self.note)
        return Amendment(self.kind, self.id, self.keys, self.valid_from, self.valid_to, self.off, step)


def override_problems(override: Override) -> list[Problem]:
    """What is wrong with an operator's change, as problems."""
    from pydantic import ValidationError

    from locanda.law.packs.schema import KINDS
    from locanda.law.packs.wording import shape_problem

    if override.kind not in KINDS:
        return [Problem.of("pack.value.unknown", "kind", value=override.kind, expected=", ".join(KINDS))]
    found = [] if override.note.strip() else [Problem.of("pack.override.unexplained", "note", id=override.id)]
    try:
        KINDS[override.kind].model_validate({"id": override.id, **override.keys})
    except ValidationError as fault:
        for error in fault.errors(include_url=False):
            where = ".".join(map(str, error["loc"]))
            found.append(shape_problem([error], where, where, override.id))
    return found


class Store:
    """What was worked out from a row of packs: shared by all comuni that have the same ones."""

    def __init__(self) -> None:
        self.versions: dict[str, dict[str, list[Version]]] = {}
        self.items: dict[str, dict[str, tuple[Any, ...]]] = {}
        self.members: dict[str, frozenset[tuple[str, bool | None]]] = {}


class Chain:
    """What holds for a comune. Immutable; items are built when their kind is first asked for."""

    def __init__(
        self, comune: str, packs: Sequence[Pack], overrides: Sequence[Override] = (), *,
        store: Store | None = None, later: Callable[[], Sequence[Pack]] | None = None,
    ) -> None:  # fmt: skip
        """``later`` gives the packs with the kinds that are read when asked for; without it ``packs`` hold all of them."""
        self.comune = comune
        self.packs = tuple(packs)
        self._later = later or (lambda: self.packs)
        self.overrides = tuple(overrides)
        self.groups: Mapping[str, tuple[str, ...]] = {name: members for pack in packs for name, members in pack.groups.items()}
        store = store or Store()
        self._versions, self._items, self._members = store.versions, store.items, store.members

    def __repr__(self) -> str:
        return f"<Chain {self.comune}: {' > '.join(self.paths)}>"

    @property
    def paths(self) -> tuple[str, ...]:
        """The packs, from the state down."""
        return tuple(pack.territory.path for pack in self.packs)

    def with_overrides(self, overrides: Sequence[Override]) -> Chain:
        """The same chain with the operator's own changes on top."""
        problems = [problem for override in overrides for problem in override_problems(override)]
        if problems:
            raise ValueError("; ".join(problem.message("en") for problem in problems))
        return Chain(self.comune, self.packs, (*self.overrides, *overrides), later=self._later)

    # what holds on a day ------------------------------------------------------------------------------------------------

    def obligations(self, on: date) -> tuple[Obligation, ...]:
        """The duties in force that day, in the order of the packs."""
        return self._on("obligation", on)

    def obligation(self, ident: str, on: date) -> Obligation | None:
        return self._one(Obligation, "obligation", ident, on)

    def sanctions(self, on: date) -> tuple[Sanction, ...]:
        return self._on("sanction", on)

    def sanction(self, ident: str, on: date) -> Sanction | None:
        return self._one(Sanction, "sanction", ident, on)

    def contacts(self, duty: str | None, on: date) -> tuple[Contact, ...]:
        """The offices for a duty (None: for all), of this comune, the nearest territory first."""
        found = [
            contact for contact in self._on("contact", on)
            if contact.covers(self.comune) and (duty is None or _named(duty, contact.duties))
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda contact: (-contact.territory.count("/"), not contact.comuni)))

    def contact(self, ident: str, on: date) -> Contact | None:
        return self._one(Contact, "contact", ident, on)

    def parameter(self, ident: str, on: date) -> Parameter | None:
        return self._one(Parameter, "parameter", ident, on)

    def parameters(self, on: date) -> tuple[Parameter, ...]:
        return self._on("parameter", on)

    def portal(self, ident: str, on: date | None = None) -> PortalEntry | None:
        """A portal by id; without a day, as it is known last."""
        if on is not None:
            return self._one(PortalEntry, "portal", ident, on)
        return next(iter(self.versions("portal", ident)[-1:]), None)

    def portals(self, on: date) -> tuple[PortalEntry, ...]:
        return self._on("portal", on)

    def documents(self, case: str, on: date | None = None) -> tuple[PaperNeeded, ...]:
        """The papers of a request, in their order."""
        papers = self._on("document", on) if on else tuple(rows[-1] for rows in self._all("document").values())
        return tuple(paper for paper in papers if paper.case == case)

    def instructions(self, duty: str, on: date) -> tuple[Instruction, ...]:
        """What the authorities ask in words about a duty."""
        return tuple(entry for entry in self._on("instruction", on) if duty in entry.duties)

    def instruction(self, ident: str, on: date) -> Instruction | None:
        return self._one(Instruction, "instruction", ident, on)

    def keeps(self, on: date) -> tuple[Keep, ...]:
        """How long each kind of data may be kept."""
        return self._on("keep", on)

    def note(self, ident: str) -> Note | None:
        return next(iter(self.versions("note", ident)[-1:]), None)

    def notes(self) -> tuple[Note, ...]:
        """Every disagreement that this chain decides."""
        return tuple(rows[-1] for rows in self._all("note").values())

    def notes_of(self, item: Item) -> tuple[Note, ...]:
        """The disagreements that touch an item."""
        return tuple(note for note in map(self.note, item.notes) if note is not None)

    def versions(self, kind: str, ident: str) -> tuple[Any, ...]:
        """Every version of an item, in order of time."""
        return self._all(kind).get(ident, ())

    def ids(self, kind: str) -> tuple[str, ...]:
        """Every id of a kind, whatever the day."""
        return tuple(self._all(kind))

    def statistics(self) -> Statistics | None:
        """How visitor flows reach the region: the nearest territory that says it."""
        for pack in reversed(self.packs):
            if pack.statistics is not None:
                return build_statistics(pack.statistics, pack.territory.path)
        return None

    def tourist_tax(self) -> TouristTax | None:
        """The tourist tax of the nearest territory that writes one; None where no file does."""
        from locanda.law.tourist_tax.building import build as build_tax

        pack = self._taxing()
        if pack is None or pack.tourist_tax is None:
            return None
        found = self._items.setdefault("tourist_tax", {})
        path = pack.territory.path
        if path not in found:
            found[path] = (build_tax(pack.tourist_tax, territory=path),)
        tax: TouristTax = found[path][0]
        return tax

    def tourist_tax_section(self) -> Mapping[str, Any] | None:
        """The same as its file writes it, for the operator's own rules (``under_own_rules``)."""
        pack = self._taxing()
        return None if pack is None else pack.tourist_tax

    def _taxing(self) -> Pack | None:
        return next((pack for pack in reversed(self._later()) if pack.tourist_tax is not None), None)

    @property
    def belfiore(self) -> str | None:
        """The cadastral code of the comune, as its own file writes it."""
        return next((pack.territory.belfiore for pack in self.packs if pack.territory.level == "comune"), None)

    def source(self, token: str, language: str = "it") -> str:
        """What a short name in ``sources`` stands for, for people: ``001:3`` is line 3 of a named document."""
        name, _, where = token.partition(":")
        for pack in reversed(self._later()):
            if name in pack.sources:
                told: str = getattr(pack.sources[name], "en" if language == "en" else "it")
                return f"{told}, {where.strip()}" if where else told
        return token

    # who is bound -------------------------------------------------------------------------------------------------------

    def binds(
        self, obligation: Obligation, kind: str, *, business: bool, listed: bool = True
    ) -> Literal["bound", "advised"] | None:
        """Whether a property of that type is bound by a duty, only advised, or neither. ``listed``: whether a mountain refuge
        is on the regional list; who cannot tell leaves it out and sees the duty."""
        if self._member(obligation.applies, kind, business=business, listed=listed):
            return "bound"
        return "advised" if self._member(obligation.advised, kind, business=business, listed=listed) else None

    def for_type(self, obligation: Obligation, kind: str, *, business: bool, listed: bool = True) -> Obligation:
        """A duty as it is for a property of that type: disputed where the sources disagree about its kind."""
        doubtful = self._member(obligation.disputed, kind, business=business, listed=listed)
        return replace(obligation, status="disputed") if doubtful else obligation

    def _member(self, names: Iterable[str], kind: str, *, business: bool, listed: bool) -> bool:
        return any(
            (kind, None) in members or (kind, business) in members
            for members in (self._expanded(name.removesuffix(LISTED)) for name in names if listed or not name.endswith(LISTED))
        )

    def _expanded(self, name: str) -> frozenset[tuple[str, bool | None]]:
        """The property types of a name, with what it asks of ``business``."""
        found = self._members.get(name)
        if found is None:
            plain, business = _suffix(name)
            inner = self.groups.get(plain)
            pairs = {(plain, None)} if inner is None else {pair for member in inner for pair in self._expanded(member)}
            found = frozenset((kind, asked if business is None else business) for kind, asked in pairs)
            self._members[name] = found
        return found

    # merging ------------------------------------------------------------------------------------------------------------

    def merged(self, kind: str) -> Mapping[str, Sequence[Version]]:
        """The versions of every id of a kind, before they become values."""
        found = self._versions.get(kind)
        if found is None:
            found = {}
            for change in self._changes(kind):
                found[change.id] = merge(found.get(change.id, ()), change)
            self._versions[kind] = found
        return found

    def _changes(self, kind: str) -> Iterable[Amendment]:
        for pack in self._later() if kind in LATER else self.packs:
            yield from (change for change in pack.changes if change.kind == kind)
        yield from (override.change() for override in self.overrides if override.kind == kind)

    def _all(self, kind: str) -> Mapping[str, tuple[Any, ...]]:
        found = self._items.get(kind)
        if found is None:
            heads = {pack.file: pack.territory for pack in self.packs}
            found = {}
            for order, (ident, versions) in enumerate(self.merged(kind).items()):
                rows = tuple(
                    build(kind, ident, version, order=order, head=heads.get(version.steps[-1].file))
                    for version in versions
                    if not missing_keys(kind, version.keys)
                )
                if rows:
                    found[ident] = rows
            self._items[kind] = found
        return found

    def _on(self, kind: str, on: date) -> tuple[Any, ...]:
        return tuple(item for rows in self._all(kind).values() for item in rows if item.in_force(on))

    def _one(self, _: type[T], kind: str, ident: str, on: date) -> T | None:
        found: T | None = next((item for item in self._all(kind).get(ident, ()) if item.in_force(on)), None)
        return found


def _suffix(name: str) -> tuple[str, bool | None]:
    if name.endswith("_np"):
        return name[:-3], False
    return (name[:-2], True) if name.endswith("_p") else (name, None)


def _named(duty: str, names: Iterable[str]) -> bool:
    return any(duty.startswith(name[:-1]) if name.endswith("*") else duty == name for name in names)


