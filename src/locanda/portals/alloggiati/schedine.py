"""From stays to rows: every rule judged, all problems at once, and rows only for parties that have none.

Two ways lead to a row. :func:`judge_party` judges one party at leisure and can say everything that is wrong. A :class:`Desk`
remembers how names, dates, places and states were judged before and puts rows together from these pieces; whatever it has not
met, or cannot answer without a problem, it leaves to the judgement. Both give the same rows (a test compares them).

Spec alloggiati-web 2.1-2.7; Guide p. 14 and 31-33.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from locanda.core.people import Document, Guest, Role
from locanda.core.problems import Problem
from locanda.core.stays import Party, Stay, parties
from locanda.places import Tables
from locanda.portals.alloggiati import rules
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.fields import LINE_END, LINES_MAX, ROLE_CODES
from locanda.portals.alloggiati.record import Schedina, write
from locanda.portals.alloggiati.segments import Segment, guest_segment, has_own_days, stay_segment, window_problem

__all__ = [
    "PartyRows", "Row", "cuts", "duplicates", "file_text", "guest_problems", "judge_party", "party_rows", "split_files",
    "stay_rows",
]  # fmt: skip


class Row(NamedTuple):
    """One line of 168 or 174 characters, and whose it is."""

    text: str
    guest: str
    stay: str
    where: str


class PartyRows(NamedTuple):
    """The lines of a party, in order; a party goes whole. ``follow_up`` is the arrival day of its next schedina."""

    stay: str
    start: int
    rows: tuple[Row, ...]
    notes: tuple[Problem, ...]
    follow_up: date | None


MEMBER_OF = {Role.HEAD_OF_FAMILY: Role.FAMILY_MEMBER, Role.HEAD_OF_GROUP: Role.GROUP_MEMBER}


def party_rows(
    stay: Stay, party: Party, *, tables: Tables, documents: Documents, as_of: datetime | None, apartment: int | None = None
) -> tuple[PartyRows | None, list[Problem]]:
    """The rows of a party, or its problems (paths relative to the stay). ``as_of`` None does not judge the arrival window."""
    from locanda.portals.alloggiati.desk import desk

    return desk(tables, documents).party_rows(stay, party, as_of=as_of, apartment=apartment)


def stay_rows(
    stay: Stay, *, tables: Tables, documents: Documents, as_of: datetime | None, apartment: int | None = None
) -> tuple[list[PartyRows], list[Problem]]:
    """The rows of every party of a stay that has no problem, and the problems of the others."""
    from locanda.portals.alloggiati.desk import desk

    return desk(tables, documents).stay_rows(stay, as_of=as_of, apartment=apartment)


def judge_party(
    stay: Stay, party: Party, *, tables: Tables, documents: Documents, today: date | None, apartment: int | None
) -> tuple[PartyRows | None, list[Problem]]:
    """Every rule on one party, all problems at once."""
    found: list[Problem] = _structure(party)
    notes: list[Problem] = []
    shared = stay_segment(stay)
    segments = [
        guest_segment(stay, guest, f"guests[{index}]") if has_own_days(guest) else shared
        for index, guest in enumerate(party.guests, party.start)
    ]
    found += _days(party, segments, notes, today)
    schedine: list[Schedina | None] = []
    for (index, guest), segment in zip(enumerate(party.guests, party.start), segments, strict=True):
        problems, said, made = _schedina(guest, segment, tables, documents, today, apartment)
        where = f"guests[{index}]"
        found += [problem.within(where) for problem in problems]
        notes += [note.within(where) for note in said]
        schedine.append(made)
    if apartment is not None and not 0 <= apartment <= 999_999:
        found.append(Problem.of("schedine.apartment.unfit", "", value=apartment))
    found = list(dict.fromkeys(found))
    if found:
        return None, found
    rows = tuple(
        Row(write(made, apartments=apartment is not None), guest.id, stay.id, f"guests[{index}]")
        for (index, guest), made in zip(enumerate(party.guests, party.start), schedine, strict=True)
        if made is not None
    )
    follow_up = next((segment.follow_up for segment in segments if segment.follow_up), None)
    return PartyRows(stay.id, party.start, rows, tuple(dict.fromkeys(notes)), follow_up), []


def guest_problems(
    guests: Sequence[Guest], *, tables: Tables, documents: Documents, today: date | None = None
) -> list[Problem]:
    """What can be said of guests whose day of arrival is not known: everything that does not depend on it."""
    found: list[Problem] = []
    for party in parties(tuple(guests)):
        found += _structure(party)
        for index, guest in enumerate(party.guests, party.start):
            problems, _, _ = _schedina(guest, Segment(None), tables, documents, today, None)
            found += [problem.within(f"guests[{index}]") for problem in problems]
    return found


def _structure(party: Party) -> list[Problem]:
    """Order of lines: a head, then members of its kind; a head has at least one member (spec 2.4)."""
    head, found = party.head, []
    for index, guest in enumerate(party.guests, party.start):
        where = f"guests[{index}].role"
        if guest.role is None:
            found.append(Problem("guest.role.missing", where))
        elif guest.role.is_member and not (head.role is not None and head.role.is_head):
            found.append(Problem("party.member.no_head", where))
        elif guest.role.is_member and head.role is not None and guest.role is not MEMBER_OF[head.role]:
            codes = {"member": ROLE_CODES[guest.role], "head": ROLE_CODES[head.role]}
            found.append(Problem.of("party.member.wrong_head", where, **codes))
    if head.role is not None and head.role.is_head and len(party.guests) == 1:
        found.append(Problem("party.head.alone", f"guests[{party.start}].role"))
    if len(party.guests) > LINES_MAX:  # a party goes whole, and a file ends at a thousand lines
        size = {"members": len(party.guests), "limit": LINES_MAX}
        found.append(Problem.of("party.too_many", f"guests[{party.start}].role", **size))
    return found


def _days(party: Party, segments: Sequence[Segment], notes: list[Problem], today: date | None) -> list[Problem]:
    """Segments of one party: each sound, members with their head's day, all within the window."""
    found: list[Problem] = []
    head = segments[0]
    for index, (guest, segment) in enumerate(zip(party.guests, segments, strict=True), party.start):
        own = has_own_days(guest)
        if segment.problem is not None:
            found.append(segment.problem)
        if segment.note is not None:
            notes.append(segment.note)
        if segment.start is None or head.start is None:
            continue
        if segment.start != head.start and guest.role is not None and guest.role.is_member:
            found.append(
                Problem.of("guest.arrival.member_differs", f"guests[{index}].arrival", own=segment.start, head=head.start)
            )
        elif today is not None:
            late = window_problem(segment.start, today, f"guests[{index}].arrival" if own else "arrival")
            if late is not None:
                found.append(late)
        if segment.days and head.days and segment.days != head.days and index > party.start:
            notes.append(
                Problem.of(
                    "guest.departure.days_differ", f"guests[{index}].departure", own=segment.days, head=head.days
                )
            )
    return found


def _schedina(
    guest: Guest, segment: Segment, tables: Tables, documents: Documents, today: date | None, apartment: int | None
) -> tuple[list[Problem], list[Problem], Schedina | None]:
    """Problems, notes and, without problems, the record of one guest (paths relative to the guest)."""
    found: list[Problem] = []
    arrival = segment.start
    surname = rules.written_name("surname", guest.surname)
    name = rules.written_name("name", guest.name)
    if guest.sex is None:
        found.append(Problem("guest.sex.missing", "sex"))
    birth = rules.birth_date(guest.birth_date, arrival, today)
    place, misplaced = rules.birth_place(guest.birth_state, guest.birth_comune, guest.birth_date, tables)
    citizenship = rules.citizenship(guest.citizenship, arrival, tables)
    verdicts = [surname, name, birth, place, citizenship]
    kind = number = issued = rules.Verdict()
    if guest.role is not None and guest.role.is_member:
        if guest.document is not None and any(guest.document):
            verdicts.append(rules.Verdict(note=Problem("guest.document.not_sent", "document")))
    elif guest.role is not None:
        if guest.document is None or not any(guest.document):
            found.append(Problem("document.missing", "document"))
        else:
            document: Document = guest.document
            kind = rules.document_type(document.type, documents)
            number = rules.document_number(document.number)
            issued = rules.issued_in(document.issued_in, arrival, tables)
            verdicts += [kind, number, issued]
    found += [verdict.problem for verdict in verdicts if verdict.problem is not None] + misplaced
    notes = [verdict.note for verdict in verdicts if verdict.note is not None]
    if found or arrival is None or not segment.days or guest.role is None or guest.sex is None:
        return found, notes, None
    made = Schedina(
        guest.role, arrival, segment.days, surname.value, name.value, guest.sex, birth.value, place.value.comune,
        place.value.province, place.value.state, citizenship.value, kind.value, number.value, issued.value, apartment,
    )  # fmt: skip
    return found, notes, made


def duplicates(rows: Iterable[Row]) -> list[Problem]:
    """The same person with the same arrival in the same apartment, more than once: nothing acquired twice can be undone."""
    rows = list(rows)
    if len({row.text[14:105] for row in rows}) == len(rows):  # all names, sexes and days of birth differ
        return []
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for row in rows:
        text = row.text
        key = text[2:12] + text[14:125] + text[168:]
        first = seen.setdefault(key, row.where)
        if first is not row.where:
            found.append(Problem.of("schedine.duplicate", row.where, first=first))
    return found


def split_files(parties: Iterable[PartyRows], limit: int = LINES_MAX) -> Iterator[list[Row]]:
    """Rows gathered into files of at most ``limit`` lines; a party is never split."""
    gathered: list[Row] = []
    for party in parties:
        if len(party.rows) > limit:
            raise ValueError(f"a party of {len(party.rows)} does not fit a file of {limit} lines")
        if len(gathered) + len(party.rows) > limit:
            yield gathered
            gathered = []
        gathered.extend(party.rows)
    if gathered:
        yield gathered


def cuts(parties: Iterable[PartyRows], limit: int = LINES_MAX) -> list[int]:
    """The rows, counted from 0, at which a further file has to begin."""
    total, starts = 0, []
    for rows in split_files(parties, limit):
        if total:
            starts.append(total)
        total += len(rows)
    return starts


def file_text(rows: Iterable[Row]) -> str:
    """The text of a file: CR LF between lines, none after the last (WS manual; Guide p. 31)."""
    return LINE_END.join([row.text for row in rows])
