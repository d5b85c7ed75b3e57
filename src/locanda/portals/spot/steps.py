"""What to correct by hand on the portal: SPOT takes no day twice (spec flussi-turistici 7.3 rule 6).

Given the file the portal accepted and the one that is true now, :func:`corrections` lists what to do, in an order that the portal
can follow: departures go before the arrivals they need, then what is wrong is taken out, the kind of the day is set, what is
missing is added, the figures of the day come last. :func:`applied` says what the portal holds afterwards, and is what the next
comparison starts from. The screens of the portal were not seen, so the words name its fields and no buttons.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from locanda.law.statistics import Movement
from locanda.portals.spot.values import Arrival, Day, Figures, File, Leaving, Person
from locanda.portals.spot.writing import Built, built

__all__ = ["Step", "applied", "corrections", "truth_for"]

_PERSON = {
    "sesso": "sex", "cittadinanza": "citizenship", "paeseresidenza": "state", "comuneresidenza": "comune",
    "occupazionepostoletto": "bed", "eta": "age", "titolostudio": "education",
}  # fmt: skip
_ARRIVAL = {
    "tipologiaalloggiato": "kind", "dayuse": "day_use", "caratteristica": "traits", "duratasoggiorno": "trip_days",
    "mezzotrasportoarrivo": "came_by", "mezzotrasportomovimento": "moves_by", "motivazioniviaggio": "reason",
}  # fmt: skip
_FIGURES = {"cameredisponibili": "rooms", "postilettodisponibili": "beds", "camereoccupate": "occupied"}
_ORDER = (
    "departure.remove", "arrival.remove", "member.remove", "day.kind", "arrival.change", "member.change", "member.add",
    "arrival.add", "departure.add", "figures.change",
)  # fmt: skip


class Step(NamedTuple):
    """One thing to do on the portal: on which day, to whom, which field from what to what."""

    do: str
    day: date
    guest: str = ""
    head: str = ""
    field: str = ""
    before: Any = None
    after: Any = None

    def words(self, language: str = "it") -> str:
        """The step in words."""
        text: str = _words()["step"][self.do][language]
        day = f"{self.day:%d/%m/%Y}" if language == "it" else self.day.isoformat()
        field = _words()["field"].get(self.field, {}).get(language, self.field)
        return text.format(
            day=day, guest=self.guest, head=self.head, field=field, before=_said(self.before, language),
            after=_said(self.after, language),
        )  # fmt: skip


def truth_for(accepted: File, moved: Movement) -> Built:
    """What the portal should hold, from the movement as it is known now: with the start-up day if the portal has one."""
    before = bool(accepted.days) and accepted.days[0].day == moved.first - timedelta(days=1)
    return built(moved._replace(accepted_until=None), start_up=before)


def corrections(accepted: File, truth: File) -> tuple[Step, ...]:
    """The steps from what the portal has to what is true, for the days it has; later days go by file."""
    theirs, ours = _by_day(accepted), _by_day(truth)
    days = [day for day in theirs if day in ours]
    found: list[Step] = []
    moved_out: set[str] = set()
    for day in days:
        come, true = _arrivals(theirs[day]), _arrivals(ours[day])
        for guest, arrival in come.items():
            if guest not in true:
                found.append(Step("arrival.remove", day, guest, before=arrival))
                moved_out.add(guest)
            else:
                found += _changes(day, arrival, true[guest])
        found += [Step("arrival.add", day, guest, after=arrival) for guest, arrival in true.items() if guest not in come]
    for day in days:
        leave, true_leave = _departures(theirs[day]), _departures(ours[day])
        for guest, leaving in leave.items():
            if true_leave.get(guest) != leaving or guest in moved_out:
                found.append(Step("departure.remove", day, guest, before=leaving))
        for guest, leaving in true_leave.items():
            if leave.get(guest) != leaving or guest in moved_out:
                found.append(Step("departure.add", day, guest, after=leaving))
        if theirs[day].kind != ours[day].kind:
            found.append(Step("day.kind", day, field="type", before=theirs[day].kind, after=ours[day].kind))
        mine, told = theirs[day].figures or Figures(None, None, None), ours[day].figures
        if told is not None:
            found += list(_fields("figures.change", day, "", "", mine, told, _FIGURES))
    return tuple(sorted(found, key=_place))


def _place(step: Step) -> tuple[int, int]:
    """Removals from the newest day backwards, all else from the oldest on."""
    day = step.day.toordinal()
    return _ORDER.index(step.do), -day if step.do.endswith("remove") else day


def _changes(day: date, mine: Arrival, true: Arrival) -> Iterator[Step]:
    guest = mine.person.code
    yield from _fields("arrival.change", day, guest, "", mine.person, true.person, _PERSON)
    yield from _fields("arrival.change", day, guest, "", mine, true, _ARRIVAL)
    members, wanted = {one.code: one for one in mine.members}, {one.code: one for one in true.members}
    for code, member in members.items():
        if code not in wanted:
            yield Step("member.remove", day, code, guest, before=member)
        else:
            yield from _fields("member.change", day, code, guest, member, wanted[code], _PERSON)
    for code, member in wanted.items():
        if code not in members:
            yield Step("member.add", day, code, guest, after=member)


def _fields(
    do: str, day: date, guest: str, head: str, mine: NamedTuple, true: NamedTuple, names: Mapping[str, str]
) -> Iterator[Step]:
    for field, name in names.items():
        before, after = getattr(mine, name), getattr(true, name)
        if before != after:
            yield Step(do, day, guest, head, field, before, after)


def _by_day(file: File) -> dict[date, Day]:
    return {day.day: day for day in file.days if day.day is not None}


def _arrivals(day: Day) -> dict[str, Arrival]:
    return {arrival.person.code: arrival for arrival in day.arrivals or ()}


def _departures(day: Day) -> dict[str, Leaving]:
    return {leaving.code: leaving for leaving in day.departures or ()}


# afterwards -------------------------------------------------------------------------------------------------------------------


def applied(accepted: File, steps: Iterable[Step]) -> File:
    """What the portal holds when the steps are done."""
    by_day: dict[date, list[Step]] = {}
    for step in steps:
        by_day.setdefault(step.day, []).append(step)
    return accepted._replace(days=tuple(_done(day, by_day.get(day.day, ())) if day.day else day for day in accepted.days))


def _done(day: Day, steps: Sequence[Step]) -> Day:
    arrivals, departures = _arrivals(day), _departures(day)
    for step in steps:
        if step.do == "arrival.remove":
            arrivals.pop(step.guest, None)
        elif step.do == "arrival.add":
            arrivals[step.guest] = step.after
        elif step.do == "departure.remove":
            departures.pop(step.guest, None)
        elif step.do == "departure.add":
            departures[step.guest] = step.after
        elif step.do == "day.kind":
            day = day._replace(kind=step.after)
        elif step.do == "figures.change":
            day = day._replace(figures=(day.figures or Figures(None, None, None))._replace(**{_FIGURES[step.field]: step.after}))
        elif step.do == "arrival.change":
            arrivals[step.guest] = _changed(arrivals[step.guest], step)
        else:
            arrivals[step.head] = _with_member(arrivals[step.head], step)
    return day._replace(arrivals=tuple(arrivals.values()) or None, departures=tuple(departures.values()) or None)


def _changed(arrival: Arrival, step: Step) -> Arrival:
    if step.field in _ARRIVAL:
        return arrival._replace(**{_ARRIVAL[step.field]: step.after})
    return arrival._replace(person=arrival.person._replace(**{_PERSON[step.field]: step.after}))


def _with_member(arrival: Arrival, step: Step) -> Arrival:
    members: dict[str, Person] = {member.code: member for member in arrival.members}
    if step.do == "member.remove":
        members.pop(step.guest, None)
    elif step.do == "member.add":
        members[step.guest] = step.after
    else:
        members[step.guest] = members[step.guest]._replace(**{_PERSON[step.field]: step.after})
    return arrival._replace(members=tuple(members.values()))


# words ------------------------------------------------------------------------------------------------------------------------


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads((files("locanda.portals.spot") / "steps.toml").read_text(encoding="utf-8"))


def _said(value: Any, language: str) -> str:
    """A value as the portal's own words; a person as the list of what to type."""
    if value is None or value == ():
        return str(_words()["nothing"][language])
    if isinstance(value, Arrival):
        fields = [*_told(value.person, _PERSON, language), *_told(value, _ARRIVAL, language)]
        label = _words()["field"]["componente"][language]
        fields += [f"{label} {member.code} ({', '.join(_told(member, _PERSON, language))})" for member in value.members]
        return "; ".join(fields)
    if isinstance(value, Person):
        return "; ".join(_told(value, _PERSON, language))
    if isinstance(value, Leaving):
        return str(_words()["alone"][language]) if value.alone == "si" else ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def _told(values: NamedTuple, names: Mapping[str, str], language: str) -> list[str]:
    labels = _words()["field"]
    told = ((field, getattr(values, name)) for field, name in names.items())
    return [f"{labels[field][language]} {_said(value, language)}" for field, value in told if value is not None and value != ()]
