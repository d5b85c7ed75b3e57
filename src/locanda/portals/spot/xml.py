"""Values to XML of schema 0.6: text, by hand, in the one order the schema allows (spec flussi-turistici 7.1)."""

from __future__ import annotations

from collections.abc import Iterator

from locanda.portals.markup import DECLARATION, escaped
from locanda.portals.spot.values import Arrival, Day, File, Leaving, Person, Quality

__all__ = ["encode"]

_ROOT = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="movimentogiornaliero-0.6.xsd"'


def encode(values: File) -> bytes:
    """The bytes of a file: UTF-8, a line for each person, a line feed at the end."""
    vendor = "" if values.vendor is None else f' vendor="{escaped(values.vendor)}"'
    lines = [DECLARATION, f"<movimenti {_ROOT}{vendor}>"]
    for day in values.days:
        lines += _day(day)
    lines.append("</movimenti>\n")
    return "\n".join(lines).encode()


def _day(day: Day) -> Iterator[str]:
    total = "" if day.total is None else f' totale="{day.total}"'
    yield f'<movimento type="{day.kind or ""}" data="{day.day or ""}"{total}>'
    if day.arrivals is not None:
        yield "<arrivi>"
        for arrival in day.arrivals:
            yield from _arrival(arrival)
        yield "</arrivi>"
    if day.departures is not None or day.quality is not None:
        yield "<partenze>"
        for leaving in day.departures or ():
            yield _leaving(leaving)
        if day.quality is not None:
            yield f"<datiqualitativi>{''.join(map(_quality, day.quality))}</datiqualitativi>"
        yield "</partenze>"
    if day.figures is not None:
        rooms, beds, occupied = day.figures
        yield (
            f"<datistruttura><cameredisponibili>{_number(rooms)}</cameredisponibili><postilettodisponibili>{_number(beds)}"
            f"</postilettodisponibili><camereoccupate>{_number(occupied)}</camereoccupate></datistruttura>"
        )
    yield "</movimento>"


def _arrival(arrival: Arrival) -> Iterator[str]:
    person, kind, day_use, members, traits, trip_days, came_by, moves_by, reason = arrival
    trip = ""
    if traits:
        trip = _traits(traits)
    if trip_days is not None:
        trip += f"<duratasoggiorno>{trip_days}</duratasoggiorno>"
    if came_by or moves_by or reason:
        trip += _optional("mezzotrasportoarrivo", came_by) + _optional("mezzotrasportomovimento", moves_by)
        trip += _optional("motivazioniviaggio", reason)
    yield (
        f"<arrivo>{_who(person)}{trip}<dayuse>{day_use or ''}</dayuse><tipologiaalloggiato>{kind or ''}"
        f"</tipologiaalloggiato>{_optional('titolostudio', person.education)}<eta>{_number(person.age)}</eta>"
        f"{'<componenti>' if members else '</arrivo>'}"
    )
    if members:
        for member in members:
            yield (
                f"<componente>{_who(member)}{_optional('titolostudio', member.education)}"
                f"<eta>{_number(member.age)}</eta></componente>"
            )
        yield "</componenti></arrivo>"


def _who(person: Person) -> str:
    code, sex, citizenship, state, comune, bed, _, _ = person
    home = f"<comuneresidenza>{comune}</comuneresidenza>" if comune else f"<paeseresidenza>{state or ''}</paeseresidenza>"
    return (
        f"<codiceclientesr>{escaped(code)}</codiceclientesr><sesso>{sex or ''}</sesso><cittadinanza>{citizenship or ''}"
        f"</cittadinanza>{home}<occupazionepostoletto>{bed or ''}</occupazionepostoletto>"
    )


def _leaving(leaving: Leaving) -> str:
    alone = "" if leaving.alone is None else f' partenzacapogrupposeparata="{leaving.alone}"'
    return f"<codiceclientesr{alone}>{escaped(leaving.code)}</codiceclientesr>"


def _quality(told: Quality) -> str:
    return (
        f"<cliente><codiceclientesr>{escaped(told.code)}</codiceclientesr>"
        f"{_optional('mezzotrasportoarrivo', told.came_by)}{_optional('mezzotrasportomovimento', told.moves_by)}"
        f"{_optional('motivazioniviaggio', told.reason)}{_optional('titolostudio', told.education)}"
        f"{_traits(told.traits) if told.traits else ''}</cliente>"
    )


def _traits(traits: tuple[str, ...]) -> str:
    listed = "".join(f"<caratteristica>{trait}</caratteristica>" for trait in traits)
    return f"<caratteristicheviaggio>{listed}</caratteristicheviaggio>"


def _optional(name: str, value: str | None) -> str:
    return f"<{name}>{value}</{name}>" if value else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
