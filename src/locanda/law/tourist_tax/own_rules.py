"""The operator's own rules of the tourist tax: a rate that the comune changed, or the whole tax of a comune that no pack knows.

    own = [OwnRule({"rates": [{"fixed": "2.50"}]}, "Delibera 12/2026", "Anna", day, since)]
    tax = tax_under_own_rules(chain("014061").tourist_tax_section(), own, found)

Dated, with who and why: the versions that come out carry ``own`` (design, section 5). A change names keys of a version. Its rows
(rates, cap, exemptions, reductions, doubts) stand before those of the pack, so that they win; kinds named in ``instead`` replace
them. All other keys replace the pack's. Nothing before its first or after its last night changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.law.tourist_tax.building import build
from locanda.law.tourist_tax.rules import TouristTax
from locanda.law.tourist_tax.validation import read_section

__all__ = ["OwnRule", "plain", "tax_under_own_rules", "under_own_rules"]

Keys = Mapping[str, Any]
_ROWS = ("rates", "cap", "exemptions", "reductions", "doubts")
_DAY = timedelta(days=1)
_FIXED = frozenset({"id", "valid_from", "valid_to", "own", "instead"})


class OwnRule(NamedTuple):
    """What the operator wrote: keys of a version, or with ``whole`` a ``[tourist_tax]`` section in place of any pack's.

    ``valid_from`` and ``valid_to`` are nights, both included; None is open. A whole section has its own days.
    """

    document: Keys
    note: str
    made_by: str
    made_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    whole: bool = False

    @property
    def mark(self) -> dict[str, str]:
        """How a version carries it."""
        return {"note": self.note, "made_by": self.made_by, "made_on": self.made_on.isoformat()}


def tax_under_own_rules(
    section: Keys | None, own: Sequence[OwnRule], found: list[Problem], *, territory: str = "own"
) -> TouristTax | None:
    """The tax after the operator's own rules; None with problems in ``found``, or where nobody wrote any rule."""
    told = under_own_rules(section, own, found)
    return None if told is None else build(told, territory=territory)


def under_own_rules(section: Keys | None, own: Sequence[OwnRule], found: list[Problem]) -> dict[str, Any] | None:
    """The section after the operator's own rules, in their order. ``section``: the pack's, or None.

    Problems name their place as ``own[1].rates[0].fixed``; a rule that has any leaves the section as it was.
    """
    told = None if section is None else plain(section)
    for index, rule in enumerate(own):
        before = len(found)
        changed = _after(told, rule, f"own[{index}]", found)
        told = changed if len(found) == before else told
    return told


def plain(section: Keys) -> dict[str, Any]:
    """A section with its days as text, as JSON has it; no part is shared with what was given."""
    told: dict[str, Any] = json.loads(json.dumps(section, default=date.isoformat))
    return told


def _after(told: dict[str, Any] | None, rule: OwnRule, where: str, found: list[Problem]) -> dict[str, Any] | None:
    before = len(found)
    for key in ("note", "made_by"):
        if not getattr(rule, key).strip():
            found.append(Problem.of("tax.own.unsigned", f"{where}.{key}", key=key))
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        found.append(Problem.of("tax.own.reversed", f"{where}.valid_to"))
    if rule.whole:
        section, _ = read_section(rule.document, where, found)
        versions = [{**version, "own": [*version.get("own", ()), rule.mark]} for version in (section or {}).get("versions", ())]
        return {**(section or {}), "versions": versions}
    document = plain(rule.document)
    instead = document.pop("instead", [])
    for key in sorted(_FIXED & set(document)):
        found.append(Problem.of("tax.own.key", f"{where}.{key}", key=key))
    bad = [kind for kind in instead if kind not in _ROWS]
    found += [Problem.of("tax.own.key", f"{where}.instead", key=kind) for kind in bad]
    # the change by itself, so that its faults stand at its own place
    alone = {"id": "own", "rates": [{"when": {"any": True}, "unknown": True}], **document}
    faults: list[Problem] = []
    read_section({"versions": [alone]}, "", faults)
    found += [
        fault._replace(where=where + fault.where.removeprefix(".versions[0]"))
        for fault in faults if fault.code not in ("tax.season.unknown", "tax.use.dangling")
    ]  # fmt: skip
    if len(found) > before:
        return told
    versions = _changed((told or {}).get("versions", []), rule, document, instead)
    if not versions:
        found.append(Problem.of("tax.own.idle", where))
        return told
    section, _ = read_section({**(told or {}), "versions": versions}, where, found)
    return section


def _changed(versions: list[dict[str, Any]], rule: OwnRule, document: Keys, instead: Sequence[str]) -> list[dict[str, Any]]:
    """Every version cut at the edges of the change; nights without any version take the change alone where it has amounts."""
    taken = {version["id"] for version in versions}
    first, last = rule.valid_from or date.min, rule.valid_to or date.max
    told: list[dict[str, Any]] = []
    holes = [(first, last)]
    for version in sorted(versions, key=lambda version: _first(version)):
        begin, end = max(first, _first(version)), min(last, _last(version))
        if begin > end:
            told.append(version)
            continue
        holes = list(_without(holes, begin, end))
        kept = version["id"]
        if _first(version) < begin:
            told.append(_dated(version, kept, _first(version), begin - _DAY))
            kept = ""
        told.append(_dated(_merged(version, rule, document, instead), _name(f"{version['id']}-own", taken), begin, end))
        if end < _last(version):
            told.append(_dated(version, kept or _name(f"{version['id']}-b", taken), end + _DAY, _last(version)))
    for begin, end in holes if "rates" in document else ():
        told.append(_dated({**document, "own": [rule.mark]}, _name("own", taken), begin, end))
    return told if any("own" in version for version in told) else []


def _merged(version: Keys, rule: OwnRule, document: Keys, instead: Sequence[str]) -> dict[str, Any]:
    rows = {kind: [*document[kind], *([] if kind in instead else version.get(kind, []))] for kind in _ROWS if kind in document}
    emptied: dict[str, Any] = {kind: [] for kind in instead if kind not in document}
    return {**version, **document, **emptied, **rows, "own": [*version.get("own", ()), rule.mark]}


def _dated(version: Keys, name: str, first: date, last: date) -> dict[str, Any]:
    days = {"valid_from": None if first == date.min else first, "valid_to": None if last == date.max else last}
    told = {key: value for key, value in version.items() if key not in ("id", *days)}
    return {"id": name, **{key: day.isoformat() for key, day in days.items() if day is not None}, **told}


def _without(holes: Iterable[tuple[date, date]], begin: date, end: date) -> Iterable[tuple[date, date]]:
    for first, last in holes:
        if end < first or begin > last:
            yield first, last
            continue
        if first < begin:
            yield first, begin - _DAY
        if end < last:
            yield end + _DAY, last


def _name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def _first(version: Keys) -> date:
    return date.fromisoformat(version["valid_from"]) if "valid_from" in version else date.min


def _last(version: Keys) -> date:
    return date.fromisoformat(version["valid_to"]) if "valid_to" in version else date.max
