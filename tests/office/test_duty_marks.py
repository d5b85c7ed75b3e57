"""Marks, proofs, events, breaches, own rules: what is kept, what history tells, what the calendar makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from locanda.archive import chain
from locanda.archive.audit import audit
from locanda.archive.models import Account, DutyProof, Event
from locanda.archive.rotation import rotate_account_key
from locanda.core.time import ROME
from locanda.office import breaches, calendar, duty_marks, overrides
from tests.letters import scans
from tests.world import World, world

pytestmark = pytest.mark.django_db
PERIOD = ("MO-IDS-04", "period:2026-Q2")


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def codes(problems: list) -> list[str]:
    return [problem.code for problem in problems]


def july(here: World, obligation: str) -> calendar.Entry:
    listed = calendar.entries(here.account, [here.property], from_=date(2026, 7, 1), to=date(2026, 7, 31), now=here.now)
    (entry,) = [entry for entry in listed if entry.obligation == obligation]
    return entry


def marked(here: World, *files: duty_marks.File):
    mark, problems = duty_marks.mark_done(
        here.property, *PERIOD, now=here.now, person=here.person, note="dal signor Verdi", files=files
    )
    assert mark is not None, codes(problems)
    return mark


def test_proofs_are_sealed_and_come_back_whole(here: World) -> None:
    content = scans.pdf(1)
    mark = marked(here, duty_marks.File("Quietanza Verdi.pdf", content))
    proof = DutyProof.objects.of(here.account).get()
    assert (proof.kind, proof.media_type, proof.size) == ("pdf", "application/pdf", len(content))
    assert proof.name == "Quietanza Verdi.pdf"
    assert duty_marks.proof_bytes(proof) == content
    assert content[:20] not in bytes(proof.sealed) and b"Verdi" not in bytes(proof.sealed_name)
    link, _ = duty_marks.add_proof(mark, now=here.now, person=here.person, link="https://example.org/ricevuta")
    assert link is not None and duty_marks.proof_bytes(link) == b"https://example.org/ricevuta"
    assert list(audit()) == []


def test_history_tells_it_without_saying_who(here: World) -> None:
    mark = marked(here, duty_marks.File("Verdi.pdf", scans.pdf(1)))
    duty_marks.undo(mark, now=here.now, person=here.person)
    told = Event.objects.of(here.account).filter(kind__in=["duty.done", "proof.added", "duty.undone"])
    assert [event.kind for event in told] == ["duty.done", "proof.added", "duty.undone"]
    assert all(event.actor == str(here.person.pk) and "Verdi" not in str(event.data) for event in told)
    assert list(chain.verify(here.account)) == []
    assert july(here, "MO-IDS-04").state != "done" and not DutyProof.objects.of(here.account).exists()


def test_a_new_key_opens_what_the_old_one_sealed(here: World) -> None:
    content = scans.pdf(1)
    marked(here, duty_marks.File("a.pdf", content))
    rotate_account_key(here.account)
    here.property.account = Account.objects.get(pk=here.account.pk)
    mark = duty_marks.mark_of(here.property, *PERIOD)
    assert mark is not None and mark.note == "dal signor Verdi"
    proof = DutyProof.objects.of(here.account).select_related("account").get()
    assert (duty_marks.proof_bytes(proof), proof.name) == (content, "a.pdf")


def test_the_audit_finds_an_exchanged_proof(here: World) -> None:
    marked(here, duty_marks.File("a.pdf", scans.pdf(1)), duty_marks.File("b.pdf", scans.pdf(2)))
    one, two = DutyProof.objects.of(here.account)
    DutyProof.objects.of(here.account).filter(pk=one.pk).update(sealed=two.sealed, sha256=two.sha256)
    assert [fault.what for fault in audit()] == [f"proof {one.pk}: its bytes changed"]


@pytest.mark.parametrize(("content", "code"), [
    (b"", "mark.file.empty"), (b"PK\x03\x04zip", "mark.file.kind"), (b"<html><script>", "mark.file.kind"),
    (b"%PDF-" + b"0" * duty_marks.PROOF_BYTES_MAX, "mark.file.large"),
], ids=["empty", "zip", "html", "large"])  # fmt: skip
def test_what_is_no_proof_is_refused_and_nothing_is_marked(here: World, content: bytes, code: str) -> None:
    mark, problems = duty_marks.mark_done(
        here.property, *PERIOD, now=here.now, person=here.person, files=[duty_marks.File("x", content)]
    )
    assert mark is None and codes(problems) == [code]
    assert july(here, "MO-IDS-04").done_at is None


def test_nothing_is_done_in_the_future_and_no_link_runs_a_script(here: World) -> None:
    tomorrow = here.now + timedelta(days=1)
    mark, problems = duty_marks.mark_done(here.property, *PERIOD, now=here.now, person=here.person, done_at=tomorrow)
    assert mark is None and codes(problems) == ["mark.done_at.future"]
    mark = marked(here)
    for link in ("javascript:alert(1)", "ftp://x", "https://", "http://["):
        assert codes(duty_marks.add_proof(mark, now=here.now, person=None, link=link)[1]) == ["mark.link.unfit"]
    assert codes(duty_marks.add_proof(mark, now=here.now, person=None)[1]) == ["mark.proof.missing"]


def test_an_event_starts_its_duties_until_it_is_withdrawn(here: World) -> None:
    row, problems = duty_marks.record_event(
        here.property, "form_signed", {"at": "2026-07-14T09:00+02:00", "form": "4"}, now=here.now, person=here.person
    )
    assert row is not None, codes(problems)
    entry = july(here, "MO-IDS-08")
    assert (entry.subject, entry.due) == (f"event:{row.pk}", datetime(2026, 7, 16, 9, tzinfo=ROME))
    told = calendar.detail(here.account, here.property, "MO-IDS-08", entry.subject, now=here.now)
    assert told is not None and told.entry is not None and told.why
    duty_marks.withdraw_event(row, now=here.now, person=here.person)
    with pytest.raises(ValueError, match="unpack"):
        july(here, "MO-IDS-08")


def test_an_event_that_cannot_be_read_is_refused(here: World) -> None:
    for kind, data in (("nonsense", {}), ("form_signed", {}), ("listing_published", {"on": "2026-13-01"})):
        row, problems = duty_marks.record_event(here.property, kind, data, now=here.now, person=None)
        assert row is None and problems
    data = {"on": "2026-07-01", "url": "javascript:1"}
    assert duty_marks.record_event(here.property, "listing_published", data, now=here.now, person=None)[0] is None


def test_a_photo_that_came_by_halves_proves_nothing(here: World) -> None:
    whole = scans.shot("heic")
    for content in (whole[: len(whole) // 2], scans.shot("jpeg")[:-40], scans.saved(scans.picture(), "tiff")[:-900]):
        half = [duty_marks.File("foto", content)]
        mark, problems = duty_marks.mark_done(here.property, *PERIOD, now=here.now, person=here.person, files=half)
        assert (mark, codes(problems)) == (None, ["letter.scan.broken"])
    files = [duty_marks.File("foto", whole)]
    mark, problems = duty_marks.mark_done(here.property, *PERIOD, now=here.now, person=here.person, files=files)
    assert mark is not None and problems == []
    (proof,) = mark.proofs.all()
    assert (proof.media_type, proof.kind, duty_marks.proof_bytes(proof)) == ("image/heic", "photo", whole)


def test_every_listing_is_a_line_of_the_checklist(here: World) -> None:
    for number in (1, 2):
        data = {"on": "2026-01-01", "url": f"https://example.org/{number}", "name": "Portale"}
        duty_marks.record_event(here.property, "listing_published", data, now=here.now, person=here.person)
    lines = [entry for entry in calendar.standing(here.property, now=here.now) if entry.obligation == "IT-CIN-03"]
    assert [entry.address for entry in lines] == ["https://example.org/1", "https://example.org/2"]
    photo = duty_marks.File("foto.png", scans.png())
    duty_marks.mark_done(here.property, "IT-CIN-03", lines[0].subject, now=here.now, person=here.person, files=[photo])
    one, two = [entry for entry in calendar.standing(here.property, now=here.now) if entry.obligation == "IT-CIN-03"]
    assert (one.state, one.seen_on, two.state) == ("done", here.now.date(), "open")
    assert one.photo is not None and one.photo.name == "foto.png"


def test_devices_are_counted_floor_by_floor(here: World) -> None:
    here.property.type, here.property.floors_m2 = "locazione_turistica", ["80", "201.5"]
    here.property.save()
    lines = calendar.standing(here.property, now=here.now)
    (entry,) = [entry for entry in lines if entry.obligation == "IT-SIC-01"]
    assert entry.check == "devices" and entry.devices is not None and entry.devices.extinguishers == 3
    assert "insurance" in {entry.check for entry in lines if entry.obligation.startswith("PU-ASS")}


# ---------------------------------------------------------------------------------------------------- breaches, own rules


def risk(here: World, obligation: str, subject: str, sanction: str) -> calendar.Risk:
    told = calendar.detail(here.account, here.property, obligation, subject, now=here.now)
    assert told is not None
    (found,) = [risk for risk in told.risks if risk.penalty.sanction.id == sanction]
    return found


def test_the_risk_is_that_of_a_property_with_its_past(here: World) -> None:
    before = risk(here, "IT-CIN-02", "standing", "N-CIN-SHOW")
    assert before.earlier == 0 and before.penalty.warning_first
    row, _ = breaches.record(
        here.property, "N-CIN-SHOW", date(2026, 2, 1), now=here.now, person=here.person, enforceable_on=date(2026, 5, 1)
    )
    assert row is not None
    after = risk(here, "IT-CIN-02", "standing", "N-CIN-SHOW")
    assert after.earlier == 1 and not after.penalty.warning_first
    assert breaches.change(row, now=here.now, person=here.person, settled_reduced=True) == []
    assert risk(here, "IT-CIN-02", "standing", "N-CIN-SHOW").earlier == 0
    breaches.remove(row, now=here.now, person=here.person)
    assert breaches.listed(here.property) == []
    kinds = Event.objects.of(here.account).filter(kind__startswith="breach.").values_list("kind", flat=True)
    assert list(kinds) == ["breach.recorded", "breach.changed", "breach.removed"]


def test_days_of_a_breach_make_sense(here: World) -> None:
    later = here.now.date() + timedelta(days=1)
    assert codes(breaches.record(here.property, "N-SIC", later, now=here.now, person=None)[1]) == ["breach.on.future"]
    found = breaches.record(here.property, "N-SIC", date(2026, 5, 1), now=here.now, person=None, enforceable_on=date(2026, 4, 1))
    assert codes(found[1]) == ["breach.days.backwards"]


def test_a_rule_of_ones_own_moves_the_term_and_is_shown(here: World) -> None:
    changes = {"deadline": {"kind": "after_period", "period": "quarter", "day": 28}}
    row, problems = overrides.add(
        here.account, here.property, "obligation", "MO-IDS-04", changes, note="delibera 12/2026", now=here.now,
        person=here.person, valid_from=date(2026, 1, 1),
    )  # fmt: skip
    assert row is not None, codes(problems)
    assert july(here, "MO-IDS-04").due.date() == date(2026, 7, 28)
    told = calendar.detail(here.account, here.property, *PERIOD, now=here.now)
    assert told is not None and told.overrides == (row,) and told.overrides[0].made_by == here.person
    assert any(step.local and step.note == "delibera 12/2026" for step in told.provenance)
    overrides.end(row, now=here.now, person=here.person)
    assert july(here, "MO-IDS-04").due.date() == date(2026, 7, 28)  # the quarter before the end keeps it
    later = calendar.entries(here.account, [here.property], from_=date(2026, 10, 1), to=date(2026, 10, 31), now=here.now)
    assert [entry.due.day for entry in later if entry.obligation == "MO-IDS-04"] == [16]


@pytest.mark.parametrize(("item", "changes", "note", "code"), [
    ("MO-IDS-04", {"channel": "PEC"}, " ", "pack.override.unexplained"),
    ("MO-IDS-04", {}, "perché", "override.changes.missing"),
    ("MO-IDS-04", {"nonsense": 1}, "perché", "pack.key.unknown"),
    ("XX-99", {"channel": "PEC"}, "perché", "override.item.unknown"),
])  # fmt: skip
def test_a_rule_that_says_nothing_is_refused(here: World, item: str, changes: dict, note: str, code: str) -> None:
    row, problems = overrides.add(
        here.account, here.property, "obligation", item, changes, note=note, now=here.now, person=here.person
    )
    assert row is None and code in codes(problems)
    assert overrides.shown(here.account) == []
