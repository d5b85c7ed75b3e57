"""Judging lines from anybody's software as the portal is known to judge them (spec alloggiati-web 2.1-2.5, 3.5, 4.12).

The first failing check of a row is its outcome, in the portal's order: length, then the fields from left to right, then the
place of the row among the others. Where nobody knows what the portal does (spec section 7), a switch of :class:`Strictness`
says what is assumed here, so that a test or a simulator can assume the contrary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.places import ITALY, Tables
from locanda.portals.alloggiati.documents import Documents
from locanda.portals.alloggiati.faults import FAULTS, Fault
from locanda.portals.alloggiati.fields import LENGTH, LENGTH_WITH_APARTMENT, LINE_END, LINES_MAX, ROLE_CODES
from locanda.portals.alloggiati.record import cut
from locanda.portals.alloggiati.rules import AGE_MAX

__all__ = ["VALID", "Outcome", "Strictness", "judge", "message", "split_lines"]


class Outcome(NamedTuple):
    """The portal's verdict on one row; ``problem`` is the code of our words for it."""

    valid: bool
    code: str = ""
    name: str = ""
    detail: str = ""
    field: str | None = None
    problem: str | None = None


VALID = Outcome(valid=True)



def _told(fault: Fault) -> dict[str, Any]:
    return {"code": fault.code, "name": fault.name, "detail": fault.detail, "field": fault.field, "problem": fault.problem}


_REFUSED = {key: VALID._replace(valid=False, **_told(fault)) for key, fault in FAULTS.items()}


@dataclass(frozen=True, kw_only=True)
class Strictness:
    """One switch for each behaviour of the portal that nobody has verified (spec section 7). True is the severe reading."""

    lower_case_refused: bool = False
    """[live] lower-case names passed ``Test``."""
    accents_refused: bool = False
    """[live] ``NICCOLÒ`` passed ``Test``; one third party holds that only A-Z passes."""
    hyphen_refused: bool = True
    """[live] an em dash was refused; the hyphen by analogy."""
    typographic_apostrophe_refused: bool = True
    """Unknown: it is no letter, and no dash either."""
    stops_refused: bool = True
    """Dots and commas in names: unknown, refused as no letters."""
    digits_refused: bool = True
    """Digits in names: unknown, refused as no letters."""
    other_alphabets_refused: bool = True
    """Greek, Cyrillic and the rest: unknown, refused."""
    number_punctuation_refused: bool = False
    """Hyphen, slash and dot in document numbers: some characters are refused, which is not known."""
    number_lower_case_refused: bool = False
    """Small letters in document numbers: unknown."""
    unpadded_days_refused: bool = False
    """``3 `` and `` 3`` are in use beside ``03``."""
    unpadded_apartment_refused: bool = False
    """``4     `` is in use beside ``000004``."""
    implausible_age_refused: bool = True
    """A birth more than 120 years before the arrival."""
    province_mismatch_refused: bool = True
    """Comune and province from different rows of the table."""
    birth_outside_life_refused: bool = False
    """A comune or state that had ceased on the day of birth: the Guide offers ceased places without comparing."""
    ceased_citizenship_refused: bool = True
    """A citizenship of a state that had ended on the day of arrival."""
    ceased_issue_refused: bool = False
    """A place of issue that had ceased on the day of arrival."""
    issue_italy_refused: bool = False
    """``100000100`` as place of issue instead of a comune."""
    member_document_refused: bool = True
    """Document data on types 19 and 20: the manuals want blanks."""
    wrong_pairing_refused: bool = True
    """20 after 17, 19 after 18."""
    lone_head_refused: bool = True
    """17 or 18 without members: the on-line form refuses it; one implementer saw the service do the same."""
    members_fall_with_head: bool = False
    """Members of a refused head are refused too."""
    member_arrival_refused: bool = True
    """A member with another day of arrival than the head."""
    member_days_refused: bool = False
    """A member with other days of stay than the head."""
    duplicates_refused: bool = False
    """The same person with the same arrival twice: no deduplication is documented."""


def judge(
    lines: Sequence[str], *, today: date | None, tables: Tables, documents: Documents,
    apartments: Collection[int] | None = None, strictness: Strictness | None = None,
) -> list[Outcome]:  # fmt: skip
    """One outcome per line, in order.

    ``apartments`` None means lines of 168 characters; a collection means 174, and the id must be in it. An empty collection
    accepts any id: whoever checks a file does not know the account. ``today`` None does not judge the arrival window.
    """
    bench = _Bench(today, tables, documents, apartments, strictness or Strictness())
    outcomes: list[Outcome] = []
    head = _Head("", "", "", valid=False)
    people: set[str] = set()
    lone: tuple[int, str] | None = None  # a valid head still waiting for its first member
    refuse_lone = bench.strict.lone_head_refused
    for index, line in enumerate(lines):
        fields = bench.fields(line)
        if fields is None:
            fault: str | None = "length"
            role = line[:2]
        else:
            role = fields[0]
            fault = bench.fault(fields) or bench.place_fault(fields, head)
            if fault is None and bench.strict.duplicates_refused:
                person = "".join((fields[1], *fields[3:10], *fields[14:])).upper()
                fault = "duplicate" if person in people else None
                people.add(person)
        if lone is not None and role not in _MEMBERS:
            outcomes[lone[0]] = _REFUSED["lone_head"]
            lone = None
        elif role in _MEMBERS:
            lone = None
        if role not in _MEMBERS:
            arrival, days = (fields[1], fields[2].strip().zfill(2)) if fields is not None else ("", "")
            head = _Head(role, arrival, days, valid=fault is None)
            if refuse_lone and fault is None and role in _HEADS:
                lone = index, role
        outcomes.append(VALID if fault is None else _REFUSED[fault])
    if lone is not None:
        outcomes[lone[0]] = _REFUSED["lone_head"]
    return outcomes


class _Head(NamedTuple):
    """The last row that was no member."""

    role: str
    arrival: str
    days: str
    valid: bool


_MEMBERS = frozenset(code for role, code in ROLE_CODES.items() if role.is_member)
_HEADS = frozenset(code for role, code in ROLE_CODES.items() if role.is_head)
_PAIRS = {
    ROLE_CODES[Role.FAMILY_MEMBER]: ROLE_CODES[Role.HEAD_OF_FAMILY],
    ROLE_CODES[Role.GROUP_MEMBER]: ROLE_CODES[Role.HEAD_OF_GROUP],
}
_ROLES = frozenset(ROLE_CODES.values())
_DATE = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", re.ASCII)
_PLAIN_NAME = re.compile(r"[A-Z' ]*[A-Z][A-Z' ]*", re.ASCII)
_PLAIN_NUMBER = re.compile(r"[A-Z0-9]+", re.ASCII)
_DAYS = {
    **{f"{days:02d}": True for days in range(1, 31)},
    **{text: False for days in range(1, 10) for text in (f"{days} ", f" {days}")},
}
_APARTMENT = re.compile(r" *[0-9]+ *", re.ASCII)


class _Bench:
    """What one run of judging needs at hand; dates are read once each."""

    def __init__(
        self, today: date | None, tables: Tables, documents: Documents, apartments: Collection[int] | None, strict: Strictness
    ) -> None:
        self.today, self.tables, self.documents, self.apartments, self.strict = today, tables, documents, apartments, strict
        self.window = None if today is None else (today, today - timedelta(days=1))
        self._days: dict[str, date | None] = {}
        self._names: dict[str, bool] = {}

    def fields(self, line: str) -> tuple[str, ...] | None:
        if len(line) != (LENGTH if self.apartments is None else LENGTH_WITH_APARTMENT):
            return None
        return cut(line)

    def fault(self, fields: tuple[str, ...]) -> str | None:
        """The first field that fails, by key of :data:`FAULTS`."""
        (
            role, arrived, days, surname, name, sex, born, comune, province, state, citizenship, kind, number, issued,
        ) = fields[:14]  # fmt: skip
        if role not in _ROLES:
            return "role"
        arrival = self.day(arrived)
        if arrival is None:
            return "arrival_format"
        if self.window is not None and arrival not in self.window:
            return "arrival_window"
        padded = _DAYS.get(days)
        if padded is None or (self.strict.unpadded_days_refused and not padded):
            return "days"
        fault = self._name_fault(surname, "surname") or self._name_fault(name, "name")
        if fault is not None:
            return fault
        if sex not in ("1", "2"):
            return "sex"
        birth = self.day(born)
        if birth is None:
            return "birth_format"
        if birth > arrival or (self.today is not None and birth > self.today):
            return "birth_impossible"
        if self.strict.implausible_age_refused and arrival.year - birth.year > AGE_MAX + 1:
            return "birth_impossible"
        fault = self._birthplace_fault(comune, province, state, birth) or self._citizenship_fault(citizenship, arrival)
        if fault is not None:
            return fault
        if role in _MEMBERS:
            if self.strict.member_document_refused and (kind + number + issued).strip(" "):
                return "member_document"
        else:
            fault = self._document_fault(kind, number, issued, arrival)
        return fault if fault is not None or self.apartments is None else self._apartment_fault(fields[14])

    def place_fault(self, fields: tuple[str, ...], head: _Head) -> str | None:
        """Faults of the row's place: members need their head right before them (spec 2.4)."""
        role = fields[0]
        if role not in _MEMBERS:
            return None
        if head.role not in _HEADS:
            return "no_head"
        if self.strict.wrong_pairing_refused and head.role != _PAIRS[role]:
            return "wrong_head"
        if self.strict.members_fall_with_head and not head.valid:
            return "head_refused"
        if self.strict.member_arrival_refused and head.arrival and fields[1] != head.arrival:
            return "member_arrival"
        if self.strict.member_days_refused and head.days and fields[2].strip().zfill(2) != head.days:
            return "days_differ"
        return None

    def day(self, text: str) -> date | None:
        if text not in self._days:
            read = None
            if _DATE.fullmatch(text):
                try:
                    read = date(int(text[6:]), int(text[3:5]), int(text[:2]))
                except ValueError:
                    read = None
            if len(self._days) > 60_000:
                self._days.clear()
            self._days[text] = read
        return self._days[text]

    def _name_fault(self, padded: str, key: str) -> str | None:
        text = padded.rstrip(" ")
        if _PLAIN_NAME.fullmatch(text) and text[0] != " ":
            return None
        if not text.strip(" "):
            return f"{key}_missing"
        return None if all(map(self._name_character, text)) else f"{key}_characters"

    def _name_character(self, char: str) -> bool:
        if char not in self._names:
            self._names[char] = not any(refused(char) for refused in _name_refusals(self.strict))
        return self._names[char]

    def _birthplace_fault(self, comune: str, province: str, state: str, birth: date) -> str | None:
        country = self.tables.state_row(state)
        outside = self.strict.birth_outside_life_refused
        if state == ITALY:
            row = self.tables.comune_row(comune)
            if row is None:
                return "birth_comune"
            if outside and not (
                (row.valid_from is None or row.valid_from <= birth) and (row.valid_to is None or birth <= row.valid_to)
            ):
                return "birth_comune_dates"
            if not province.strip(" ") or (self.strict.province_mismatch_refused and province != row.province):
                return "birth_province"
        elif comune.strip(" "):
            return "birth_comune_abroad"
        elif province.strip(" "):
            return "birth_province"
        if country is None:
            return "birth_state"
        if outside and country.valid_to is not None and birth > country.valid_to:
            return "birth_state_dates"
        return None

    def _citizenship_fault(self, code: str, arrival: date) -> str | None:
        state = self.tables.state_row(code)
        if state is None:
            return "citizenship"
        ceased = state.valid_to is not None and state.valid_to < arrival
        return "citizenship_ceased" if ceased and self.strict.ceased_citizenship_refused else None

    def _document_fault(self, kind: str, number: str, issued: str, arrival: date) -> str | None:
        if not kind.strip(" "):
            return "type_missing"
        if kind not in self.documents:
            return "type_unknown"
        plain = number.strip(" ")
        if not plain:
            return "number_missing"
        if not _PLAIN_NUMBER.fullmatch(plain) and not all(map(self._number_character, plain)):
            return "number_characters"
        comune, state = self.tables.comune_row(issued), self.tables.state_row(issued)
        if comune is None and state is None:
            return "issue"
        if issued == ITALY and self.strict.issue_italy_refused:
            return "issue_italy"
        ends = [place.valid_to for place in (comune, state) if place is not None and place.valid_to is not None]
        return "issue_ceased" if self.strict.ceased_issue_refused and any(end < arrival for end in ends) else None

    def _number_character(self, char: str) -> bool:
        if not char.isascii():
            return False
        if char in "-/.":
            return not self.strict.number_punctuation_refused
        if char.islower():
            return not self.strict.number_lower_case_refused
        return char.isalnum() or char == " "

    def _apartment_fault(self, text: str) -> str | None:
        if not _APARTMENT.fullmatch(text) or (self.strict.unpadded_apartment_refused and " " in text):
            return "apartment"
        return None if not self.apartments or int(text) in self.apartments else "apartment"


def _name_refusals(strict: Strictness) -> list[Callable[[str], bool]]:
    """Tests of one character that make a name unfit, under the given switches."""
    refusals: list[Callable[[str], bool]] = [_strange]
    switches: list[tuple[bool, Callable[[str], bool]]] = [
        (strict.lower_case_refused, str.islower),
        (strict.accents_refused, lambda char: char.isalpha() and not char.isascii()),
        (strict.hyphen_refused, lambda char: unicodedata.category(char) == "Pd" or char == "−"),
        (strict.typographic_apostrophe_refused, lambda char: char in "’‘ʼ`´"),
        (strict.stops_refused, lambda char: char in ".,"),
        (strict.digits_refused, str.isdecimal),
        (strict.other_alphabets_refused, lambda char: char.isalpha() and not unicodedata.name(char, "").startswith("LATIN")),
    ]
    return refusals + [test for on, test in switches if on]


def _strange(char: str) -> bool:
    """Neither a letter nor one of the signs that a switch rules on."""
    return not (char.isalpha() or char in " '.,’‘ʼ`´−" or char.isdecimal() or unicodedata.category(char) == "Pd")


def split_lines(data: bytes) -> tuple[list[str], list[Problem]]:
    """The lines of a file, and what is wrong with the file as a whole (spec 2.1). Never raises.

    Bytes that are not UTF-8 become the replacement character, as they do for whoever reads the file; a byte order mark, bare
    line feeds and a separator after the last line are told, and do not spoil the rows.
    """
    found: list[Problem] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        found.append(Problem.of("file.encoding", "", row=data.count(b"\n", 0, fault.start), byte=fault.start))
        text = data.decode("utf-8", "replace")
    if text.startswith("\ufeff"):
        found.append(Problem("file.byte_order_mark"))
        text = text[1:]
    if not text.strip("\r\n \x00\t"):
        return [], [*found, Problem("file.empty")]
    bare = re.search(r"(?<!\r)\n|\r(?!\n)", text)
    if bare is not None:
        found.append(Problem.of("file.line_ends", "", row=len(re.findall(r"\r\n|\r|\n", text[: bare.start()]))))
        lines = re.split(r"\r\n|\r|\n", text)
    else:
        lines = text.split(LINE_END)
    if lines[-1] == "":
        found.append(Problem("file.final_separator"))
        lines.pop()
    if len(lines) > LINES_MAX:
        found.append(Problem.of("file.too_long", "", lines=len(lines), limit=LINES_MAX))
    return lines, found


def message(outcome: Outcome, language: str) -> str | None:
    """Our words for a refusal, in one sentence or two; None for a valid row."""
    return None if outcome.problem is None else Problem(outcome.problem).message(language)

