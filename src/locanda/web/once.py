"""The same form sent twice does its work once: by a double tap, a bad network, or the way back and another tap.

Every page gives each of its forms a token of its own (the one against forged forms is masked anew with every page), so that
the same person, address, token, fields and files are the same form of the same page. Whoever sends it again is led where it led
the first time, and reads what was said then. What is answered with a page, as a form with something wrong in it, is answered
anew each time.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from locanda.office import sent_forms
from locanda.office.clock import now as office_now
from locanda.office.sent_forms import Answer
from locanda.web.words import say

__all__ = ["Once"]

_WAIT, _PAUSE = 20.0, 0.1
"""Seconds that a second tap waits for the answer to the first, and between two looks."""


class Once:
    """Stands inside of everything else: whoever is told the same again has passed all that the first had passed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        form = _form_of(request)
        if form is None:
            return self.get_response(request)
        until = time.monotonic() + _WAIT
        while not sent_forms.claim(form, now=office_now()):
            if (told := sent_forms.answer_of(form)) is not None:
                return _again(request, told)
            if time.monotonic() > until:
                return _still_at_work(request)
            time.sleep(_PAUSE)
        told = None
        try:
            response = self.get_response(request)
            told = _told(request, response)
        finally:
            if told is None:
                sent_forms.let_go(form)
        if told is not None:
            sent_forms.answered(form, told, now=office_now())
        return response


def _form_of(request: HttpRequest) -> str | None:
    """32 hex digits for a form that somebody known to us sent from a page; parts of a page that are asked for are no forms."""
    if request.method != "POST" or "HX-Request" in request.headers or not request.user.is_authenticated:
        return None
    try:
        fields = sorted(request.POST.lists())
        files = [[name, [[file.name, _sum(file)] for file in held]] for name, held in sorted(request.FILES.lists())]
    except UnreadablePostError:  # the network broke off: the view meets the same
        return None
    if not request.POST.get("csrfmiddlewaretoken"):
        return None
    told = json.dumps([str(request.user.pk), request.get_full_path(), fields, files])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _sum(file: object) -> str:
    content = file.read()  # type: ignore[attr-defined]
    file.seek(0)  # type: ignore[attr-defined]
    return hashlib.sha256(content).hexdigest()


def _told(request: HttpRequest, response: HttpResponse) -> Answer | None:
    """What is worth telling again: where it led, with what was said."""
    if not isinstance(response, HttpResponseRedirectBase):
        return None
    said = _waiting(request)
    return Answer(response.url, said, any(level >= messages.ERROR for level, _ in said))


def _waiting(request: HttpRequest) -> tuple[tuple[int, str], ...]:
    """The messages for the next page, left where they are."""
    storage = messages.get_messages(request)
    found = tuple((one.level, str(one.message)) for one in storage)
    storage.used = False
    return found


def _again(request: HttpRequest, told: Answer) -> HttpResponse:
    waiting = _waiting(request)
    for level, words in told.said:
        if (level, words) not in waiting:
            messages.add_message(request, level, words)
    return redirect(told.there)


def _still_at_work(request: HttpRequest) -> HttpResponse:
    """Back to the page of the form, which shows how far it is."""
    messages.info(request, say("form.at_work"))
    there = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(there)
    return redirect(f"{parts.path}?{parts.query}" if parts.query else parts.path) if safe and parts.path else redirect("today")
