"""Look-up of comuni and states by any code or name, on the day that matters (spec alloggiati-web 3.4, interfaces.md).

A token that names exactly one living comune gives it, whatever the day: the portal's table knows no beginnings. The day
decides where a token fits several rows (a Belfiore code through reforms of provinces, a name alone) and where a row has
ceased. Nothing is computed here: code, name and province come from one row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from locanda.places.merging import merged_comuni, merged_states
from locanda.places.search import Search
from locanda.places.spelling import key, split_label
from locanda.places.values import BadLine, Change, Comune, FormerState, Place, State, Unresolved

__all__ = ["Tables", "difference"]

_MEMORY = 50_000  # answers remembered before starting over: streams of a million guests stay flat
_BELFIORE = re.compile(r"[A-Za-z]\d{3}")
_EX = key("ex") + " "
_Rows = Mapping[str, Sequence[Comune]]


class Tables:
    """Comuni and states; immutable. ``source`` says where they come from: ``builtin``, ``csv``, ``portal 2026-11-20``."""

    def __init__(
        self, source: str, comuni: Iterable[Comune], states: Iterable[State], bad_lines: Iterable[BadLine] = (),
        former: Iterable[FormerState] = (),
    ) -> None:  # fmt: skip
        self.source = source
        self.comuni: tuple[Comune, ...] = tuple(comuni)
        self.states: tuple[State, ...] = tuple(states)
        self.bad_lines: tuple[BadLine, ...] = tuple(bad_lines)
        self.former: tuple[FormerState, ...] = tuple(former)
        self._answers: dict[tuple[str, date], Comune | Unresolved] = {}
        self._state_answers: dict[tuple[str, date | None], State | Unresolved] = {}

    def __repr__(self) -> str:
        return f"<Tables {self.source}: {len(self.comuni)} comuni, {len(self.states)} states>"

    def merged_with(self, known: Tables) -> Tables:
        """These rows, which win, beside what other tables know of them and of places that these lack."""
        comuni, states = merged_comuni(self.comuni, known.comuni), merged_states(self.states, known.states)
        return Tables(self.source, comuni, states, self.bad_lines, (*self.former, *known.former))

    # comuni -------------------------------------------------------------------------------------------------------------

    def comune(self, token: str, on: date) -> Comune | Unresolved:
        """The comune of a token (9 digits, ISTAT, Belfiore, ``NAME (PROV)``, or a name that is alone) on a day."""
        found = self._answers.get((token, on))
        if found is None:
            if len(self._answers) >= _MEMORY:
                self._answers.clear()
            found = self._answers[token, on] = self._comune(token, on)
        return found

    def comune_spans(self, token: str) -> tuple[tuple[date, date, Comune | Unresolved], ...]:
        """The answers to a token through time, each with its first and last day, without gaps.

        For whoever asks the same on many days. The candidates of an unresolved answer are those of its first day.
        """
        code = token.strip()
        rows = [  # every row that an answer may look at; a few more do no harm
            *self._by_istat.get(code, ()), *self._by_belfiore.get(code.upper(), ()),
            *self._by_key.get(key(split_label(token)[0]), ()),
        ]  # fmt: skip
        if code in self._by_police:
            rows.append(self._by_police[code])
        starts = {date.min, *(row.valid_from for row in rows if row.valid_from)}
        starts |= {row.valid_to + timedelta(days=1) for row in rows if row.valid_to and row.valid_to < date.max}
        spans: list[tuple[date, date, Comune | Unresolved]] = []
        for start in sorted(starts):
            answer = self._comune(token, start)
            if spans and spans[-1][2] == answer:
                continue
            if spans:
                spans[-1] = (spans[-1][0], start - timedelta(days=1), spans[-1][2])
            spans.append((start, date.max, answer))
        return tuple(spans)

    def comune_row(self, police: str) -> Comune | None:
        """The row of a 9-digit code, on any day."""
        return self._by_police.get(police)

    def suggest_comuni(self, text: str, on: date | None, limit: int = 8) -> list[Comune]:
        """What someone typing may mean. With a day, the rows of that day; without, those of today."""
        wanted = _in_force if on is None else self._wanted_on(on)
        found = self._search.find(text, wanted, limit)
        name, _, province = key(text).rpartition(" ")
        if not found and name and len(province) == 2:
            province = province.upper()
            found = self._search.find(name, lambda row: province in _provinces(row) and wanted(row), limit)
        return found

    def _comune(self, token: str, on: date) -> Comune | Unresolved:
        code = token.strip()
        if code.isdigit() and len(code) == 9:
            return self._by_code(token, code, on)
        if code.isdigit() and len(code) == 6:
            return self._choose(token, self._by_istat.get(code, ()), on)
        if _BELFIORE.fullmatch(code):
            return self._choose(token, self._by_belfiore.get(code.upper(), ()), on)
        return self._by_name(token, on)

    def _by_code(self, token: str, code: str, on: date) -> Comune | Unresolved:
        row = self._by_police.get(code)
        if row is None:
            return Unresolved("unknown", token)
        if row.valid_to is not None and row.valid_to < on:
            return Unresolved("ceased", token, self._instead([row], on))
        return row

    def _by_name(self, token: str, on: date) -> Comune | Unresolved:
        name, province = split_label(token)
        rows = self._by_key.get(key(name), ())
        if province is None:
            own = [row for row in rows if key(row.name) == key(name)]
            return self._choose(token, own or rows, on)
        exact = [row for row in rows if row.province == province and key(row.name) == key(name)]
        exact = exact or [row for row in rows if row.province == province]
        found = self._choose(token, exact or [row for row in rows if province in _provinces(row)], on)
        if isinstance(found, Unresolved) and found.reason == "unknown":
            return found._replace(candidates=tuple(row for row in rows if row.police and row.lived(on)))
        return found

    def _choose(self, token: str, rows: Sequence[Comune], on: date) -> Comune | Unresolved:
        """The one row that is meant among those that fit a token."""
        if not rows:
            return Unresolved("unknown", token)
        fitting = [row for row in rows if row.lived(on)] or [row for row in rows if row.valid_to is None]
        if not fitting:
            ended = any(row.valid_to is not None and row.valid_to < on for row in rows)
            return Unresolved("ceased" if ended else "not_yet", token, self._instead(rows, on))
        if len({row.identity for row in fitting}) > 1:
            return Unresolved("ambiguous", token, tuple(fitting))
        best = min(fitting, key=_fitness)
        if best.police is None:  # the token fits today's row of the same comune as well, which the portal lists
            today = (row for row in rows if row.police and row.valid_to is None and row.identity == best.identity)
            best = min(today, key=_fitness, default=best)
        if best.police is None:
            others = (row for row in self._same_comune(best) if row.police)
            return Unresolved("no_police_code", token, (best, *others))
        return best

    def _instead(self, rows: Iterable[Comune], on: date) -> tuple[Comune, ...]:
        """What stands that day in the place of rows that did not live then; the rows themselves when nothing is known."""
        rows = tuple(rows)
        heirs = {other: None for row in rows for other in self._same_comune(row) if other.police and other.lived(on)}
        return tuple(heirs) or rows

    def _same_comune(self, row: Comune) -> Sequence[Comune]:
        return self._by_belfiore.get(row.belfiore, ()) if row.belfiore else ()

    def _wanted_on(self, on: date) -> Callable[[Comune], bool]:
        def wanted(row: Comune) -> bool:
            if row.lived(on):
                return bool(row.police) or not any(other.police and other.lived(on) for other in self._same_comune(row))
            if row.valid_to is not None:
                return False
            return not any(other.police and other.lived(on) for other in self._same_comune(row))

        return wanted

    @cached_property
    def _by_police(self) -> Mapping[str, Comune]:
        return {row.police: row for row in self.comuni if row.police}

    @cached_property
    def _by_istat(self) -> _Rows:
        found: dict[str, list[Comune]] = defaultdict(list)
        for row in self.comuni:
            if row.istat:
                found[row.istat].append(row)
        for row in self.comuni:
            for code in row.other_codes:
                if code not in found:  # a number that someone bears today is not an old one of another
                    found[code].append(row)
        return dict(found)

    @cached_property
    def _by_belfiore(self) -> _Rows:
        found: dict[str, list[Comune]] = defaultdict(list)
        for row in self.comuni:
            if row.belfiore:
                found[row.belfiore].append(row)
        return dict(found)

    @cached_property
    def _by_key(self) -> _Rows:
        found: dict[str, list[Comune]] = defaultdict(list)
        for row in self.comuni:
            for name in {key(name) for name in (row.name, *row.other_names)}:
                found[name].append(row)
        return dict(found)

    @cached_property
    def _search(self) -> Search[Comune]:
        return Search((name, row) for row in self.comuni for name in (row.name, *row.other_names))

    # states -------------------------------------------------------------------------------------------------------------

    def state(self, token: str, on: date | None = None) -> State | Unresolved:
        """The state of a token: 9 digits, ISO alpha-2 or alpha-3, or the portal's name. Without a day, ended ones too."""
        found = self._state_answers.get((token, on))
        if found is None:
            if len(self._state_answers) >= _MEMORY:
                self._state_answers.clear()
            found = self._state_answers[token, on] = self._state(token, on)
        return found

    def state_row(self, police: str) -> State | None:
        """The row of a 9-digit code, on any day."""
        return self._state_by_police.get(police)

    def suggest_states(self, text: str, limit: int = 8) -> list[State]:
        """What someone typing may mean, in Italian or English."""
        return self._state_search.find(text, lambda row: True, limit)

    def former_state(self, text: str) -> FormerState | None:
        """The former state that someone typing may mean; at least three letters, ``ex`` before them does not matter."""
        typed = key(text).removeprefix(_EX)
        found = self._former_search.find(typed, lambda row: True, 1) if len(typed) > 2 else []
        return found[0] if found else None

    def today_of(self, former: FormerState) -> tuple[State, ...]:
        """The states of today where the places of a former one lie, in the order of the alphabet."""
        rows = (self._state_by_police.get(code) for code in former.today)
        return tuple(sorted((row for row in rows if row), key=lambda row: row.name))

    def heirs(self, state: State) -> tuple[State, ...]:
        """What a state that the table shows as ended became."""
        rows = (self._state_by_police.get(code) for code in state.successors)
        return tuple(row for row in rows if row)

    def _state(self, token: str, on: date | None) -> State | Unresolved:
        word = key(token)
        row = self._state_by_police.get(word) or self._state_by_word.get(word)
        if row is None:
            known = tuple(row for row in self.states if word in map(key, row.names))
            former = next((row for row in self.former if word.removeprefix(_EX) in map(key, row.names)), None)
            return Unresolved("unknown", token, known or (self.today_of(former) if former else ()))
        if on is not None and row.valid_to is not None and row.valid_to < on:
            return Unresolved("ceased", token, self.heirs(row) or (row,))
        return row

    @cached_property
    def _state_by_police(self) -> Mapping[str, State]:
        return {row.police: row for row in self.states}

    @cached_property
    def _state_by_word(self) -> Mapping[str, State]:
        words = {key(row.name): row for row in self.states}
        return words | {code: row for row in self.states for code in (row.iso2, row.iso3) if code}

    @cached_property
    def _state_search(self) -> Search[State]:
        return Search((name, row) for row in self.states for name in (row.name, *row.names))

    @cached_property
    def _former_search(self) -> Search[FormerState]:
        return Search((name, row) for row in self.former for name in row.names)


def difference(old: Tables, new: Tables) -> list[Change]:
    """What a new version of the tables adds, removes and changes (name, province, end), in the order of the codes."""
    before, after = _readings(old), _readings(new)
    changes: list[Change] = []
    for code in sorted(before.keys() | after.keys()):
        was, now = before.get(code), after.get(code)
        if was == now:
            continue
        kind: Literal["added", "removed", "changed"] = "added" if was is None else "removed" if now is None else "changed"
        place = new.comune_row(code) or new.state_row(code) or old.comune_row(code) or old.state_row(code)
        changes.append(Change(kind, code, place.label if place else code, was, now))
    return changes


def _readings(tables: Tables) -> dict[str, str]:
    places: tuple[Place, ...] = (*tables.comuni, *tables.states)
    return {row.police: f"{row.label} – {row.valid_to:%d/%m/%Y}" if row.valid_to else row.label for row in places if row.police}


def _provinces(row: Comune) -> tuple[str | None, ...]:
    return (row.province, row.current_province, *row.other_provinces)


def _in_force(row: Comune) -> bool:
    return row.valid_to is None


def _fitness(row: Comune) -> tuple[bool, date, int]:
    """Rows with a code first, then the one that ended soonest, then the one that began last."""
    return row.police is None, row.valid_to or date.max, -(row.valid_from or date.min).toordinal()
