"""The portal's rows win; what we know of them beside (Belfiore and ISTAT codes, beginnings, other names) stays.

Rows that only we know stay without a police code: a code that the portal does not list would be refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from locanda.places.spelling import key
from locanda.places.values import Comune, State

__all__ = ["merged_comuni", "merged_states"]


def merged_comuni(portal: Sequence[Comune], known: Sequence[Comune]) -> Sequence[Comune]:
    """One list of both. When the portal's side is empty, ours as it is."""
    if not portal:
        return known
    by_police = {row.police: row for row in known if row.police}
    listed = {row.police for row in portal}
    by_label = _by_label(row for row in known if row.police not in listed)
    used: set[Comune] = set()
    rows: list[Comune] = []
    for row in portal:
        ours = by_police.get(row.police) if row.police else None
        ours = ours or _only(by_label.get((key(row.name), row.province), ()), row)
        if ours is not None:
            used.add(ours)
        rows.append(_enriched(row, ours) if ours else row)
    return (*rows, *(row._replace(police=None) for row in known if row not in used))


def merged_states(portal: Sequence[State], known: Sequence[State]) -> Sequence[State]:
    """The portal's states with our ISO codes and names; ours when it has none."""
    ours = {row.police: row for row in known}
    found = tuple(ours.get(row.police, row)._replace(name=row.name, valid_to=row.valid_to) for row in portal)
    return found or known


def _by_label(rows: Iterable[Comune]) -> Mapping[tuple[str, str], Sequence[Comune]]:
    found: dict[tuple[str, str], list[Comune]] = defaultdict(list)
    for row in rows:
        for name in {key(name) for name in (row.name, *row.other_names)}:
            found[name, row.province].append(row)
    return found


def _only(ours: Sequence[Comune], row: Comune) -> Comune | None:
    """The one row of ours that can be the portal's: both living or both ended, and begun before it ended."""
    fitting = [
        other
        for other in ours
        if (other.valid_to is None) == (row.valid_to is None)
        and not (other.valid_from and row.valid_to and other.valid_from > row.valid_to)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _enriched(row: Comune, ours: Comune) -> Comune:
    end = row.valid_to
    names = ours.other_names if key(ours.name) == key(row.name) else (ours.name, *ours.other_names)
    return ours._replace(
        name=row.name, province=row.province, police=row.police, valid_to=end, other_names=names,
        valid_from=None if ours.valid_from and end and ours.valid_from > end else ours.valid_from,
    )  # fmt: skip
