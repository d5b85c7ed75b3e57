"""Reminders handed to a real mail server: encrypted or not at all, once and not twice, again when it failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from locanda.archive.models import Alarm, Event, Membership, Person, ReminderSent
from locanda.core.time import ROME
from locanda.office import accounts, reminders, upkeep
from locanda.office.mail_server import mail_settings
from tests.office.post_office import PASSWORD, USER, PostOffice, certificate, post_office
from tests.world import World, world

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 8, 7, 9, tzinfo=ROME)


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.property.created_at = datetime(2026, 1, 1, tzinfo=ROME)
        made.property.save()
        reminders._last.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reminders, "_is_demo", lambda: False)
            yield made
        reminders._last.clear()


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("mail"))


def through(office: PostOffice, settings: Any, *, scheme: str = "smtp", password: str = PASSWORD) -> None:
    """The settings that an operator would write for this server."""
    address = f"{scheme}://{quote(USER)}:{quote(password, safe='')}@127.0.0.1:{office.port}"
    for name, value in mail_settings(address, "Locanda <locanda@example.org>").items():
        setattr(settings, name, value)


def let_in(here: World, email: str) -> None:
    accounts.add_person(
        here.account, email=email, full_name="G", role="manager", now=here.now, by=None, password="lunga-lunga"
    )


def open_alarms(here: World) -> list[str]:
    return list(Alarm.objects.of(here.account).filter(cleared_at=None, kind__startswith="mail").values_list("kind", flat=True))


def test_a_digest_goes_encrypted_and_once(here: World, settings: Any, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with post_office(pem) as office:
        through(office, settings)
        assert reminders.job(MORNING) == 1
        assert reminders.job(MORNING + timedelta(hours=2)) == 0
        (letter,) = office.taken
        assert office.in_clear == [False] and office.logins == 1
    assert letter["To"] == USER and letter["From"] == "Locanda <locanda@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated" and "@example.org>" in letter["Message-ID"]
    assert "movimento turistico" in letter.get_content() and "Il Trullo" in letter.get_content()
    assert not ReminderSent.objects.of(here.account).filter(delivered_at=None).exists() and open_alarms(here) == []


def test_a_server_that_nobody_vouches_for_gets_nothing(here: World, settings: Any, pem: Path) -> None:
    with post_office(pem) as office:
        through(office, settings)
        assert reminders.job(MORNING) == 0
        assert office.taken == [] and office.logins == 0  # no password to a stranger
    assert not ReminderSent.objects.of(here.account).exists() and open_alarms(here) == ["mail_fails"]


def test_a_server_without_encryption_gets_nothing_unless_it_is_asked_for(here: World, settings: Any) -> None:
    with post_office() as office:
        through(office, settings)
        assert reminders.job(MORNING) == 0 and office.taken == [] and office.logins == 0
        through(office, settings, scheme="smtp+plain")
        assert reminders.job(MORNING + timedelta(hours=1)) == 1 and office.in_clear == [True]
    assert open_alarms(here) == []  # it works again, and says so


def test_a_refused_password_is_tried_once_an_hour_and_not_for_everybody(here: World, settings: Any) -> None:
    for number in range(3):
        let_in(here, f"g{number}@example.org")
    with post_office() as office:
        through(office, settings, scheme="smtp+plain", password="sbagliata")
        assert [reminders.job(MORNING + timedelta(minutes=minute)) for minute in (0, 5, 30)] == [0, 0, 0]
        assert office.logins == 1 and open_alarms(here) == ["mail_fails"]
        assert reminders.job(MORNING + timedelta(minutes=61)) == 0 and office.logins == 2
        assert open_alarms(here) == ["mail_fails"]  # one alarm, however often
        through(office, settings, scheme="smtp+plain")
        assert reminders.job(MORNING + timedelta(hours=3)) == 4
        assert len(office.taken) == 4 and open_alarms(here) == []


def test_one_bad_address_holds_up_nobody(here: World, settings: Any) -> None:
    let_in(here, "a@sbagliato.example")
    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        office.refuses = {"a@sbagliato.example", "oste@"}
        assert reminders.job(MORNING) == 0
        office.refuses = {"a@sbagliato.example"}
        assert reminders.job(MORNING + timedelta(hours=1)) == 1
        assert [letter["To"] for letter in office.taken] == [USER]
    assert open_alarms(here) == ["mail_refused"]
    nobody = Person.objects.get(email="a@sbagliato.example")
    reminders.choose(nobody, Person.Reminders.WEEKLY, now=MORNING)
    assert open_alarms(here) == ["mail_refused"]
    reminders.choose(nobody, Person.Reminders.NEVER, now=MORNING)
    assert open_alarms(here) == []  # nothing is sent there any more


@pytest.mark.parametrize("what", ["demoted", "removed", "switched off"])
def test_who_is_reminded_no_more_leaves_no_alarm_behind(here: World, settings: Any, what: str) -> None:
    let_in(here, "a@sbagliato.example")
    member = Membership.objects.of(here.account).select_related("person", "account").get(person__email="a@sbagliato.example")
    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        office.refuses = {"a@sbagliato.example"}
        reminders.job(MORNING)
        assert open_alarms(here) == ["mail_refused"]
        if what == "demoted":
            upkeep.change_role(member, Membership.Role.READER, now=MORNING, by=here.person)
        elif what == "removed":
            upkeep.remove_person(member, now=MORNING, by=here.person)
        else:
            Person.objects.filter(pk=member.person_id).update(is_active=False)
        reminders.job(MORNING + timedelta(hours=1))
    assert open_alarms(here) == []


def test_a_mail_whose_answer_was_lost_bears_the_same_name_again(here: World, settings: Any) -> None:
    """Nobody can know whether it arrived; sent again it has the same Message-ID, and mail programs show it once."""
    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        office.hangs_up_after_data = True
        assert reminders.job(MORNING) == 0
        office.hangs_up_after_data = False
        assert reminders.job(MORNING + timedelta(hours=1)) == 1
        one, two = office.taken
        assert one["Message-ID"] == two["Message-ID"]


def test_a_process_that_died_before_sending_swallows_nothing(here: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        with monkeypatch.context() as patch:
            patch.setattr(reminders, "digest", die)
            with pytest.raises(Killed):
                reminders.job(MORNING)
        assert ReminderSent.objects.of(here.account).filter(delivered_at=None).exists()
        reminders._last.clear()  # a new process
        assert reminders.job(MORNING + timedelta(minutes=10)) == 0  # the other may still be at it
        reminders._last.clear()
        assert reminders.job(MORNING + timedelta(minutes=70)) == 1 and len(office.taken) == 1
        assert reminders.job(MORNING + timedelta(minutes=140)) == 0 and len(office.taken) == 1


def test_two_processes_send_one_mail(here: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        usual = reminders._send

        def both(*given: Any, **named: Any) -> bool:
            """Another process comes in between what was seen and what is written down."""
            monkeypatch.setattr(reminders, "_send", usual)
            assert usual(*given, **named) is True
            return usual(*given, **named)

        monkeypatch.setattr(reminders, "_send", both)
        assert reminders.job(MORNING) == 0 and len(office.taken) == 1
    assert Event.objects.of(here.account).filter(kind="reminders.sent").count() == 1


def test_a_slow_post_leaves_the_police_their_turn(here: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        let_in(here, f"g{number}@example.org")
    monkeypatch.setattr(reminders, "_AT_ONCE", 2)
    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        rounds = [reminders.job(MORNING + timedelta(seconds=2 * turn)) for turn in range(4)]
        assert rounds == [2, 2, 1, 0] and len({letter["To"] for letter in office.taken}) == len(office.taken) == 5


def test_many_bad_addresses_hold_up_nobody_and_do_not_beset_the_server(
    here: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that is full of them goes on with the others, and they are tried again after an hour and no sooner."""
    for number in range(4):
        let_in(here, f"g{number}@sbagliato.example")
    monkeypatch.setattr(reminders, "_AT_ONCE", 2)
    tried: list[str] = []
    usual = reminders.digest

    def noted(person: Person, *given: Any, **named: Any) -> Any:
        tried.append(person.email)
        return usual(person, *given, **named)

    monkeypatch.setattr(reminders, "digest", noted)
    with post_office() as office:
        through(office, settings, scheme="smtp+plain")
        office.refuses = {"@sbagliato.example"}
        for turn in range(30):
            reminders.job(MORNING + timedelta(seconds=2 * turn))
        assert [letter["To"] for letter in office.taken] == [USER]
        assert len(tried) == len(set(tried)) == 5
        for turn in range(30):
            reminders.job(MORNING + timedelta(minutes=65, seconds=2 * turn))
        assert len(tried) == 9
