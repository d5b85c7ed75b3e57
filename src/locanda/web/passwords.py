"""What a password must be, in the words of the pages: Django's own have no Italian for the length."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator

from locanda.web.words import say

__all__ = ["LongEnough"]


class LongEnough(MinimumLengthValidator):
    """Refuses what is short."""

    def get_error_message(self) -> str:
        return say("first.password_short", n=self.min_length)
