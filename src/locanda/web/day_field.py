"""A day, or a day with its hour, chosen in a browser or typed. Both within the years that people and the law live in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms

from locanda.core.time import ROME
from locanda.web.time_words import is_of_our_time
from locanda.web.words import say

__all__ = ["DayField", "RomeMoment"]


class DayInput(forms.DateInput):
    """A day, chosen or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day with its hour."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A day. One that is far off is a slip of the keyboard, and no term can be reckoned from it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DayInput(), **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not is_of_our_time(day):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class RomeMoment(forms.CharField):
    """A day and an hour as clocks in Italy show them; gives ISO 8601 with the distance from UTC, or a day alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=MomentInput(), max_length=25, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is None or not is_of_our_time(at.date()):
            raise forms.ValidationError(say("fact_field.wrong"))
        if len(text) == 10:
            return at.date().isoformat()
        return (at if at.tzinfo else at.replace(tzinfo=ROME)).isoformat()
