"""What may stand in each field of a schedina, judged on the facts the operator gave (spec alloggiati-web 2.2, 2.5, 2.7).

Each rule takes the facts and gives a :class:`Verdict`: the value for the record, or a problem; and a note when the value is not
letter for letter what was given. Nothing is cut or changed without one of the two. ``where`` is relative to the guest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.core.readers import shown
from locanda.places import ITALY, Comune, State, Tables, Unresolved
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.fields import FIELD
from locanda.portals.alloggiati.names import base_letters

__all__ = [
    "AGE_MAX", "BirthPlace", "Verdict", "birth_date", "birth_place", "citizenship", "document_number", "document_type",
    "issued_in", "oldest_birth", "written_name",
]  # fmt: skip

AGE_MAX = 120
"""Nobody alive in Italy has been much older; beyond stands a slip in the year."""


class Verdict(NamedTuple):
    """``value`` is for the record and None as soon as there is a problem."""

    value: Any = None
    problem: Problem | None = None
    note: Problem | None = None


class BirthPlace(NamedTuple):
    """Three fields taken whole: comune and province from one row, or both blank."""

    comune: str | None
    province: str | None
    state: str


class _NameCodes(NamedTuple):
    missing: str
    alphabet: str
    characters: str
    letterless: str
    too_long: str
    spelled: str


_NAMES = {
    "surname": _NameCodes(
        "guest.surname.missing", "guest.surname.alphabet", "guest.surname.characters", "guest.surname.letterless",
        "guest.surname.too_long", "guest.surname.spelled",
    ),
    "name": _NameCodes(
        "guest.name.missing", "guest.name.alphabet", "guest.name.characters", "guest.name.letterless",
        "guest.name.too_long", "guest.name.spelled",
    ),
}  # fmt: skip


def written_name(key: str, text: str | None) -> Verdict:
    """Surname or name in base letters; too long or in another alphabet, the document's Latin line has to be copied."""
    codes, limit = _NAMES[key], FIELD[key].length
    if text is None or not text.strip():
        return Verdict(problem=Problem(codes.missing, key))
    if len(text) > 4 * limit:  # no choice of letters makes it fit
        return Verdict(problem=Problem.of(codes.too_long, key, length=len(text), limit=limit))
    plain = base_letters(text)
    if plain.refused:
        code = codes.alphabet if plain.other_alphabet else codes.characters
        return Verdict(problem=Problem.of(code, key, characters=" ".join(map(_visible, plain.refused[:12]))))
    if not any("A" <= letter <= "Z" for letter in plain.text):
        return Verdict(problem=Problem.of(codes.letterless, key, value=shown(text)))
    if len(plain.text) > limit:
        return Verdict(problem=Problem.of(codes.too_long, key, length=len(plain.text), limit=limit))
    if not plain.changes:
        return Verdict(plain.text)
    note = Problem.of(codes.spelled, key, before=shown(text), after=plain.text, changes=plain.changes_text())
    return Verdict(plain.text, None, note)


def _visible(char: str) -> str:
    return char if char.isprintable() else f"U+{ord(char):04X}"


def oldest_birth(arrival: date) -> date:
    """The first day of birth that gives a plausible age."""
    return date(arrival.year - AGE_MAX - 1, 1, 1) if arrival.year > AGE_MAX + 1 else date.min


def birth_date(birth: date | None, arrival: date | None, today: date | None) -> Verdict:
    """A real day, not in the future, not after the arrival, of somebody who can be alive."""
    if birth is None:
        return Verdict(problem=Problem("guest.birth_date.missing", "birth_date"))
    if today is not None and birth > today:
        return Verdict(problem=Problem.of("guest.birth_date.future", "birth_date", date=birth))
    if arrival is not None and birth > arrival:
        return Verdict(problem=Problem.of("guest.birth_date.after_arrival", "birth_date", date=birth, arrival=arrival))
    if arrival is not None and birth < oldest_birth(arrival):
        return Verdict(problem=Problem.of("guest.birth_date.too_old", "birth_date", date=birth, limit=AGE_MAX))
    return Verdict(birth)


_BIRTH_COMUNE = {
    "unknown": "guest.birth_comune.unknown", "ambiguous": "guest.birth_comune.ambiguous",
    "ceased": "guest.birth_comune.ceased", "not_yet": "guest.birth_comune.not_yet",
    "no_police_code": "guest.birth_comune.no_police_code",
}  # fmt: skip
_BIRTH_STATE = {
    "unknown": "guest.birth_state.unknown", "ambiguous": "guest.birth_state.ambiguous", "ceased": "guest.birth_state.ceased",
}  # fmt: skip
_CITIZENSHIP = {
    "unknown": "guest.citizenship.unknown", "ambiguous": "guest.citizenship.ambiguous", "ceased": "guest.citizenship.ceased",
}  # fmt: skip
_ISSUED_IN = {
    "unknown": "document.issued_in.unknown", "ambiguous": "document.issued_in.ambiguous",
    "ceased": "document.issued_in.ceased", "not_yet": "document.issued_in.not_yet",
    "no_police_code": "document.issued_in.no_police_code",
}  # fmt: skip


def _unresolved(codes: Mapping[str, str], where: str, answer: Unresolved, on: date | None) -> Problem:
    shown_candidates = ", ".join(
        place.name if isinstance(place, State) else place.label for place in answer.candidates[:16]
    )
    return Problem.of(
        codes.get(answer.reason, codes["unknown"]), where,
        token=shown(answer.token), candidates=shown_candidates or "—", date=on or "—",
    )  # fmt: skip


def birth_place(state: str | None, comune: str | None, birth: date | None, tables: Tables) -> tuple[Verdict, list[Problem]]:
    """Born in Italy means comune and province, both of the row valid on the day of birth; born abroad means neither."""
    if state is None:
        return Verdict(), [Problem("guest.birth_state.missing", "birth_state")]
    country = tables.state(state, birth)
    if isinstance(country, Unresolved):
        return Verdict(), [_unresolved(_BIRTH_STATE, "birth_state", country, birth)]
    if country.police != ITALY:
        if comune is not None:
            return Verdict(), [Problem.of("guest.birth_comune.abroad", "birth_comune", state=country.name)]
        return Verdict(BirthPlace(None, None, country.police)), []
    if comune is None:
        return Verdict(), [Problem("guest.birth_comune.missing", "birth_comune")]
    if birth is None:
        return Verdict(), []  # which row it is depends on the day, whose absence is told elsewhere
    row = tables.comune(comune, birth)
    if isinstance(row, Unresolved):
        return Verdict(), [_unresolved(_BIRTH_COMUNE, "birth_comune", row, birth)]
    if row.police is None:
        lacking = Unresolved("no_police_code", comune, (row,))
        return Verdict(), [_unresolved(_BIRTH_COMUNE, "birth_comune", lacking, birth)]
    return Verdict(BirthPlace(row.police, row.province, ITALY), None, _placed(comune, row)), []


_LABEL = re.compile(r"(.*?)\s*\(\s*([A-Za-z]{2})\s*\)\s*", re.DOTALL)


def _placed(token: str, row: Comune) -> Problem | None:
    """A note when words resolve to a row of another name or province (``CARBONIA (SU)`` is written ``CA`` by the police)."""
    label = _LABEL.fullmatch(token)
    name, province = (label[1], label[2]) if label else (token, row.province)
    if token.strip()[-3:].isdigit():  # a code says nothing that could be changed
        return None
    if province.upper() == row.province and _letters(name) == _letters(row.name):
        return None
    return Problem.of("guest.birth_comune.placed", "birth_comune", before=shown(token), after=row.label)


def _letters(name: str) -> str:
    return "".join(letter for letter in base_letters(name).text if letter.isalpha())


def citizenship(token: str | None, arrival: date | None, tables: Tables) -> Verdict:
    """A state that exists on the day of arrival, or APOLIDE."""
    if token is None:
        return Verdict(problem=Problem("guest.citizenship.missing", "citizenship"))
    state = tables.state(token, arrival)
    if isinstance(state, Unresolved):
        return Verdict(problem=_unresolved(_CITIZENSHIP, "citizenship", state, arrival))
    if arrival is not None and state.valid_to is not None and state.valid_to < arrival:
        gone = Unresolved("ceased", token, (state,))
        return Verdict(problem=_unresolved(_CITIZENSHIP, "citizenship", gone, arrival))
    return Verdict(state.police)


def document_type(code: str | None, documents: Documents) -> Verdict:
    """One of the portal's codes, letter for letter: near misses are other documents (PASSE is a service passport)."""
    if code is None:
        return Verdict(problem=Problem("document.type.missing", "document.type"))
    if code not in documents:
        usual = ", ".join(f"{usual} ({documents.description(usual)})" for usual in documents.usual)
        return Verdict(problem=Problem.of("document.type.unknown", "document.type", value=shown(code), usual=usual))
    return Verdict(code)


_NUMBER = re.compile(r"[A-Z0-9]+", re.ASCII)
_SEPARATORS = re.compile(r"[\s./\u2010-\u2015\u2212<-]+")


def document_number(number: str | None) -> Verdict:
    """Capital letters and digits, 1 to 20; blanks and separators go, with a note (what the portal refuses is not published)."""
    if number is None or not number.strip():
        return Verdict(problem=Problem("document.number.missing", "document.number"))
    limit = FIELD["document_number"].length
    if len(number) > 10 * limit:
        return Verdict(problem=Problem.of("document.number.too_long", "document.number", length=len(number), limit=limit))
    plain = _SEPARATORS.sub("", number)
    if plain.isascii():
        plain = plain.upper()
    if not _NUMBER.fullmatch(plain):
        strange = dict.fromkeys(char for char in plain if not _NUMBER.fullmatch(char)) or dict.fromkeys(number)
        return Verdict(
            problem=Problem.of(
                "document.number.characters", "document.number", characters=" ".join(map(_visible, list(strange)[:12]))
            )
        )
    if len(plain) > limit:
        return Verdict(problem=Problem.of("document.number.too_long", "document.number", length=len(plain), limit=limit))
    if len(plain) == len(number):
        return Verdict(plain)
    return Verdict(plain, None, Problem.of("document.number.spelled", "document.number", before=shown(number), after=plain))


def issued_in(token: str | None, arrival: date | None, tables: Tables) -> Verdict:
    """A comune for documents issued in Italy, else a state; both as they are on the day of arrival."""
    where = "document.issued_in"
    if token is None:
        return Verdict(problem=Problem("document.issued_in.missing", where))
    state = tables.state(token, arrival)
    comune = tables.comune(token, arrival) if arrival is not None else None
    if isinstance(state, State):
        if state.police == ITALY:
            return Verdict(problem=Problem("document.issued_in.italy", where))
        if isinstance(comune, Comune):  # BRA is Brazil and a town in Piemonte: a bare word is a state, and we say so
            said = Problem.of("document.issued_in.state", where, token=shown(token), state=state.name, comune=comune.label)
            return Verdict(state.police, None, said)
        return Verdict(state.police)
    if comune is None:  # without the day a comune cannot be judged, and the day's absence is told elsewhere
        return Verdict()
    if isinstance(comune, Comune) and comune.police is not None:
        return Verdict(comune.police)
    if isinstance(comune, Comune):
        comune = Unresolved("no_police_code", token, (comune,))
    answer = state if isinstance(state, Unresolved) and comune.reason == "unknown" else comune
    return Verdict(problem=_unresolved(_ISSUED_IN, where, answer, arrival))
