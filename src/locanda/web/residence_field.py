"""Where a guest lives, in one field: a comune for who lives in Italy, a state for everybody else (spec flussi-turistici 3, 6.2).

Asked apart from the birthplace, of every guest, and never filled in by itself. A comune is judged on the day of arrival: a closed
code is no residence (4.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from locanda.core.problems import Problem
from locanda.law.statistics import ITALIAN_ROWS
from locanda.places import ITALY, Comune, State, Tables, Unresolved
from locanda.places.spelling import key

__all__ = ["PLACE_MAX", "RESIDENCE_FIELDS", "chosen", "read_residence", "residence_fields", "suggestions"]

RESIDENCE_FIELDS = ("residence", "residence-code", "residence_place")
PLACE_MAX = 30
"""Letters of a place abroad that the portals take (``luogoresidenza``)."""

_STATES_FIRST, _LOOKED_AT = 3, 60
_CHIEF = {row.letters: key(row.it) for row in ITALIAN_ROWS}


def chosen(fields: Mapping[str, str], name: str) -> str:
    """The code of the place chosen from the list while its words stand unchanged, else what was typed."""
    code, _, label = fields.get(f"{name}-code", "").partition("|")
    return code if code and label == fields[name] else fields[name]


def read_residence(
    fields: Mapping[str, str], where: str, tables: Tables, on: date, found: list[Problem]
) -> dict[str, str]:
    """The residence in the shape of ``interfaces.md``; empty where none is told, and after adding what cannot be read."""
    token, place = chosen(fields, "residence"), fields["residence_place"]
    if not token:
        if place:
            found.append(Problem("form.residence.state_missing", f"{where}.residence_state"))
        return {}
    state = None if token.startswith("4") and token.isdigit() else tables.state(token, on)
    comune = None if isinstance(state, State) else tables.comune(token, on)
    if isinstance(comune, Comune) and comune.police:
        if place:
            found.append(Problem("form.residence_place.in_italy", f"{where}.residence_place"))
            return {}
        return {"residence_state": ITALY, "residence_comune": comune.police}
    if not isinstance(state, State):
        known = [row.label for told in (comune, state) if isinstance(told, Unresolved) for row in told.candidates if row.police]
        value = fields["residence"][:60]
        if known:
            choice = "; ".join(known[:6])
            found.append(Problem.of("form.residence.unclear", f"{where}.residence_state", value=value, candidates=choice))
        else:
            found.append(Problem.of("form.residence.unknown", f"{where}.residence_state", value=value))
    elif state.police == ITALY:
        found.append(Problem("form.residence.comune_missing", f"{where}.residence_state"))
    elif len(place) > PLACE_MAX:
        found.append(Problem.of("form.residence_place.long", f"{where}.residence_place", most=PLACE_MAX, count=len(place)))
    else:
        return {"residence_state": state.police} | ({"residence_place": place} if place else {})
    return {}


def residence_fields(shape: Mapping[str, Any], tables: Tables, on: date) -> dict[str, str]:
    """The fields of a residence in the shape of ``interfaces.md``. A state without its comune shows the state."""
    fields = dict.fromkeys(RESIDENCE_FIELDS, "") | {"residence_place": str(shape.get("residence_place") or "")}
    comune, state = (str(shape.get(f"residence_{part}") or "") for part in ("comune", "state"))
    if not comune and not state:
        return fields
    row = (tables.comune_row(comune) or tables.comune(comune, on)) if comune else tables.state(state)
    if isinstance(row, Comune | State) and row.police:
        return fields | {"residence": row.label, "residence-code": f"{row.police}|{row.label}"}
    return fields | {"residence": comune or state}


def suggestions(typed: str, tables: Tables, on: date, limit: int) -> list[Comune | State]:
    """What someone typing a residence may mean: chief towns, then states, then every other comune. Nothing that has ended."""
    comuni = [
        row for row in tables.suggest_comuni(typed, on, _LOOKED_AT)
        if row.police and (row.valid_to is None or row.valid_to >= on)
    ]  # fmt: skip
    states = [
        row for row in tables.suggest_states(typed, limit)
        if row.police != ITALY and (row.valid_to is None or row.valid_to >= on)
    ]  # fmt: skip
    wanted = key(typed)
    found: list[Comune | State] = [*comuni, *states]
    first = [row for row in found if key(row.name) == wanted]
    chief = [row for row in comuni if _is_chief(row)]
    return list(dict.fromkeys([*first, *chief, *states[:_STATES_FIRST], *found]))[:limit]


def _is_chief(row: Comune) -> bool:
    """Whether it bears the name of its province, or begins it (Pesaro e Urbino): what most people mean."""
    name, province = key(row.name), _CHIEF.get(row.province, "")
    words = province.split()
    return f"{province} ".startswith(f"{name} ") or (len(words) > 1 and set(words) <= set(name.split()))
