"""A desk that remembers: rows put together from pieces judged before, for whoever writes thousands.

A piece is the text of one field (or of a few that belong together) with its padding, as :mod:`~.rules` judged it and
:func:`~.record.pad` padded it, so that a row is only the pieces one after the other in the order of the table of fields. What
depends on a day is remembered with that day. Whatever has no piece (a problem, a guest with days of their own) goes the long
way through :func:`~.schedine.judge_party`. Every memory is bounded: a million different guests take no more room than a few
thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from locanda.core.people import Role, Sex
from locanda.core.problems import Problem
from locanda.core.stays import Party, Stay
from locanda.core.time import rome_day
from locanda.places import State, Tables
from locanda.portals.alloggiati import rules
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.fields import FIELD, ROLE_CODES, SEX_CODES
from locanda.portals.alloggiati.record import date_text, pad
from locanda.portals.alloggiati.schedine import MEMBER_OF, PartyRows, Row, judge_party
from locanda.portals.alloggiati.segments import stay_segment, window_problem

__all__ = ["Desk", "desk"]

ROOM: Final = 40_000
"""Entries of one memory; when full it starts anew."""


class _NoPiece(LookupError):
    """Judge this the long way."""


class _Memory(dict[Any, Any]):
    """A dict that judges what it has not met."""

    __slots__ = ("judge", "room")

    def __init__(self, judge: Callable[[Any], Any], room: int = ROOM) -> None:
        super().__init__()
        self.judge = judge
        self.room = room

    def __missing__(self, key: Any) -> Any:
        piece = self.judge(key)
        if len(self) >= self.room:
            self.clear()
        self[key] = piece
        return piece


_NO_DOCUMENT: Final = " " * (FIELD["document_type"].length + FIELD["document_number"].length + FIELD["issued_in"].length)
_PLACE_FIELDS: Final = (FIELD["birth_comune"], FIELD["birth_province"], FIELD["birth_state"])
_NUMBER_LENGTH: Final = FIELD["document_number"].length
_NEVER: Final = (date(1850, 1, 1), date(9999, 12, 31))
_WHERE: Final = [f"guests[{index}]" for index in range(1000)]
_SEXES: Final = {sex: SEX_CODES[sex] for sex in Sex}
_new = tuple.__new__


def _name(key: str) -> Callable[[str], tuple[str, Problem | None]]:
    def judge(text: str) -> tuple[str, Problem | None]:
        verdict = rules.written_name(key, text)
        if verdict.problem is not None:
            raise _NoPiece
        return pad(FIELD[key], verdict.value), verdict.note

    return judge


class Desk:
    """Writes parties against one set of tables."""

    def __init__(self, tables: Tables, documents: Documents) -> None:
        self.tables = tables
        self.documents = documents
        self._surnames = _Memory(_name("surname"))
        self._names = _Memory(_name("name"))
        self._dates = _Memory(date_text)
        self._abroad = _Memory(self._birth_abroad)
        self._italy = _Memory(self._birth_italy)
        self._states = _Memory(self._timeless_state)
        self._types = _Memory(self._document_type)
        self._issue_days = _Memory(self._issues_of, 40)

    def party_rows(
        self, stay: Stay, party: Party, *, as_of: datetime | None, apartment: int | None = None
    ) -> tuple[PartyRows | None, list[Problem]]:
        """The rows of a party, or its problems; as :func:`~.schedine.party_rows`."""
        today = None if as_of is None else rome_day(as_of)
        try:
            return self._compose(stay, party, today, apartment), []
        except (LookupError, TypeError):
            return judge_party(
                stay, party, tables=self.tables, documents=self.documents, today=today, apartment=apartment
            )

    def _compose(self, stay: Stay, party: Party, today: date | None, apartment: int | None) -> PartyRows:
        segment = stay_segment(stay)
        start = segment.start
        guests: tuple[Any, ...] = party.guests  # absent facts raise below, and go the long way
        if segment.problem is not None or start is None:
            raise _NoPiece
        if today is not None and window_problem(start, today, "") is not None:
            raise _NoPiece
        head: Any = guests[0].role
        if head is Role.SINGLE:
            if len(guests) != 1:
                raise _NoPiece
            member = None
        else:
            member = MEMBER_OF[head]
            if len(guests) == 1:
                raise _NoPiece
        tail = "" if apartment is None else pad_apartment(apartment)
        dates, names, surnames, abroad, italy = self._dates, self._names, self._surnames, self._abroad, self._italy
        states, types, issues = self._states, self._types, self._issue_days[start]
        oldest = rules.oldest_birth(start)
        stay_id = stay.id
        opening = f"{dates[start]}{segment.days:02d}"
        first = ROLE_CODES[head] + opening
        others = "" if member is None else ROLE_CODES[member] + opening
        notes = [] if segment.note is None else [segment.note]
        rows: list[Row] = []
        index = party.start
        for guest in guests:
            (
                guest_id, role, surname, name, sex, birth, birth_state, birth_comune, citizenship, document, _, _, _, details,
            ) = guest  # fmt: skip
            if details is not None and (details.arrival is not None or details.departure is not None):
                raise _NoPiece
            surname_piece, surname_note = surnames[surname]
            name_piece, name_note = names[name]
            if not oldest <= birth <= start or (today is not None and birth > today):
                raise _NoPiece
            place_note: Problem | None = None
            if birth_comune is None:
                place: str = abroad[birth_state]
            else:
                place, place_note = italy[birth_state, birth_comune, birth]
            if role is head and rows == []:
                kind, number, issued = document
                if not (number.isalnum() and number.isascii() and len(number) <= _NUMBER_LENGTH):
                    number, number_note = _number(number)
                    notes.append(number_note.within(_WHERE[index]))
                papers = f"{types[kind]}{number.upper():<20}{issues[issued]}"
                beginning = first
            elif role is member:
                if document is not None and any(document):
                    notes.append(Problem("guest.document.not_sent", _WHERE[index] + ".document"))
                papers, beginning = _NO_DOCUMENT, others
            else:
                raise _NoPiece
            where = _WHERE[index]
            text = (
                f"{beginning}{surname_piece}{name_piece}{_SEXES[sex]}{dates[birth]}{place}{states[citizenship]}{papers}{tail}"
            )
            rows.append(_new(Row, (text, guest_id, stay_id, where)))
            if surname_note is not None:
                notes.append(surname_note.within(where))
            if name_note is not None:
                notes.append(name_note.within(where))
            if place_note is not None:
                notes.append(place_note.within(where))
            index += 1
        return PartyRows(stay_id, party.start, tuple(rows), tuple(notes), segment.follow_up)

    def _birth_abroad(self, token: str) -> str:
        """Blank comune and province, then the state, for states that have no end (the others need the day of birth)."""
        verdict, problems = rules.birth_place(self._timeless(token).police, None, None, self.tables)
        if problems or verdict.value is None:
            raise _NoPiece
        return _place(verdict.value)

    def _birth_italy(self, key: tuple[str, str, date]) -> tuple[str, Problem | None]:
        verdict, problems = rules.birth_place(*key, self.tables)
        if problems or verdict.value is None:
            raise _NoPiece
        return _place(verdict.value), verdict.note

    def _timeless(self, token: str) -> State:
        """A state that the same word names at any time."""
        answers = {self.tables.state(token, day) for day in (None, *_NEVER)}
        state = answers.pop()
        if answers or not isinstance(state, State) or state.valid_to is not None:
            raise _NoPiece
        return state

    def _timeless_state(self, token: str) -> str:
        return pad(FIELD["citizenship"], self._timeless(token).police)

    def _document_type(self, code: str) -> str:
        verdict = rules.document_type(code, self.documents)
        if verdict.problem is not None:
            raise _NoPiece
        return pad(FIELD["document_type"], verdict.value)

    def _issues_of(self, arrival: date) -> _Memory:
        """Places of issue as they are on one day of arrival."""

        def judge(token: str) -> str:
            verdict = rules.issued_in(token, arrival, self.tables)
            if verdict.note is not None or verdict.problem is not None or verdict.value is None:
                raise _NoPiece
            return pad(FIELD["issued_in"], verdict.value)

        return _Memory(judge, 2_000)


def _place(place: rules.BirthPlace) -> str:
    return "".join(pad(field, text) for field, text in zip(_PLACE_FIELDS, place, strict=True))


def _number(number: str) -> tuple[str, Problem]:
    verdict = rules.document_number(number)
    if verdict.problem is not None or verdict.note is None:
        raise _NoPiece
    return verdict.value, verdict.note


def pad_apartment(apartment: int) -> str:
    """Six digits; 0 is an apartment."""
    if not 0 <= apartment <= 999_999:
        raise _NoPiece
    return f"{apartment:06d}"


_desks: list[Desk] = []


def desk(tables: Tables, documents: Documents) -> Desk:
    """The desk of these tables; the last few are kept."""
    for known in _desks:
        if known.tables is tables and known.documents is documents:
            return known
    made = Desk(tables, documents)
    _desks.insert(0, made)
    del _desks[4:]
    return made
