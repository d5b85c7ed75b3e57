"""What every request and answer meets: a limit, the language of who asks, and a policy by which a page loads only our files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils import translation

__all__ = ["BODY_MAX", "NoBlank", "NoNull", "NotTooMuch", "OnlyOurs", "OwnLanguage"]

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


BODY_MAX = 64_000_000
"""Bytes of one request: two full certified mails. Files are read into memory and never written to a disk in clear, so that
more of them is refused before the first byte is read, whoever asks."""


class NotTooMuch:
    """Turns away what is too large: a form with too many or too large files, or whoever wants to fill our memory."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()) or int(length[:20]) > BODY_MAX:
            return render(request, "413.html", {"megabytes": BODY_MAX // 1_000_000}, status=413)
        return self.get_response(request)


class NoNull:
    """Turns away the character that no keyboard writes and no database keeps, wherever in a request it stands."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            told = chain(*(values for _, values in (*request.GET.lists(), *request.POST.lists())))
        except UnreadablePostError:  # the network broke off: the view meets the same
            told = iter(())
        if any("\0" in text for text in (request.path_info, *told)):
            return render(request, "400.html", status=400)
        return self.get_response(request)


class NoBlank:
    """Whoever opens the address of a form by itself, from the bar or the history of a browser, reads that there is no page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET":
            return response
        page = render(request, "404.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class OwnLanguage:
    """Who is logged in reads in the language of their choice; everybody else in that of the cookie, else Italian first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if known:
            translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class OnlyOurs:
    """A strict Content-Security-Policy: no inline script or style, nothing from elsewhere. Pages are never kept by caches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
