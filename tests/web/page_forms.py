"""The forms of a page with what a browser would send of each."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple


class PageForm(NamedTuple):
    """A form: where it goes (empty: to its own page), and its fields as they stand."""

    action: str
    fields: dict[str, list[str]]


def _sent(told: dict[str, str]) -> bool:
    return told.get("type") not in ("radio", "checkbox") or "checked" in told


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(told.get("action", ""), {})
            self.forms.append(self._form)
        elif tag == "select":
            self._select = told["name"]
        elif tag == "textarea":
            self._area = told["name"]
            self._add(self._area, "")
        elif tag == "option" and "selected" in told:
            self._add(self._select, told["value"])
        elif tag == "input" and told.get("name") and told.get("type") != "file" and _sent(told):
            self._add(told["name"], told.get("value", "on" if "checked" in told else ""))

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._form = None

    def _add(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.fields.setdefault(name, []).append(value)


def form_of(page: str, action: str = "", *, field: str = "") -> PageForm:
    """The form that goes there, or the first that has a field."""
    reader = _Reader()
    reader.feed(page)
    return next(one for one in reader.forms if (one.action == action if action else field in one.fields))
