"""What everybody gets with every page, and what they see when something breaks: our words, and nothing of anybody."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive.models import DutyMark
from locanda.web.errors import PlaceOnly
from tests.web.scene import as_role
from tests.web.test_check_in import one, sheet
from tests.world import World

pytestmark = pytest.mark.django_db


def test_every_page_loads_nothing_but_our_own(here: World, visit: Callable[..., Client]) -> None:
    for address in ("/", reverse("check_in"), "/accounts/2fa/totp/activate/", "/nulla/"):
        answer = visit().get(address, follow=True)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src 'self'" in policy
        page = answer.content.decode()
        assert (
            "<script>" not in page
            and " onclick" not in page
            and " style=" not in page
            and "http://" not in page.replace("http://www.w3.org/2000/svg", "")
        )
        assert answer["Cache-Control"] and answer["X-Frame-Options"] == "DENY"


def test_not_found_and_not_allowed_in_our_words(here: World, visit: Callable[..., Client]) -> None:
    answer = visit().get("/nulla/")
    assert answer.status_code == 404 and "Qui non c&#x27;è niente" in answer.content.decode().replace("c'è", "c&#x27;è")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(here.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = strict.post(reverse("check_in"), sheet(here))
    assert answer.status_code == 403 and "La pagina era vecchia" in answer.content.decode()


def test_a_character_that_no_database_keeps_is_turned_away(here: World, visit: Callable[..., Client]) -> None:
    client, there = visit(), reverse("duty", args=[here.property.pk, "MO-IDS-04", "period:2026-Q2"])
    answers = [
        client.get(there.replace("period:", "per%00iod:")), client.get("/calendario/", {"struttura": "a\0"}),
        client.post(there + "fatto/", {"number": "CRO\0 12"}), client.post(reverse("people"), {"full\0name": "x", "email": "\0"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [400] * 4
    assert not DutyMark.objects.of(here.account).exists()
    assert client.get(there).status_code == 200


def test_the_address_of_a_form_opened_as_a_page_is_not_blank(here: World, visit: Callable[..., Client]) -> None:
    answer = visit().get(reverse("duty_done", args=[here.property.pk, "MO-IDS-04", "period:2026-Q2"]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST") and "<h1>" in answer.content.decode()


def broken(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("the guest SEGRETISSIMI cannot be read")


def test_a_failure_shows_no_traceback_and_logs_no_guest(
    here: World, visit: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locanda.web.views.check_in.office.check_in", broken)
    client = visit(raise_request_exception=False)
    handler = next(one for one in logging.getLogger("django.request").handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", io.StringIO())
    answer = client.post(reverse("check_in"), sheet(here, one(surname="SEGRETISSIMI")))
    page = answer.content.decode()
    assert answer.status_code == 500 and "Qualcosa si è rotto" in page
    assert "SEGRETISSIMI" not in page and "Traceback" not in page and "RuntimeError" not in page
    logged = handler.stream.getvalue()
    assert "RuntimeError at" in logged and "SEGRETISSIMI" not in logged and "Traceback" not in logged


@pytest.mark.parametrize(
    ("language", "not_yours", "failed"),
    [("it", "Il tuo ruolo non permette", "Qualcosa si è rotto"), ("en", "Your role does not allow", "Something broke")],
)
def test_what_is_refused_and_what_breaks_is_said_in_the_person_s_language(
    here: World, visit: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, language: str, not_yours: str, failed: str
) -> None:
    reader = as_role(here, "reader").person
    for person in (reader, here.person):
        person.language = language
        person.save()
    answer = visit(reader).post(reverse("check_in"), sheet(here))
    assert answer.status_code == 403 and not_yours in answer.content.decode()
    monkeypatch.setattr("locanda.web.views.check_in.office.check_in", broken)
    answer = visit(raise_request_exception=False).post(reverse("check_in"), sheet(here, one()))
    assert answer.status_code == 500 and failed in answer.content.decode()


def test_a_log_says_the_kind_and_the_place_only() -> None:
    try:
        broken()
    except RuntimeError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Internal Server Error: %s", ("/arrivi/",), sys.exc_info())
    assert PlaceOnly().filter(record)
    text = logging.Formatter("%(message)s").format(record)
    assert text.startswith("Internal Server Error: /arrivi/ (RuntimeError at ") and "SEGRETISSIMI" not in text


def test_static_files_are_served(here: World, client: Client) -> None:
    for name in ("web/locanda.css", "web/locanda.js", "web/locanda.svg", "django_htmx/htmx-2.min.js"):
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200 and len(b"".join(answer.streaming_content)) > 100, name


def test_every_template_names_only_static_files_that_are_there() -> None:
    import re

    from django.contrib.staticfiles import finders

    from tests.conftest import ROOT

    pages = "\n".join(path.read_text() for path in (ROOT / "src/locanda/web/templates").rglob("*.html"))
    names = set(re.findall(r"\{% static '([^']+)' %\}", pages))
    assert len(names) >= 4
    assert [name for name in names if finders.find(name) is None] == []
    icons = set(re.findall(r'href="#(i-[a-z]+)"', pages))
    assert icons and icons <= set(re.findall(r'id="(i-[a-z]+)"', pages))
