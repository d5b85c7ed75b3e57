"""The feed, read back by another library (vobject) and line by line: terms, alarms, what is done is silent."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.time import ROME
from locanda.letters import calendar
from locanda.letters.calendar import CalendarEntry, feed, tag

CHANGED = datetime(2026, 7, 10, 16, tzinfo=ROME)
POLICE = CalendarEntry(
    key="IT-PS-03.S1.a",
    title="Schedina di Ada: entro le 22, «Il Trullo»; camera 2",
    due=datetime(2026, 7, 10, 22, tzinfo=ROME),
    changed=CHANGED,
    remind=(datetime(2026, 7, 10, 20, tzinfo=ROME), date(2026, 7, 10)),
    description="Art. 109 TULPS\nSanzione: N-109\\x",
    url="https://alloggiatiweb.poliziadistato.it/?a=b;c,d",
    categories=("Questura", "Monopoli, BA"),
    urgent=True,
)
TAX = CalendarEntry(
    key="MO-IDS-04.2026-Q2", title="Imposta di soggiorno", due=date(2026, 7, 16), changed=CHANGED, remind=(date(2026, 7, 15),)
)


def read(*entries: CalendarEntry, **options: Any) -> Any:
    return vobject.readOne(feed(entries, name="Il Trullo", **options).decode("utf-8"))


def unfolded(content: bytes) -> list[str]:
    assert content.endswith(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    return content.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def test_a_task_is_due_at_the_instant_and_reminds_before() -> None:
    task = read(POLICE).vtodo
    assert task.due.value == datetime(2026, 7, 10, 20, tzinfo=UTC)
    assert task.summary.value == POLICE.title
    assert task.description.value == POLICE.description
    assert task.status.value == "NEEDS-ACTION"
    assert task.categories.value == ["Questura", "Monopoli, BA"]
    assert task.url.value == POLICE.url
    assert task.priority.value == "1"
    triggers = [alarm.trigger.value for alarm in task.valarm_list]
    assert triggers == [datetime(2026, 7, 10, 7, tzinfo=UTC), datetime(2026, 7, 10, 18, tzinfo=UTC)]  # a day: at nine in Italy
    assert {alarm.action.value for alarm in task.valarm_list} == {"DISPLAY"}


def test_an_event_ends_at_the_term_and_makes_nobody_busy() -> None:
    event = read(POLICE).vevent
    assert event.dtend.value == datetime(2026, 7, 10, 20, tzinfo=UTC)
    assert event.dtstart.value == datetime(2026, 7, 10, 19, 30, tzinfo=UTC)
    assert event.transp.value == "TRANSPARENT"
    assert len(event.valarm_list) == 2


def test_a_day_term_is_a_whole_day() -> None:
    calendar = read(TAX)
    assert calendar.vtodo.due.value == date(2026, 7, 16)
    assert (calendar.vevent.dtstart.value, calendar.vevent.dtend.value) == (date(2026, 7, 16), date(2026, 7, 17))
    assert calendar.vtodo.valarm.trigger.value == datetime(2026, 7, 15, 7, tzinfo=UTC)


def test_what_is_done_reminds_nobody() -> None:
    done = TAX._replace(done=datetime(2026, 7, 14, 10, tzinfo=ROME))
    calendar = read(done)
    task, event = calendar.vtodo, calendar.vevent
    assert task.status.value == "COMPLETED"
    assert task.completed.value == datetime(2026, 7, 14, 8, tzinfo=UTC)
    assert task.percent_complete.value == "100"
    assert event.summary.value == "✓ Imposta di soggiorno"
    for component in (task, event):
        assert not hasattr(component, "valarm")
    gone = read(TAX._replace(cancelled=True))
    assert (gone.vtodo.status.value, gone.vevent.status.value) == ("CANCELLED", "CANCELLED")
    assert not hasattr(gone.vtodo, "valarm")


def test_names_for_ever() -> None:
    before, after = read(TAX), read(TAX._replace(title="altro", due=date(2026, 7, 17), changed=CHANGED + timedelta(days=1)))
    assert before.vtodo.uid.value == after.vtodo.uid.value == "MO-IDS-04.2026-Q2.task@locanda.invalid"
    assert before.vevent.uid.value == after.vevent.uid.value == "MO-IDS-04.2026-Q2.event@locanda.invalid"
    assert after.vtodo.last_modified.value > before.vtodo.last_modified.value


def test_tasks_or_events_alone_and_none_at_all() -> None:
    assert not hasattr(read(POLICE, events=False), "vevent")
    assert not hasattr(read(POLICE, tasks=False), "vtodo")
    empty = read()
    assert empty.version.value == "2.0"
    assert empty.x_wr_calname.value == "Il Trullo"


def test_same_duties_same_bytes() -> None:
    assert feed([POLICE, TAX], name="x") == feed([POLICE, TAX], name="x")


OTHER: dict[str, Any] = {
    "key": "MO-IDS-04.2026-Q3", "title": "Imposta", "due": datetime(2026, 7, 16, tzinfo=ROME), "changed": CHANGED + timedelta(1),
    "remind": (date(2026, 7, 14),), "done": CHANGED, "cancelled": True, "description": "x", "location": "x", "url": "x:y",
    "categories": ("x",), "urgent": True,
}  # fmt: skip


@pytest.mark.parametrize("field", CalendarEntry._fields)
def test_another_tag_for_another_text(field: str) -> None:
    changed = TAX._replace(**{field: OTHER[field]})
    assert tag([TAX, changed], name="x") != tag([TAX, TAX], name="x") == tag((TAX, TAX), name="x")
    assert feed([changed], name="x") != feed([TAX], name="x")


def test_the_tag_counts_name_order_number_and_program(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [tag([POLICE, TAX], name="x"), tag([TAX, POLICE], name="x"), tag([POLICE, TAX], name="y"), tag([TAX], name="x")]
    monkeypatch.setattr(calendar, "_WRITER", b"another version")
    told.append(tag([TAX], name="x"))
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("start", range(60, 76))
@pytest.mark.parametrize("sign", ["\\", ",", "\n", "à", "€", "😀"])
def test_a_long_line_is_broken_between_signs(sign: str, start: int) -> None:
    """Never within a character: not every program puts lines together before it reads."""
    description = "a" * start + sign * 80
    content = feed([TAX._replace(description=description)], name="x", events=False)
    lines = [line.decode("utf-8") for line in content.split(b"\r\n")]
    assert max(len(line.encode()) for line in lines) <= 75
    assert read(TAX._replace(description=description)).vtodo.description.value == description


def test_the_name_of_a_calendar_is_text_too() -> None:
    assert "NAME:Trulli\\, lamie\\; e\\\\altro" in unfolded(feed([], name="Trulli, lamie; e\\altro"))


@pytest.mark.parametrize("keys", [["a", "a"], [""], ["a b"], ["a\nATTENDEE:x"], ["è"], ["x" * 300]])
def test_keys_that_no_program_would_keep(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="not a key of its own"):
        feed([TAX._replace(key=key) for key in keys], name="x")


def test_reminders_keep_the_hour_when_the_clocks_change() -> None:
    """On 25 October 2026 nine o'clock in Italy is eight in UTC, the day before it is seven."""
    entries = [
        TAX._replace(key=f"k{day}", due=date(2026, 10, 30), remind=(date(2026, 10, day),)) for day in (24, 25)
    ]  # fmt: skip
    lines = [line for line in unfolded(feed(entries, name="x", events=False)) if line.startswith("TRIGGER")]
    assert lines == ["TRIGGER;VALUE=DATE-TIME:20261024T070000Z", "TRIGGER;VALUE=DATE-TIME:20261025T080000Z"]


FROM, TO = datetime(2000, 1, 1), datetime(2099, 1, 1)
LINE = re.compile(r"[A-Z-]+(;[A-Z-]+=[^:;\"]+)*:.*", re.DOTALL)


@given(
    title=st.text(min_size=1, max_size=120),
    description=st.text(max_size=300),
    categories=st.lists(st.text(min_size=1, max_size=20), max_size=3),
    due=st.dates(FROM.date(), TO.date()) | st.datetimes(FROM, TO, timezones=st.just(ROME)),
)
def test_whatever_is_written_stays_in_its_line(title: str, description: str, categories: list[str], due: date) -> None:
    entry = TAX._replace(title=title, description=description, categories=tuple(categories), due=due, remind=(due,))
    lines = unfolded(feed([entry], name=title))
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert [line for line in lines if line.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR", "BEGIN:VTODO", "BEGIN:VALARM", "BEGIN:VEVENT", "BEGIN:VALARM",
    ]  # fmt: skip
    (told,) = [line for line in lines if line.startswith("DESCRIPTION:")][:1]
    plain = told.removeprefix("DESCRIPTION:").replace("\\\\", "\x00").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
    kept = description.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in kept if character == "\n" or character.isprintable())
    if kept:
        assert plain.replace("\x00", "\\") == kept
