"""``{% w "today.title" day=day %}`` writes a text of the catalogue; ``{{ state|word:"state" }}`` that of ``state.<value>``.

``{% ask guest.surname "ask.surname" %}`` writes a field of the check-in sheet with its label, its help and its problems.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from locanda.law.authorities import comune_code
from locanda.law.packs import Contact, UnknownTerritory, chain
from locanda.office.clock import now
from locanda.web import office_look, time_words
from locanda.web.words import catalogue, language, say_html

register = template.Library()


class Field(NamedTuple):
    """A field of the check-in sheet, ready to be written."""

    id: str
    value: str
    code: str = ""
    problems: Sequence[dict[str, str]] = ()


@register.simple_tag
def w(key: str, **facts: object) -> SafeString:
    """A text by its key."""
    return say_html(key, **facts)


@register.simple_tag
def language_now() -> str:
    """The language of this page."""
    return language()


@register.filter
def word(value: object, group: str) -> SafeString:
    """The text of ``group.value``: ``{{ card.state|word:"state" }}``."""
    return say_html(f"{group}.{value}")


@register.filter
def word_or_self(value: object, group: str) -> str:
    """The same, or the value itself where the catalogue has no word for it."""
    key = f"{group}.{value}"
    return say_html(key) if key in catalogue(language()) else str(value)


@register.filter
def moment(instant: datetime | None) -> str:
    """``domani alle 16:00``."""
    return "" if instant is None else time_words.moment(instant, now())


@register.filter
def term(end: datetime) -> str:
    """When a term ends: ``domani alle 16:00``, ``la fine di oggi``."""
    return time_words.term(end, now())


@register.filter
def left(instant: datetime) -> str:
    """``mancano 3 ore e 20 minuti``."""
    return time_words.left(now(), instant)


@register.filter
def long_day(day: date | None) -> str:
    """``martedì 24 novembre 2026``."""
    return "" if day is None else time_words.long_day(day)


@register.filter
def short_date(day: date | None) -> str:
    """``24 novembre 2026``."""
    return "" if day is None else time_words.short_date(day)


@register.filter
def day_words(day: date | None) -> str:
    """``oggi``, ``domani``, ``martedì 24 novembre``."""
    return "" if day is None else time_words.day_words(day, now().date())


@register.filter
def office_name(contact: Contact) -> str:
    """An office by its name; in English with what it is."""
    return office_look.office_name(contact)


@register.filter
def sources_of(tokens: Sequence[str], comune: str) -> str:
    """The short names of sources in a pack, as people cite them."""
    code = comune_code(comune, date.max)
    try:
        rules = chain(str(code))
    except UnknownTerritory:
        return ", ".join(tokens)
    return "; ".join(rules.source(token, language()) for token in tokens)


@register.simple_tag
def ask(field: Field, label: str, help: str = "", type: str = "text", **more: Any) -> SafeString:
    """A field with its label above, its problems and its help between label and field."""
    heard = [f"{field.id}-problem"] if field.problems else []
    heard += [f"{field.id}-help"] if help else []
    facts = {
        "field": field, "label": say_html(label), "help": say_html(help) if help else "", "type": type,
        "heard": " ".join(heard), **more,
    }  # fmt: skip
    return get_template("web/ask.html").render(facts)
