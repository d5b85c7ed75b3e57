"""``{% w "today.title" day=day %}`` writes a text of the catalogue; ``{{ state|word:"state" }}`` that of ``state.<value>``."""

from django import template
from django.utils.safestring import SafeString

from locanda.web.words import say_html

register = template.Library()


@register.simple_tag
def w(key: str, **facts: object) -> SafeString:
    """A text by its key."""
    return say_html(key, **facts)


@register.filter
def word(value: object, group: str) -> SafeString:
    """The text of ``group.value``: ``{{ card.state|word:"state" }}``."""
    return say_html(f"{group}.{value}")
