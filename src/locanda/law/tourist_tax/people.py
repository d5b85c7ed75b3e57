"""Who is the same person in several stays: limits of nights by month or year need to know (spec imposta-di-soggiorno 7.3).

The same document is the same person. Without it, the same id or the same full name is, unless a birth date, a name or (where no
name is told) a document says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

from locanda.core.people import Guest

__all__ = ["Persons"]


class Persons:
    """Numbers for people: the same person, the same number."""

    def __init__(self) -> None:
        self._count = 0
        self._known: dict[object, list[tuple[int, Guest]]] = {}

    def numbers(self, guests: Iterable[Guest]) -> list[int]:
        """The numbers of the guests of one stay, who are all different people."""
        taken: set[int] = set()
        found = []
        for guest in guests:
            keys = _keys(guest)
            near = ((number, other) for key in keys for number, other in self._known.get(key, ()))
            number = next((number for number, other in near if number not in taken and _same(guest, other)), self._count)
            if number == self._count:
                self._count += 1
            taken.add(number)
            found.append(number)
            for key in keys:
                self._known.setdefault(key, []).append((number, guest))
        return found


def _document(guest: Guest) -> str | None:
    number = guest.document.number if guest.document else None
    return "".join(number.split()).upper() if number else None


def _name(guest: Guest) -> tuple[str, str] | None:
    return (guest.surname.casefold(), guest.name.casefold()) if guest.surname and guest.name else None


def _keys(guest: Guest) -> list[object]:
    number, name = _document(guest), _name(guest)
    keys: list[object] = [("document", number)] if number else []
    if guest.id:
        keys.append(("id", guest.id))
    if name and guest.birth_date:
        keys.append(("name", name, guest.birth_date))
    return keys


def _same(guest: Guest, other: Guest) -> bool:
    first, second = _document(guest), _document(other)
    if first and first == second:
        return True
    here, there = _name(guest), _name(other)
    if here and there:
        return here == there and (guest.birth_date == other.birth_date or None in (guest.birth_date, other.birth_date))
    if guest.birth_date and other.birth_date and guest.birth_date != other.birth_date:
        return False
    return not (first and second)
