"""The yearly file for Monopoli: order, bookmarks, the compulsory report, drafts, and that its papers agree (spec imposta 3.5)."""

from __future__ import annotations

import copy
import email
import email.policy
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from locanda import papers
from locanda.letters.mail import eml
from locanda.letters.uploads import Scan
from locanda.office.yearly_file import YearlyFile, yearly_file, yearly_letter
from tests.letters.scans import pdf, png

DAY = date(2027, 1, 20)
FORMS = ("modello_2", "modello_21", "presence_summary")


def data_of(**changes: dict[str, Any]) -> list[Any]:
    made = []
    for form_id in FORMS:
        data, problems = papers.read(form_id, copy.deepcopy(papers.sample(form_id)) | changes.get(form_id, {}))
        assert problems == []
        made.append(data)
    return made


def built(*reports: bytes, draft: bool = False, **changes: dict[str, Any]) -> tuple[YearlyFile | None, list[str]]:
    scans = [Scan("spot_report", content, "report.pdf") for content in reports]
    made, problems = yearly_file(*data_of(**changes), scans, day=DAY, draft=draft)
    assert (made is None) == bool(problems)
    return made, [problem.code for problem in problems]


def test_parts_stand_in_their_order_with_bookmarks() -> None:
    made, _ = built(pdf(3))
    assert made is not None
    titles = ["Modello 2", "Modello 21", "Riepilogo delle presenze", "Report delle presenze SPOT"]
    assert [part.title for part in made.parts] == titles
    reader = PdfReader(io.BytesIO(made.content))
    assert len(reader.pages) == made.pages == sum(part.pages for part in made.parts)
    marks = [(mark.title, reader.get_destination_page_number(mark) + 1) for mark in reader.outline]  # type: ignore[union-attr,operator]
    assert marks == [(part.title, part.page) for part in made.parts]
    assert "Dichiarazione annuale" in reader.pages[0].extract_text()
    assert "Conto della gestione" in reader.pages[made.parts[1].page - 1].extract_text()
    assert not any("BOZZA" in page.extract_text() for page in reader.pages)
    assert built(pdf(3))[0] == made


def test_without_the_report_there_is_only_a_draft() -> None:
    assert built() == (None, ["yearly.report.missing"])
    made, _ = built(draft=True)
    assert made is not None
    assert made.draft
    assert "yearly.report.missing" in [note.code for note in made.notes]
    assert all("BOZZA" in page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)


def test_a_draft_with_the_report_is_marked_on_the_report_too() -> None:
    made, _ = built(pdf(2), png(), draft=True)
    assert made is not None
    reader = PdfReader(io.BytesIO(made.content))
    assert all("BOZZA" in page.extract_text() for page in reader.pages)
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("BOZZA")


def test_a_report_that_cannot_be_read_is_told_with_all_else() -> None:
    sample = {"year": 2025, "properties": [{"property": {"name": "x", "type": "bb"}}], "difference_reason": None}
    assert set(built(b"PK\x03\x04", modello_21=sample)[1]) == {
        "letter.scan.archive", "yearly.year.differs", "yearly.paid.differs",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("form_id", "changes", "code"),
    [
        ("presence_summary", {"comune": {"name": "Tirano", "province": "SO"}}, "yearly.comune.differs"),
        ("presence_summary", {"properties": [{"property": {"name": "x", "type": "bb"}, "months": [
            {"period": "2026-01", "arrivals": 1, "presences": 1, "taxed": 1}]}]}, "yearly.presences.differ"),
    ],
)  # fmt: skip
def test_papers_that_do_not_agree(form_id: str, changes: dict[str, Any], code: str) -> None:
    assert built(pdf(), **{form_id: changes}) == (None, [code])


def test_notes_of_the_papers_and_that_it_must_be_signed() -> None:
    made, _ = built(pdf())
    assert made is not None
    assert {"yearly.file.sign", "paper.account.paid_later", "paper.period.zero"} <= {note.code for note in made.notes}
    assert all(note.render("it") and note.render("en") for note in made.notes)


def test_the_mail_takes_the_file_to_the_comune() -> None:
    made, _ = built(pdf())
    assert made is not None
    declaration = data_of()[0]
    letter = yearly_letter(made, declaration, to="ufficio@pec.example.it", day=DAY)
    message = email.message_from_bytes(eml(letter, on=datetime(2027, 1, 20, 9, tzinfo=UTC)), policy=email.policy.default)
    assert message["To"] == "ufficio@pec.example.it"
    assert "2026" in message["Subject"]
    (attachment,) = message.iter_attachments()
    assert attachment.get_content() == made.content
    text = message.get_body().get_content()  # type: ignore[union-attr]
    assert "Report delle presenze SPOT (pag." in text
    assert "Il Trullo di Ada" in text


def test_a_draft_is_addressed_to_nobody() -> None:
    made, _ = built(draft=True)
    assert made is not None
    letter = yearly_letter(made, data_of()[0], to="ufficio@pec.example.it", day=DAY)
    assert letter.to == ()
    assert letter.subject.startswith("BOZZA")
