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
from locanda.core.stays import Party, Stay, parties
from locanda.core.time import ROME, rome_day
from locanda.places import ITALY, Comune, State, Tables
from locanda.portals.alloggiati import rules
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.fields import FIELD, ROLE_CODES, SEX_CODES
from locanda.portals.alloggiati.record import date_text, pad
from locanda.portals.alloggiati.schedine import MEMBER_OF, PartyRows, Row, judge_party
from locanda.portals.alloggiati.segments import segment, window_problem

__all__ = ["Desk", "desk"]

ROOM: Final = 40_000
"""Entries of one memory; when full it starts anew."""


class _NoPiece(LookupError):
    """Judge this the long way."""


_LONG_WAY = (LookupError, TypeError, AttributeError)
"""What it looks like when a fact is absent or has no piece."""


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
_NOBODY: Final = object()  # the member that a single guest has
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
        self._memories = (
            _Memory(_name("surname")), _Memory(_name("name")), _Memory(date_text), _Memory(self._birth_abroad),
            _Memory(self._birth_italy), _Memory(self._timeless_state), _Memory(self._document_type),
        )  # fmt: skip
        self._segments = _Memory(self._segment, 4_000)
        self._issue_days = _Memory(self._issues_of, 40)
        self._as_of: tuple[datetime | None, date | None] = (None, None)

    def party_rows(
        self, stay: Stay, party: Party, *, as_of: datetime | None, apartment: int | None = None
    ) -> tuple[PartyRows | None, list[Problem]]:
        """The rows of a party, or its problems; as :func:`~.schedine.party_rows`."""
        today = self._day(as_of)
        try:
            return self._compose(stay, party.guests, party.start, today, apartment)[0], []
        except _LONG_WAY:
            return judge_party(
                stay, party, tables=self.tables, documents=self.documents, today=today, apartment=apartment
            )

    def stay_rows(
        self, stay: Stay, *, as_of: datetime | None, apartment: int | None = None
    ) -> tuple[list[PartyRows], list[Problem]]:
        """The rows of every party of a stay that has no problem, and the problems of the others."""
        try:
            return self._compose(stay, stay.guests, 0, self._day(as_of), apartment), []
        except _LONG_WAY:
            pass
        written: list[PartyRows] = []
        found: dict[Problem, None] = {}
        for party in parties(stay.guests):
            rows, problems = self.party_rows(stay, party, as_of=as_of, apartment=apartment)
            found.update(dict.fromkeys(problems))  # what is wrong with the stay is told once, not once a party
            if rows is not None:
                written.append(rows)
        return written, list(found)

    def _day(self, as_of: datetime | None) -> date | None:
        known = self._as_of
        if as_of is not known[0]:  # one assignment: several threads may share a desk
            known = self._as_of = as_of, None if as_of is None else rome_day(as_of)
        return known[1]

    def _compose(
        self, stay: Stay, guests: tuple[Any, ...], index: int, today: date | None, apartment: int | None
    ) -> list[PartyRows]:
        """The parties of a stay that has a piece for everything. Raises otherwise, and then nothing has been decided.

        ``guests`` are the stay's from ``index`` on. Facts that are absent find no piece.
        """
        arrival, departure = stay.arrival, stay.departure
        if isinstance(departure, datetime):
            departure = departure.date() if departure.tzinfo is ROME else rome_day(departure)
        start, oldest, openings, issues, follow_up, stay_note = self._segments[
            arrival.date() if arrival.tzinfo is ROME else rome_day(arrival),
            departure, stay.nights, stay.registered_nights, today,
        ]  # fmt: skip
        surnames, names, dates, abroad, italy, states, types = self._memories
        tail = "" if apartment is None else pad_apartment(apartment)
        stay_id = stay.id
        member: Any = _NOBODY
        others = ""
        found: list[PartyRows] = []
        rows: list[Row] = []
        notes: list[Problem] = []
        first_index = index
        for guest in guests:
            (
                guest_id, role, surname, name, sex, birth, birth_state, birth_comune, citizenship, document, _, _, _, details,
            ) = guest  # fmt: skip
            where = _WHERE[index]
            if role is member:
                beginning, papers = others, _NO_DOCUMENT
                if document is not None and any(document):
                    notes.append(_new(Problem, ("guest.document.not_sent", f"{where}.document", ())))
            else:
                if rows:
                    if len(rows) == 1 and member is not _NOBODY:
                        raise _NoPiece
                    found.append(_new(PartyRows, (stay_id, first_index, tuple(rows), tuple(notes), follow_up)))
                    rows, notes, first_index = [], [], index
                beginning, others, member = openings[role]
                if stay_note is not None:
                    notes.append(stay_note)
                kind, number, issued = document
                if not (number.isalnum() and number.isascii() and len(number) <= _NUMBER_LENGTH):
                    number, note = _number(number)
                    notes.append(note.within(where))
                issue = issues[issued]
                if type(issue) is not str:
                    issue, note = issue
                    notes.append(note.within(where))
                papers = f"{types[kind]}{number.upper().ljust(_NUMBER_LENGTH)}{issue}"
            if details is not None and (details.arrival is not None or details.departure is not None):
                raise _NoPiece
            if not oldest <= birth <= start:
                raise _NoPiece
            place = abroad[birth_state]
            if place is None:
                place = italy[birth_comune]
                if type(place) is not str:
                    for first, last, place, note in place:  # noqa: B007, B020
                        if first <= birth <= last:
                            break
                    else:
                        raise _NoPiece
                    if note is not None:
                        notes.append(_new(Problem, (note[0], f"{where}.birth_comune", note[2])))
            elif birth_comune is not None:
                raise _NoPiece
            surname_piece, surname_note = surnames[surname]
            name_piece, name_note = names[name]
            text = (
                f"{beginning}{surname_piece}{name_piece}{_SEXES[sex]}{dates[birth]}{place}{states[citizenship]}{papers}{tail}"
            )
            rows.append(_new(Row, (text, guest_id, stay_id, where)))
            if surname_note is not None:
                notes.append(_new(Problem, (surname_note[0], f"{where}.surname", surname_note[2])))
            if name_note is not None:
                notes.append(_new(Problem, (name_note[0], f"{where}.name", name_note[2])))
            index += 1
        if rows:
            if len(rows) == 1 and member is not _NOBODY:
                raise _NoPiece
            found.append(_new(PartyRows, (stay_id, first_index, tuple(rows), tuple(notes), follow_up)))
        return found

    def _segment(self, key: tuple[date, date | None, int | None, int, date | None]) -> tuple[Any, ...]:
        """What the days of a stay come to; with how a line begins for each role, and for the members after it."""
        arrival, departure, nights, registered, today = key
        if departure is not None:
            nights = (departure - arrival).days
        if nights is None:
            raise _NoPiece
        made = segment(arrival, nights, registered)
        start = made.start
        if made.problem is not None or start is None:
            raise _NoPiece
        if today is not None and window_problem(start, today, "") is not None:
            raise _NoPiece
        opening = f"{date_text(start)}{made.days:02d}"
        openings: dict[Role, tuple[str, str, Any]] = {
            head: (ROLE_CODES[head] + opening, ROLE_CODES[member] + opening, member) for head, member in MEMBER_OF.items()
        }
        openings[Role.SINGLE] = ROLE_CODES[Role.SINGLE] + opening, "", _NOBODY
        return start, rules.oldest_birth(start), openings, self._issue_days[start], made.follow_up, made.note

    def _birth_abroad(self, token: str) -> str | None:
        """Blank comune and province, then the state, for states that have no end (the others need the day of birth).

        None is Italy, where the comune decides.
        """
        state = self._timeless(token)
        if state.police == ITALY:
            return None
        verdict, problems = rules.birth_place(state.police, None, None, self.tables)
        if problems or verdict.value is None:
            raise _NoPiece
        return _place(verdict.value)

    def _birth_italy(self, comune: str) -> str | tuple[tuple[date, date, str, Problem | None], ...]:
        """The piece of a comune of birth where it is the same on any day; else pieces with the days of birth they are for."""
        spans: list[tuple[date, date, str, Problem | None]] = []
        for first, last, row in self.tables.comune_spans(comune):
            if isinstance(row, Comune):
                verdict, problems = rules.birth_place(ITALY, comune, first, self.tables)
                if problems or verdict.value is None:
                    raise _NoPiece
                spans.append((first, last, _place(verdict.value), verdict.note))
        if len(spans) == 1 and spans[0][:2] == (date.min, date.max) and spans[0][3] is None:
            return spans[0][2]
        return tuple(spans)

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

        def judge(token: str) -> str | tuple[str, Problem]:
            verdict = rules.issued_in(token, arrival, self.tables)
            if verdict.problem is not None or verdict.value is None:
                raise _NoPiece
            piece = pad(FIELD["issued_in"], verdict.value)
            return piece if verdict.note is None else (piece, verdict.note)

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
