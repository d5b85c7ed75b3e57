"""How long the server takes for a check-in POST when 10,000 guests are stored, beside an empty POST that writes one row.

    python bench/checkin.py              ten thousand guests, 200 posts of each kind
    python bench/checkin.py --guests N --posts N

Both go through the same server stack: middleware, session, CSRF, a file of SQLite with every commit on disk. The check-in is a
single guest as a host would type it: read, judged by every rule of the record, sealed, stored with its delivery and its event.
Posts alternate; the medians count. The aim is at most 4 times.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._database import empty_database

AIM = 4.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--guests", type=int, default=10_000)
    options.add_argument("--posts", type=int, default=200)
    chosen = options.parse_args()
    with empty_database():
        run(chosen.guests, chosen.posts)


def run(guests: int, posts: int) -> None:
    house, property = open_house()
    fill(property, guests)
    call, timed = server(house)
    for kind in ("empty", "check_in"):  # what is loaded once is not what is measured
        for number in range(5):
            timed(*call(kind, property, number))
    took: dict[str, list[float]] = {"empty": [], "check_in": []}
    for number in range(5, 5 + posts):
        for kind, times in took.items():
            times.append(timed(*call(kind, property, number)))
    from locanda.archive.models import Guest

    empty, full = median(took["empty"]), median(took["check_in"])
    print(f"{Guest.everywhere.count():,} guests stored; {posts} posts of each kind, alternating; median server time\n")
    print(f"{'':40}{'ms':>8}{'ratio':>8}")
    print(f"{'empty POST that writes one row':40}{empty * 1000:8.2f}{1:8.2f}")
    print(f"{'check-in POST':40}{full * 1000:8.2f}{full / empty:8.2f}")
    print(f"\nratio {full / empty:.2f}: the aim is at most {AIM:g}: {'reached' if full / empty <= AIM else 'missed'}.")


def open_house() -> tuple[Any, Any]:
    """An account with a property whose schedine wait for a tap: nothing is sent here."""
    from locanda.office import accounts, clock

    now = clock.now()
    member = accounts.open_account("Bench", email="bench@example.org", password="una-password-lunga", full_name="B", now=now)
    credential = accounts.save_credential(
        member.account, label="Q", category="hotel", status="active", now=now, by=None,
        keys={"user": "BA000001", "password": "inventata", "wskey": "inventata=="},
    )  # fmt: skip
    values = {"name": "Il Trullo", "type": "bb", "comune": "416072030", "credential": credential}
    return member, accounts.add_property(member.account, values, now=now, by=None)


def fill(property: Any, guests: int) -> None:
    """So many guests, checked in by the front door of the office."""
    from locanda.office import check_in, clock

    now = clock.now()
    for number in range(guests):
        outcome = check_in.check_in(
            property, {**shape(number), "arrival": now.isoformat(), "nights": 1 + number % 9}, now=now, person=None,
            identified=check_in.Identified("in_person", "Bench", now),
        )  # fmt: skip
        assert outcome.stay is not None, [problem.render() for problem in outcome.problems]


def letters(number: int) -> str:
    return "".join(chr(65 + (number // 26**place) % 26) for place in range(4))


def shape(number: int) -> dict[str, Any]:
    return {
        "id": "S",
        "guests": [
            {
                "id": "g", "role": "single", "surname": f"OSPITE {letters(number)}", "name": "MARIA", "sex": "F",
                "birth_date": "1980-05-10", "birth_state": "IT", "birth_comune": "MONOPOLI (BA)", "citizenship": "IT",
                "document": {"type": "IDENT", "number": f"CA{number:07d}", "issued_in": "MONOPOLI (BA)"},
            }
        ],
    }  # fmt: skip


def server(member: Any) -> tuple[Callable[..., tuple[str, dict[str, str], int]], Callable[..., float]]:
    """``call(kind, property, number)`` makes a post; ``timed`` sends it through the whole stack and gives its seconds."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.urls import path, reverse

    from locanda.archive.models import Unit
    from locanda.office import clock
    from locanda.web import urls

    def empty(request: Any) -> HttpResponse:
        Unit.everywhere.create(account=member.account, property_id=request.POST["property"], name=request.POST["name"])
        return HttpResponse(status=303)

    urls.urlpatterns.append(path("bench-empty/", empty))
    session = SessionStore()
    person = member.person
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    token = "b" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    handler = WSGIHandler()
    here = clock.now()

    def call(kind: str, property: Any, number: int) -> tuple[str, dict[str, str], int]:
        if kind == "empty":
            return "/bench-empty/", {"property": str(property.pk), "name": f"U{number}"}, 303
        leaving = here.date() + timedelta(days=3)
        fields = {
            "place": str(property.pk), "arrival_day": f"{here:%Y-%m-%d}", "arrival_hour": f"{here:%H:%M}",
            "departure_day": leaving.isoformat(), "kind": "alone", "how": "in_person", "by": "Bench",
            "at": f"{here:%Y-%m-%dT%H:%M}", "do": "check_in", "g0-surname": f"Arrivo {letters(number)}", "g0-name": "Nicolò",
            "g0-sex": "M", "g0-birth_date": "10/05/1980", "g0-birth_state": "ITALIA", "g0-birth_comune": "MONOPOLI (BA)",
            "g0-citizenship": "ITALIA", "g0-doc_type": "IDENT", "g0-doc_number": f"AX{number:07d}",
            "g0-doc_issued": "MONOPOLI (BA)",
        }  # fmt: skip
        return reverse("check_in"), fields, 302

    def timed(address: str, fields: dict[str, str], expected: int) -> float:
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": address, "SERVER_NAME": "localhost", "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "HTTP_COOKIE": cookies,
            "HTTP_HOST": "localhost:8000", "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "it",
        }  # fmt: skip
        status: list[str] = []
        start = perf_counter()
        response = handler(environ, lambda line, headers: status.append(line))
        took = perf_counter() - start
        response.close()
        assert status[0].startswith(str(expected)), (address, status[0], b"".join(response)[:2000])
        return took

    return call, timed


if __name__ == "__main__":
    main()
