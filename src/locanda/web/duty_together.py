"""Which duties stand on one card: what each stay brings, the months that were missed, what an agency owes for all its properties.

A host who has missed nine months sees one card with nine lines; an agency with hundreds of properties sees each return once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from locanda.office.duty_words import shared, together
from locanda.web.duty_look import DutySeen, state_seen
from locanda.web.words import say

__all__ = ["MANY", "SHOWN", "Group", "Sorted", "group", "looks", "sort_duties"]

MANY = 12
"""From so many properties on, a duty stands once for all of them."""
SHOWN = 60
"""Cards in a group: more than that nobody reads; a filter finds them."""
_LINES = 20
"""The same for the lines of a card."""

See = Callable[[Any], DutySeen]


class Group(NamedTuple):
    """Duties under one heading, and how many more there are."""

    title: str
    duties: list[DutySeen]
    more: int = 0


class Sorted(NamedTuple):
    """Entries under a heading, those of one card together, before anything is put into words."""

    title: str
    cards: list[list[Any]]

    @property
    def shown(self) -> list[Any]:
        """The entries of which something is said."""
        return [entry for card in self.cards[:SHOWN] for entry in card[:_LINES]]


def sort_duties(title: str, found: Iterable[Any], *, many: bool, single: bool = False) -> Sorted:
    """``many``: of many properties; ``single``: each by itself."""

    def card(entry: Any) -> Hashable:
        kind = entry.subject.partition(":")[0]
        if single:
            return entry.key
        if kind == "stay" or (kind == "period" and entry.state == "overdue"):
            return (None if many else entry.property.pk, entry.obligation, state_seen(entry))
        return (shared(entry), state_seen(entry)) if many else entry.key

    return Sorted(title, together(found, card))


def group(found: Sorted, seen: See) -> Group:
    """The cards in words."""
    return Group(found.title, looks(found, seen), max(0, len(found.cards) - SHOWN))


def looks(found: Sorted, seen: See) -> list[DutySeen]:
    """What the page says of each card."""
    return [seen(card[0]) if len(card) == 1 else _several(card, seen) for card in found.cards[:SHOWN]]


def _several(card: Sequence[Any], seen: See) -> DutySeen:
    first = seen(card[0])
    properties, subjects = {entry.property.pk for entry in card}, {entry.subject for entry in card}
    where = [first.subject] if len(subjects) == 1 and first.subject else []
    if len(properties) == 1:
        words = "calendar.stays" if card[0].subject.startswith("stay:") else "calendar.terms"
        where += [say(words, n=len(card)), card[0].property.name]
    else:
        where.append(say("calendar.places", n=len(properties)))
        where += [say("calendar.terms", n=len(card))] if len(card) > len(properties) else []
    each = [seen(entry) for entry in card[:_LINES]]
    if len(properties) > 1:
        each = [one._replace(subject=" · ".join(filter(None, (one.entry.property.name, one.subject)))) for one in each]
    return first._replace(
        each=each, more=max(0, len(card) - _LINES), where=" · ".join(where), first=len({entry.nominal for entry in card}) > 1,
    )  # fmt: skip
