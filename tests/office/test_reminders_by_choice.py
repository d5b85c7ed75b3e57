"""How often a person is reminded, what does not wait for it, the links in the mail, and one mail for all of one's accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from locanda.archive.models import Event, Person, ReminderSent
from locanda.core.time import ROME
from locanda.office import accounts, duty_marks, reminders
from tests.world import World, guest, world

pytestmark = pytest.mark.django_db
WEEKLY, NEVER = Person.Reminders.WEEKLY, Person.Reminders.NEVER


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ROME)


@pytest.fixture
def here(settings: Any) -> Iterator[World]:
    settings.LOCANDA_MAIL_FROM = "locanda@example.org"
    with world() as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "_is_demo", lambda: False)
        made.property.created_at = at(1, 1, 0)
        made.property.save()
        reminders._last.clear()
        yield made
        reminders._last.clear()


def choose(here: World, how: str, *, had: datetime | None = None) -> None:
    """The choice of the page, and when they had a digest last."""
    Person.objects.filter(pk=here.person.pk).update(reminders=how, digest_at=had)


def hours(first: datetime, last: datetime) -> Iterator[tuple[datetime, EmailMessage]]:
    """Every mail that leaves, hour by hour."""
    now = first
    while now <= last:
        count = len(mail.outbox)
        reminders.job(now)
        yield from ((now, letter) for letter in mail.outbox[count:])
        now += timedelta(hours=1)


def told(words: str, first: datetime, last: datetime) -> list[tuple[datetime, int]]:
    """When a mail says these words, and in how many lines."""
    return [(when, count) for when, letter in hours(first, last) if (count := letter.body.count(words))]


# how often --------------------------------------------------------------------------------------------------------------


def test_a_day_has_one_digest_in_its_first_hour(here: World) -> None:
    """The third quarter is paid until Friday the 16th: heard of three days before, in the morning."""
    choose(here, "daily", had=at(10, 11, 7))
    assert told("Riversamento trimestrale", at(10, 11, 8), at(10, 14, 23)) == [(at(10, 13, 7), 1)]


def test_a_week_has_one_digest_on_monday_for_all_of_it(here: World) -> None:
    """... and who chose Mondays hears of it on Monday, earlier and not later; also of what falls due on the next Monday."""
    choose(here, WEEKLY, had=at(10, 5, 7))
    assert told("Riversamento trimestrale", at(10, 8, 0), at(10, 18, 23)) == [(at(10, 12, 7), 1)]
    choose(here, WEEKLY, had=at(7, 27, 7))
    assert told("- lunedì 10 agosto: Trasmissione mensile", at(8, 2, 0), at(8, 9, 23)) == [(at(8, 3, 7), 1)]


def test_a_monday_without_a_round_has_its_digest_on_tuesday(here: World) -> None:
    choose(here, WEEKLY, had=at(10, 5, 7))
    assert told("Riversamento trimestrale", at(10, 13, 10), at(10, 18, 23)) == [(at(10, 13, 10), 1)]


def test_never_is_never(here: World) -> None:
    here.check_in(guest())
    choose(here, NEVER)
    assert list(hours(at(7, 10, 12), at(7, 17, 23))) == []
    assert not ReminderSent.objects.of(here.account).exists()


def test_who_changes_their_mind_hears_what_they_have_not(here: World) -> None:
    choose(here, NEVER)
    assert list(hours(at(7, 14, 7), at(7, 14, 20))) == []
    choose(here, WEEKLY)
    ((when, letter),) = hours(at(7, 15, 9), at(7, 15, 20))
    assert when == at(7, 15, 9) and "Riversamento trimestrale, 2° trimestre 2026" in letter.body


# what does not wait -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["daily", WEEKLY])
def test_a_schedina_that_did_not_leave_does_not_wait(here: World, how: str) -> None:
    """Arrived on Friday at noon, and the digests of the day and of the week had left: three hours before the term."""
    duty_marks.mark_done(here.property, "PU-SPOT-01", "period:2026-06", now=here.now, person=here.person)
    duty_marks.mark_done(here.property, "PU-SPOT-02", "period:2026-06", now=here.now, person=here.person)
    stay = here.check_in(guest())
    duty_marks.mark_done(here.property, "MO-IDS-03", f"stay:{stay.pk}", now=here.now, person=here.person)
    choose(here, how, had=at(7, 11, 7))
    ((when, letter),) = hours(at(7, 11, 7), at(7, 11, 20))
    assert when == at(7, 11, 9) and "sabato 11 luglio, 12:00: Comunicazione alloggiati" in letter.body


@pytest.mark.parametrize(("arrival", "heard"), [((11, 4), (11, 20)), ((11, 8, 30), (11, 20)), ((11, 22), (12, 19)),
                                               ((11, 23, 30), (12, 20))])  # fmt: skip
def test_a_term_at_night_is_told_the_evening_before(here: World, arrival: tuple[int, ...], heard: tuple[int, ...]) -> None:
    here.now = at(7, *arrival)
    stay = here.check_in(guest())
    choose(here, WEEKLY, had=at(7, 11, 7))
    ((when, _),) = told("Comunicazione alloggiati", at(7, 11, 7), at(7, 13, 6))
    assert when == at(7, *heard) and stay.parties.get().segments.get().prudent_due > when


def test_what_begins_after_the_digest_waits_for_the_next_if_it_can(here: World) -> None:
    """On Friday two arrivals: the tax of the one is due on Monday, and told now; that of the other on Tuesday, and it waits."""
    choose(here, WEEKLY, had=at(7, 10, 7))
    for name, nights in (("ANNA", 3), ("BIANCA", 4)):
        here.check_in(guest("VERDI", name), nights=nights)
    here.engine.round()  # the police have them
    paid = "Incasso e quietanza"
    assert told(paid, at(7, 10, 13), at(7, 14, 20)) == [(at(7, 10, 13), 1), (at(7, 13, 7), 1)]
    choose(here, "daily", had=at(7, 10, 13))
    ReminderSent.objects.of(here.account).delete()
    assert told(paid, at(7, 10, 14), at(7, 11, 20)) == [(at(7, 11, 7), 2)]


def test_a_process_that_died_takes_no_digest_with_it(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes after it cannot know yet whether the mail left, and must not take the digest for given."""

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    choose(here, WEEKLY, had=at(10, 5, 7))
    with monkeypatch.context() as patch:
        patch.setattr(reminders, "digest", die)
        with pytest.raises(Killed):
            reminders.job(at(10, 12, 7))
    reminders._last.clear()
    assert told("Riversamento trimestrale", at(10, 12, 7, 30), at(10, 12, 20)) == [(at(10, 12, 8, 30), 1)]


def test_what_a_dead_process_wrote_down_holds_up_no_digest_for_ever(here: World) -> None:
    """It died before its mail left, and what it was to tell was done meanwhile: nobody will ever take that up again."""
    choose(here, WEEKLY, had=at(10, 5, 7))
    ReminderSent.everywhere.create(
        account=here.account, property=here.property, obligation="MO-IDS-04", subject="period:2026-Q1", person=here.person,
        sent_at=at(10, 5, 8),
    )  # fmt: skip
    list(hours(at(10, 12, 7), at(10, 12, 20)))
    assert Person.objects.get(pk=here.person.pk).digest_at == at(10, 12, 7)


# where it leads ---------------------------------------------------------------------------------------------------------


def test_each_line_opens_its_duty(here: World, settings: Any, client: Client) -> None:
    settings.LOCANDA_ADDRESS = "https://locanda.example.org"
    here.check_in(guest())
    choose(here, "daily")
    reminders.job(at(7, 11, 9))
    (letter,) = mail.outbox
    pages = [line.strip() for line in letter.body.splitlines() if "https://" in line]
    assert all(page.startswith("https://locanda.example.org/") for page in pages)
    *duties, calendar, me = [page.removeprefix("https://locanda.example.org") for page in pages]
    assert (calendar, me) == ("/calendario/", "/io/") and len(duties) == letter.body.count("\n- ")
    assert letter.extra_headers["List-Unsubscribe"] == "<https://locanda.example.org/io/>"
    client.force_login(here.person)
    for page in duties:
        answer = client.get(page)
        assert answer.status_code == 200 and "duty.html" in {one.name.rpartition("/")[2] for one in answer.templates}, page


def test_what_many_properties_owe_has_no_page_of_its_own(here: World, settings: Any) -> None:
    settings.LOCANDA_ADDRESS = "https://locanda.example.org"
    lamia = {"name": "La Lamia", "type": "bb", "comune": "416072030"}
    accounts.add_property(here.account, lamia, now=here.now, by=None)
    choose(here, "daily", had=at(10, 12, 7))
    reminders.job(at(10, 13, 9))
    (letter,) = mail.outbox
    assert "Riversamento trimestrale, 3° trimestre 2026 (Il Trullo, La Lamia)" in letter.body
    assert "/calendario/\n" in letter.body and "MO-IDS-04" not in letter.body


def test_an_agency_reads_a_line_and_not_hundreds(here: World) -> None:
    """The same by the same day at more than a few properties, or for more than a few stays, is one thing to a person."""
    here.property.type = ""  # it owes nothing: the others are what this is about
    here.property.save()
    told = {"type": "locazione_turistica", "comune": "416072030", "since": date(2020, 1, 1)}
    houses = [accounts.add_property(here.account, told | {"name": f"Casa {n}"}, now=at(1, 1, 0), by=None) for n in range(6)]
    for number in range(5):
        here.check_in(guest("VERDI", f"ANNA {'ABCDE'[number]}"), property=houses[number // 4])
    choose(here, "daily", had=at(7, 9, 7))
    reminders.job(at(7, 10, 13))
    (letter,) = mail.outbox
    lines = [line for line in letter.body.splitlines() if line.startswith("- lunedì 13 luglio: ")]
    assert lines == ["- lunedì 13 luglio: 5 × Incasso e quietanza (Casa 0, Casa 1)"]
    choose(here, "daily", had=at(9, 26, 7))
    reminders.job(at(9, 27, 13))
    lines = [line for line in mail.outbox[-1].body.splitlines() if "Polizza RC" in line]
    assert lines == [
        "- mercoledì 30 settembre: Polizza RC verso gli ospiti per le locazioni turistiche "
        "(Casa 0, Casa 1, Casa 2, Casa 3, Casa 4, Casa 5)"
    ]


@pytest.mark.parametrize(("language", "words"), [("it", "lo scegli in Locanda, nel tuo profilo"), ("en", "in your profile")])
def test_the_mail_says_where_it_is_switched_off(here: World, language: str, words: str) -> None:
    """... also where nobody said at which address the pages are opened."""
    choose(here, "daily")
    Person.objects.update(language=language)
    reminders.job(at(7, 15, 9))
    (letter,) = mail.outbox
    assert words in letter.body and "http" not in letter.body and "List-Unsubscribe" not in letter.extra_headers


# several accounts -------------------------------------------------------------------------------------------------------


def test_who_works_in_two_accounts_gets_one_mail_that_names_both(here: World, settings: Any) -> None:
    settings.LOCANDA_ADDRESS = "https://locanda.example.org"
    other = accounts.open_account("Masserie Verdi", email="b@example.org", password="x" * 12, full_name="B", now=at(1, 1, 0))
    house = {"name": "La Masseria", "type": "bb", "comune": "416072030"}
    accounts.add_property(other.account, house, now=at(1, 1, 0), by=None)
    third = accounts.open_account("Terzi", email="c@example.org", password="x" * 12, full_name="C", now=at(1, 1, 0))
    accounts.add_property(third.account, house | {"name": "La Torre"}, now=at(1, 1, 0), by=None)
    for account, role in ((other.account, "manager"), (third.account, "front_desk")):
        accounts.add_person(account, email=here.person.email, full_name="Oste", role=role, now=at(1, 1, 0), by=None)
    Person.objects.update(digest_at=at(10, 12, 7))
    reminders.job(at(10, 13, 9))
    to = {letter.to[0]: letter for letter in mail.outbox}
    assert len(mail.outbox) == len(to) == 3
    mine = to["oste@example.org"]
    lines = mine.body.count("\n- ")
    assert mine.subject == f"Scadenze: {lines} da fare" and "Per Prova\n" in mine.body and "Per Masserie Verdi\n" in mine.body
    assert "(Il Trullo)" in mine.body and "(La Masseria)" in mine.body and "La Torre" not in mine.body
    assert "La Torre" in to["c@example.org"].body and "Per Terzi" not in to["c@example.org"].body
    for account in (here.account, other.account):
        assert f"https://locanda.example.org/calendario/?conto={account.pk}\n" in mine.body
        assert Event.objects.of(account).filter(kind="reminders.sent", subject=f"person:{here.person.pk}").count() == 1
    assert list(hours(at(10, 13, 10), at(10, 15, 20))) == []
