"""What every form of ours shares: how it looks, labels in the language of the page, and the guard of what it writes over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazy
from django.utils.html import format_html

from locanda.core.time import iso_day
from locanda.web.seen import changed_since, overtaken_beside, seen_now
from locanda.web.words import say

__all__ = ["Form", "OurFields", "says", "words_for"]

says = lazy(say, str)
"""``says("key")``: a text that is looked up when the page is made, in its language."""


class OurFields(TemplatesSetting):
    """Every field with its label above, its help and its errors where a screen reader finds them."""

    form_template_name = "web/form.html"
    field_template_name = "web/form_field.html"


def words_for(group: str, values: Any) -> list[tuple[str, Any]]:
    """Choices whose words are ``group.value``."""
    return [(str(value), says(f"{group}.{value}")) for value in values]


class Form(forms.Form):
    """Ours: no colon after labels, and fields left to us to judge rather than to the browser.

    ``guard``: the values that the form writes over, as they are kept now (:mod:`locanda.web.seen`). Those of fields alone count.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, guard: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        self._guard = guard
        self._told_again = False
        super().__init__(*args, **kwargs)

    @property
    def seen(self) -> str:
        """The hidden field that says what stood in the others when the form was opened."""
        return "" if self._guard is None else format_html('<input type="hidden" name="seen" value="{}">', seen_now(self._guard))

    @property
    def again(self) -> str:
        """The hidden field of a form that was told that the same is kept already."""
        return format_html('<input type="hidden" name="again" value="{}">', 1) if self._told_again else ""

    def asks_again(self) -> bool:
        """The same is kept already: say so, once. Whoever sends the form again means one more, and then it is false."""
        if self.data.get("again"):
            return False
        self._told_again = True
        self.add_error(None, say("form.twice"))
        return True

    def full_clean(self) -> None:
        """Beside what Django judges: whether somebody saved meanwhile what this form would write over."""
        super().full_clean()
        if self._guard is not None and self.is_bound:
            for name in changed_since(self.data.get("seen", ""), self._guard):
                if name in self.changed_data:
                    self.add_error(name, overtaken_beside(self._stands(name)))

    def _stands(self, name: str) -> str | None:
        """What is kept now in the words of the page; None where it is never shown."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if name not in self.initial:
            return None
        if isinstance(value, bool):
            return say("form.yes") if value else say("form.no")
        known = dict(_flat(getattr(field, "choices", ())))
        said = [known.get(str(one), one) for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
        return ", ".join(f"{day:%d/%m/%Y}" if (day := iso_day(str(one))) else str(one) for one in said)


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    """Choices, those in groups too."""
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from _flat(words)
        else:
            yield str(value), words
