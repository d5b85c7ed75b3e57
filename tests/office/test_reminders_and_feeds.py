"""What leaves the house by itself: the feed at a secret address, and the digest of reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from locanda.archive.models import Account, Event, FeedAddress, ReminderSent
from locanda.archive.rotation import rotate_account_key, rotate_master_key
from locanda.core.time import ROME
from locanda.law.packs import Override
from locanda.office import accounts, duty_marks, feeds, overrides, reminders
from locanda.office.mail_server import MailAddressError, mail_settings
from tests.world import World, guest, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def ics(secret: str, now: datetime) -> bytes | None:
    found = feeds.feed_for(secret, now)
    return found and found.content()


def read(content: bytes | None) -> Any:
    import icalendar

    assert content is not None
    return icalendar.Calendar.from_ical(content)


def todos(content: bytes | None) -> dict[str, Any]:
    return {str(part["uid"]): part for part in read(content).walk("VTODO")}


# ---------------------------------------------------------------------------------------------------------------- feeds


def test_the_feed_keeps_its_names_and_silences_what_is_done(here: World) -> None:
    secret = feeds.new_address(here.account, here.property, now=here.now, person=here.person)
    before = todos(ics(secret, here.now))
    assert before and any("Il Trullo" in str(part["summary"]) for part in before.values())
    assert ics(secret, here.now) == ics(secret, here.now)
    duty_marks.mark_done(here.property, "MO-IDS-04", "period:2026-Q2", now=here.now, person=here.person)
    after = todos(ics(secret, here.now))
    assert set(after) == set(before)
    changed = [uid for uid, part in after.items() if part["status"] == "COMPLETED"]
    assert len(changed) == 1 and before[changed[0]]["status"] == "NEEDS-ACTION"
    assert before[changed[0]].walk("VALARM") and not after[changed[0]].walk("VALARM")


def test_no_guest_is_in_the_feed(here: World) -> None:
    here.check_in(guest("ROSSINI", "GIOACHINO"))
    content = ics(feeds.new_address(here.account, None, now=here.now, person=here.person), here.now)
    assert content is not None and b"ROSSINI" not in content and b"CA0" not in content
    assert any(part.get("priority") == 1 for part in todos(content).values())  # the police duty has an hour


def test_one_propertys_address_shows_no_other(here: World) -> None:
    other = {"name": "La Masseria", "type": "agriturismo", "comune": "416072030"}
    accounts.add_property(here.account, other, now=here.now, by=None)
    mine = ics(feeds.new_address(here.account, here.property, now=here.now, person=None), here.now)
    both = ics(feeds.new_address(here.account, None, now=here.now, person=None), here.now)
    assert b"Masseria" not in mine and b"Masseria" in both  # type: ignore[operator]


_QUARTER = "Riversamento trimestrale, 2° trimestre 2026"


def test_what_several_properties_owe_by_the_same_day_is_one_line(here: World) -> None:
    """An agency is not shown the same return once for each flat; it is done when it is done for every one of them."""
    names = ["La Masseria", "La Lamia", "Il Pozzo", "La Torre"]
    told = {"type": "bb", "comune": "416072030"}
    more = [accounts.add_property(here.account, {"name": name, **told}, now=here.now, by=None) for name in names]
    secret = feeds.new_address(here.account, None, now=here.now, person=here.person)

    def quarter() -> Any:
        listed = todos(ics(secret, here.now)).values()
        (found,) = [one for one in listed if _QUARTER in str(one["summary"])]
        return found

    first = quarter()
    assert str(first["summary"]) == "Riversamento trimestrale, 2° trimestre 2026 · 5 strutture"
    assert "Il Pozzo, Il Trullo, La Lamia, La Masseria, La Torre" in str(first["description"])
    here.now += timedelta(minutes=5)
    for one in (here.property, *more[:3]):
        duty_marks.mark_done(one, "MO-IDS-04", "period:2026-Q2", now=here.now, person=here.person)
    second = quarter()
    assert (str(second["summary"]), second["status"]) == (f"{_QUARTER} · La Torre", "NEEDS-ACTION")
    duty_marks.mark_done(more[3], "MO-IDS-04", "period:2026-Q2", now=here.now, person=here.person)
    third = quarter()
    assert (third["status"], str(third["uid"])) == ("COMPLETED", str(first["uid"])) and not third.walk("VALARM")


def test_a_version_is_always_newer_than_the_one_before(here: World) -> None:
    """Also when a mark says that it was done long ago, and when it is taken away again: else programs keep what they had."""
    secret = feeds.new_address(here.account, here.property, now=here.now, person=here.person)
    stamps = []

    def look() -> None:
        listed = todos(ics(secret, here.now)).values()
        (one,) = [one for one in listed if _QUARTER in str(one["summary"])]
        stamps.append((one["last-modified"].dt, one["dtstamp"].dt, int(one["sequence"]), str(one["status"])))
        here.now += timedelta(hours=1)

    look()
    mark, _ = duty_marks.mark_done(
        here.property, "MO-IDS-04", "period:2026-Q2", now=here.now, person=here.person, done_at=here.now - timedelta(days=9)
    )
    look()
    assert mark is not None and duty_marks.undo(mark, now=here.now, person=here.person)
    look()
    assert [one[3] for one in stamps] == ["NEEDS-ACTION", "COMPLETED", "NEEDS-ACTION"]
    assert stamps == sorted(stamps) and len({one[2] for one in stamps}) == 3


def test_the_feed_says_no_code_and_no_word_of_the_programs(here: World) -> None:
    here.person.language = "en"
    here.person.save()
    content = ics(feeds.new_address(here.account, here.property, now=here.now, person=here.person), here.now)
    told = [str(one[key]) for one in todos(content).values() for key in ("summary", "description", "categories") if key in one]
    assert told and not any(word in one for one in told for word in ("premises", "official", "unverified", "MO-IDS", "2026-0"))
    assert any("quarter 2 of 2026" in one for one in told)


def test_what_the_police_took_leaves_the_feed_after_a_week(here: World) -> None:
    here.check_in(guest())
    here.engine.round()
    secret = feeds.new_address(here.account, here.property, now=here.now, person=here.person)

    def police() -> int:
        return sum(one.get("priority") == 1 for one in todos(ics(secret, here.now)).values())

    assert police() == 1
    here.now += timedelta(days=10)
    assert police() == 0


def test_wrong_and_revoked_addresses_open_nothing(here: World) -> None:
    secret = feeds.new_address(here.account, None, now=here.now, person=here.person)
    other = accounts.open_account("Altra", email="b@example.org", password="una-password-lunga", full_name="B", now=here.now)
    elsewhere = feeds.new_address(other.account, None, now=here.now, person=None)
    mixed = secret[:21] + elsewhere[21:]
    for wrong in ("", "x", secret[:-1], secret + "A", secret.swapcase(), mixed, "é" * 20, secret + "="):
        assert ics(wrong, here.now) is None, wrong
    (row,) = feeds.addresses(here.account)
    assert feeds.secret_of(row) == secret and secret not in str(vars(row)) and bytes(row.sealed_secret) not in secret.encode()
    feeds.revoke(row, now=here.now, person=here.person)
    assert ics(secret, here.now) is None and feeds.addresses(here.account) == []
    kinds = Event.objects.of(here.account).filter(kind__startswith="feed.").values_list("kind", flat=True)
    assert list(kinds) == ["feed.opened", "feed.revoked"] and FeedAddress.objects.of(here.account).count() == 1


def test_a_changed_address_opens_the_same_and_the_old_one_nothing(here: World) -> None:
    old = feeds.new_address(here.account, here.property, now=here.now, person=here.person)
    (row,) = feeds.addresses(here.account)
    new = feeds.renew(row, now=here.now, person=here.person)
    assert new != old and ics(old, here.now) is None
    assert b"Il Trullo" in (ics(new, here.now) or b"")
    assert [one.property for one in feeds.addresses(here.account)] == [here.property]


def test_an_address_outlives_new_keys(here: World) -> None:
    secret = feeds.new_address(here.account, None, now=here.now, person=here.person)
    rotate_account_key(here.account)
    rotate_master_key()
    assert feeds.find_address(secret) is not None
    (row,) = feeds.addresses(Account.objects.get(pk=here.account.pk))
    assert feeds.secret_of(row) == secret


def test_the_tag_is_another_as_soon_as_anything_is(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks, facts, the operator's rules, the packs, names, the language, the day: what a calendar program asks with is never
    answered as unchanged when the text is another, and always when it is the same."""
    secret = feeds.new_address(here.account, None, now=here.now, person=here.person)
    hosts = ["a"]
    shown: list[tuple[str, bytes]] = []

    def look() -> None:
        found = feeds.feed_for(secret, here.now, link=lambda line: f"https://{hosts[0]}.example.org/{line[0].subject}")
        assert found is not None
        shown.append((found.tag, found.content()))

    def same() -> None:
        look()
        assert shown[-1] == shown[-2]

    def another() -> None:
        look()
        assert shown[-1][0] not in {tag for tag, _ in shown[:-1]} and shown[-1][1] not in {text for _, text in shown[:-1]}
        here.now += timedelta(minutes=1)
        same()

    def rename(row: Any, **values: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        another()

    look()
    here.now += timedelta(minutes=10)
    same()
    period = (here.property, "MO-IDS-04", "period:2026-Q2")
    mark, _ = duty_marks.mark_done(*period, now=here.now, person=here.person)
    another()
    duty_marks.mark_done(*period, now=here.now, person=here.person, done_at=here.now - timedelta(days=1))
    another()
    assert mark is not None and duty_marks.undo(mark, now=here.now, person=here.person)
    another()
    event, _ = duty_marks.record_event(here.property, "price_change", {"on": "2026-07-08"}, now=here.now, person=here.person)
    another()
    assert event is not None
    duty_marks.withdraw_event(event, now=here.now, person=here.person)
    another()
    override, _ = overrides.add(
        here.account, None, "obligation", "MO-IDS-04", {"it": "Il trimestre"}, note="così", now=here.now, person=here.person
    )
    another()
    assert override is not None
    overrides.end(override, now=here.now, person=here.person)
    another()
    with monkeypatch.context() as patch:
        packs = overrides.chain
        other = Override("obligation", "MO-IDS-04", {"it": "Come lo dice un altro pacchetto"}, "un altro", date(2020, 1, 1))
        patch.setattr(overrides, "chain", lambda code: packs(code).with_overrides([other]))
        another()
    here.check_in(guest())
    another()
    here.engine.round()
    another()
    accounts.add_property(here.account, {"name": "La Lamia", "type": "bb", "comune": "416072030"}, now=here.now, by=None)
    another()
    rename(here.property, name="Il Trullo bianco")
    rename(here.property, type="locazione_turistica")
    rename(here.property, since=date(2026, 6, 1))
    rename(here.property, closed_at=here.now)
    rename(here.account, name="Prova e figli")
    rename(here.person, language="en")
    hosts[0] = "b"
    another()
    here.now += timedelta(days=1)
    look()
    tags, texts = ([one[place] for one in shown] for place in (0, 1))
    assert len(set(tags)) == len(set(texts)) == len(set(shown))


# ------------------------------------------------------------------------------------------------------------ reminders


@pytest.fixture
def posted(here: World, settings: Any) -> Iterator[World]:
    settings.LOCANDA_MAIL_FROM = "locanda@example.org"
    reminders._last.clear()
    here.property.created_at = datetime(2026, 1, 1, tzinfo=ROME)
    here.property.save()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "_is_demo", lambda: False)
        yield here
    reminders._last.clear()


def later(here: World, day: date, hour: int = 9) -> int:
    here.now = datetime(day.year, day.month, day.day, hour, tzinfo=ROME)
    return reminders.job(here.now)


def test_each_thing_is_reminded_once_and_nothing_that_is_done(posted: World) -> None:
    duty_marks.mark_done(posted.property, "MO-IDS-04", "period:2026-Q2", now=posted.now, person=posted.person)
    assert later(posted, date(2026, 7, 15)) == 1  # what was due on the tenth
    assert later(posted, date(2026, 8, 7)) == 1
    (letter,) = [one for one in mail.outbox if "luglio 2026" in one.body]
    assert letter.to == ["oste@example.org"] and "movimento turistico" in letter.body and "Il Trullo" in letter.body
    assert not any("Riversamento" in one.body for one in mail.outbox)
    count = len(mail.outbox)
    assert later(posted, date(2026, 8, 7), 12) == 0 and len(mail.outbox) == count
    assert ReminderSent.objects.of(posted.account).exists()
    assert Event.objects.of(posted.account).filter(kind="reminders.sent").exists()


def test_the_digest_is_read_by_people(posted: World) -> None:
    """The late ones first, periods and days in words, one line for what many properties owe by the same day."""
    posted.property.type = ""  # it owes nothing any more: the others are what this is about
    posted.property.save()
    for number in range(1, 14):
        told = {"name": f"Casa {number:02}", "type": "bb", "comune": "416072030", "since": date(2020, 1, 1)}
        accounts.add_property(posted.account, told, now=posted.now, by=None)
    assert later(posted, date(2026, 7, 18)) == 1
    late = mail.outbox[-1].body
    quarter = "- giovedì 16 luglio: Riversamento trimestrale, 2° trimestre 2026 (Casa 01, "
    assert "Già scaduti:" in late and quarter in late and "Casa 10 e altre 3)" in late
    assert late.count("Riversamento") == 1 and "2026-" not in late and "/07/" not in late and "sei titolare o gestore" in late
    posted.person.language = "en"
    posted.person.save()
    ReminderSent.objects.of(posted.account).delete()
    assert later(posted, date(2026, 7, 18), 11) == 1
    assert "Already overdue:" in mail.outbox[-1].body and "Thursday 16 July: " in mail.outbox[-1].body
    assert "quarter 2 of 2026 (Casa 01, " in mail.outbox[-1].body and " and 3 more)" in mail.outbox[-1].body


def test_not_at_night_and_not_twice_an_hour(posted: World) -> None:
    assert later(posted, date(2026, 8, 7), 3) == 0 and later(posted, date(2026, 8, 7), 22) == 0
    assert later(posted, date(2026, 8, 9), 7) == 1  # due tomorrow: it does not wait for the next digest
    ReminderSent.objects.of(posted.account).delete()
    assert reminders.job(posted.now + timedelta(minutes=30)) == 0
    assert reminders.job(posted.now + timedelta(minutes=61)) == 1


def test_who_may_not_see_a_property_hears_nothing_of_it(posted: World) -> None:
    other = accounts.add_property(
        posted.account, {"name": "La Masseria", "type": "bb", "comune": "416072030"}, now=posted.now, by=None
    )
    member = accounts.add_person(
        posted.account, email="g@example.org", full_name="G", role="manager", now=posted.now, by=None, password="lunga-lunga"
    )
    accounts.add_person(
        posted.account, email="r@example.org", full_name="R", role="reader", now=posted.now, by=None, password="lunga-lunga"
    )
    member.properties.set([other])
    later(posted, date(2026, 8, 7))
    to = {one.to[0]: one.body for one in mail.outbox}
    assert set(to) == {"oste@example.org", "g@example.org"}
    assert "Il Trullo" not in to["g@example.org"] and "La Masseria" in to["g@example.org"]


def test_what_could_not_be_sent_is_tried_again(posted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
        assert later(posted, date(2026, 8, 7)) == 0
    assert not ReminderSent.objects.of(posted.account).exists() and mail.outbox == []
    assert later(posted, date(2026, 8, 7), 11) == 1


def test_without_a_server_and_in_a_demo_nothing_leaves(here: World, settings: Any) -> None:
    here.property.created_at = datetime(2026, 1, 1, tzinfo=ROME)
    here.property.save()
    for sender in ("", "locanda@example.org"):  # the world of the tests is a demo
        settings.LOCANDA_MAIL_FROM = sender
        reminders._last.clear()
        assert later(here, date(2026, 8, 7)) == 0 and mail.outbox == []


def test_the_address_of_the_mail_server() -> None:
    told = mail_settings("smtp://oste%40x:p%2Fw@mail.example.org", "oste@example.org")
    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("oste@x", "p/w")
    assert (told["EMAIL_PORT"], told["EMAIL_USE_TLS"], told["EMAIL_USE_SSL"]) == (587, True, False)
    assert mail_settings("smtps://m.example.org:4650", "a@b.it")["EMAIL_PORT"] == 4650
    assert mail_settings(None, "a@b.it")["LOCANDA_MAIL_FROM"] == mail_settings("smtp://x", None)["LOCANDA_MAIL_FROM"] == ""
    for wrong in ("http://x", "smtp://", "smtp://x:port", "x"):
        with pytest.raises(MailAddressError, match="smtp"):
            mail_settings(wrong, "a@b.it")
