"""A draft that is open in two windows: what the sheet writes over, and what another window has changed in it (``web.seen``)."""

from __future__ import annotations

from collections.abc import Sequence

from locanda.archive.models import Stay
from locanda.office import check_in as office
from locanda.web import check_in_form as sheets
from locanda.web.check_in_form import Typed
from locanda.web.seen import overtaken, seen_now, written_over
from locanda.web.words import say

__all__ = ["in_words", "seen_of", "sheet_of", "written_over_in"]

_CODED = ("place", "kind", "how", "accept_late", "sex", "doc_type", "remember")
"""Fields whose value is no word that people read."""


def sheet_of(draft: Stay | None) -> Typed | None:
    """The sheet of a draft letter for letter; None where there is none."""
    found = office.draft_of(draft).get("sheet") if draft is not None else None
    return Typed(dict(found["stay"]), [sheets.renewed(guest) for guest in found["guests"]]) if found else None


def seen_of(draft: Stay | None) -> str:
    """What stands in the draft now, to go with the sheet."""
    return seen_now(_flat(sheet_of(draft)))


def written_over_in(draft: Stay | None, typed: Typed, seen: str) -> list[tuple[str, str]]:
    """What another window has changed since and this one would undo: names of fields, and what stands there."""
    kept = _flat(sheet_of(draft))
    return [(name, kept[name]) for name in written_over(seen, kept, _flat(typed))]


def in_words(late: Sequence[tuple[str, str]], *, many: bool) -> str:
    """The same as it is told; ``many``: whether guests are told apart by their number."""
    told = []
    for ident, value in late:
        guest, _, name = ident.rpartition("-")
        group = "residence" if name.startswith("residence") else "ask" if guest else "check_in"
        label = say(f"{group}.{_KEYS.get(name, name)}")
        label = f"{say('check_in.guest', n=int(guest[1:]) + 1)}, {label}" if guest and many else label
        told.append((label, None if name in _CODED else value))
    return overtaken(told)


_KEYS = {"residence": "title", "residence_place": "place", "remember": "remember_how"}


def _flat(sheet: Typed | None) -> dict[str, str]:
    """Every field by its name; the code of a place stands for what is written beside it."""
    if sheet is None:
        return {}
    guests = {f"g{place}-{name}": guest[name] for place, guest in enumerate(sheet.guests) for name in sheets.GUEST_FIELDS}
    return {**sheet.stay, **guests}
