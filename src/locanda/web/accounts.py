"""How people log in: with the accounts that an owner made for them; nobody signs up alone."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

__all__ = ["NoSelfSignup"]


class NoSelfSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the public sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
