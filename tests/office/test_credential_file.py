"""The request to the police office: papers from the packs, one PDF, one mail, and the proof of the duty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from locanda.letters.credential_request import Applicant
from locanda.letters.single_pdf import Scan
from locanda.office import calendar, credential_file, duty_marks
from tests.letters import scans
from tests.world import World, world

pytestmark = pytest.mark.django_db
WHO = Applicant("Maria Rossi", email="maria@example.org", meets_article_11=True)


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.credential.status = "none"
        made.credential.save()
        made.property.credential = made.credential
        yield made


def test_papers_office_and_case_come_from_the_packs(here: World) -> None:
    what = credential_file.needed(here.property, "credentials", now=here.now)
    assert what is not None and what.request.case == "accommodation" and what.comune == "MONOPOLI (BA)"
    assert what.request.office is not None and what.request.questions and what.wanted
    here.property.type = "locazione_turistica"
    flat = credential_file.needed(here.property, "credentials", now=here.now, flats=1)
    many = credential_file.needed(here.property, "credentials", now=here.now, flats=2)
    assert flat is not None and many is not None
    assert (flat.request.case, many.request.case) == ("single_flat", "management")


@pytest.mark.parametrize("kind", credential_file.KINDS)
def test_every_kind_of_request_can_be_built(here: World, kind: str) -> None:
    what = credential_file.needed(here.property, kind, now=here.now)
    assert what is not None
    papers = [Scan(paper.key, scans.pdf(1), "x.pdf") for paper in what.wanted if paper.applies]
    built, problems = credential_file.build(here.property, kind, WHO, papers, now=here.now)
    assert built is not None, [problem.render() for problem in problems]
    assert len(built.letter.attachments) == 1 and built.pdf.pages >= len(papers)


def test_an_incomplete_request_is_not_built(here: World) -> None:
    built, problems = credential_file.build(here.property, "credentials", WHO, [], now=here.now)
    assert built is None and {problem.code for problem in problems} == {"letter.paper.missing"}


def test_what_was_sent_is_the_proof(here: World) -> None:
    what = credential_file.needed(here.property, "credentials", now=here.now)
    assert what is not None
    papers = [Scan(paper.key, scans.pdf(1), "x.pdf") for paper in what.wanted if paper.applies]
    built, _ = credential_file.build(here.property, "credentials", WHO, papers, now=here.now)
    assert built is not None
    mark, problems = credential_file.keep(here.property, "credentials", built, now=here.now, person=here.person)
    assert mark is not None and problems == []
    assert duty_marks.proof_bytes(mark.proofs.get()) == built.pdf.content
    told = calendar.detail(here.account, here.property, mark.obligation, mark.subject, now=here.now)
    assert told is not None and told.done == mark and len(told.proofs) == 1


def test_whoever_asks_for_a_firm_shows_that_it_is_registered(here: World) -> None:
    here.property.type = "locazione_turistica"
    what = credential_file.needed(here.property, "credentials", now=here.now, agency=True)
    assert what is not None
    papers = [Scan(paper.key, scans.pdf(1), "x.pdf") for paper in what.wanted if paper.applies]
    built, problems = credential_file.build(
        here.property, "credentials", WHO._replace(firm="Mare Srl"), papers, now=here.now, agency=True
    )
    assert built is None and [problem.facts for problem in problems] == [(("paper", "Visura camerale"),)]
    built, _ = credential_file.build(here.property, "credentials", WHO, papers, now=here.now, agency=True)
    assert built is not None


@pytest.mark.parametrize(("kind", "form"), [("credentials", "DOC-FORM-1"), ("password_reset", "DOC-RESET-1")])
def test_a_form_that_the_office_may_have_is_asked_about(here: World, kind: str, form: str) -> None:
    what = credential_file.needed(here.property, kind, now=here.now)
    assert what is not None
    papers = [Scan(paper.key, scans.pdf(1), "x.pdf") for paper in what.wanted if paper.applies]
    built, _ = credential_file.build(here.property, kind, WHO, papers, now=here.now, account="BA000001")
    assert built is not None and "request.form.absent" in [note.code for note in built.notes]
    filled = [*papers, Scan(form, scans.pdf(1), "modulo.pdf")]
    built, _ = credential_file.build(here.property, kind, WHO, filled, now=here.now, account="BA000001")
    assert built is not None and "request.form.absent" not in [note.code for note in built.notes]
    assert built.pdf.sections[0].page == 2 and "Modulo" in built.pdf.sections[0].title
