"""The one PDF: order, sizes, turns, refusals with words, same bytes (spec adempimenti 6.3)."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.letters.single_pdf import Scan, SinglePdf, WantedPaper, single_pdf
from locanda.letters.uploads import SCAN_MAX, kind_of
from tests.letters.looks import CORNERS, coloured, middle
from tests.letters.scans import JPEG, chunk, form, held, opened, pdf, png

PAPERS = (
    WantedPaper("identity", "Carta d'identità", "identity card"),
    WantedPaper("tax_code", "Codice fiscale", "tax-code card"),
    WantedPaper("register", "Visura catastale", "land-register extract"),
    WantedPaper("owners", "Dati e documenti di entrambi i proprietari", condition="co-owned property", applies=False),
)
FACTS = [("Richiedente", "Ada Neri"), ("Struttura", "Il Trullo"), ("Account", "")]
DAY = date(2026, 11, 21)


def built(*scans: Scan, papers: tuple[WantedPaper, ...] = PAPERS) -> SinglePdf:
    result, problems = single_pdf(papers, scans, title="Richiesta", facts=FACTS, day=DAY)
    assert problems == []
    assert result is not None
    return result


def faults(*scans: Scan) -> list[tuple[str, str]]:
    result, problems = single_pdf(PAPERS, scans, title="Richiesta", facts=FACTS, day=DAY)
    assert (result is None) == bool(problems)
    return [(problem.code.removeprefix("letter."), problem.where) for problem in problems]


def one(content: bytes) -> SinglePdf:
    return built(Scan("identity", content), papers=PAPERS[:1])


STARTS = [b"", b"%PDF-1.4\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", JPEG[:300], png()[:60]]
WHOLE = (Scan("register", pdf(3)), Scan("identity", JPEG, "fronte.jpg"), Scan("tax_code", png()), Scan("identity", held(6)))


def test_pages_follow_the_list_and_the_index_says_where() -> None:
    result = built(*WHOLE)
    assert [tuple(section) for section in result.sections] == [
        ("Carta d'identità", 2, 2),
        ("Codice fiscale", 4, 1),
        ("Visura catastale", 5, 3),
    ]
    reader = opened(result.content)
    assert len(reader.pages) == result.pages == 7
    index = reader.pages[0].extract_text()
    for text in ("Richiesta", "Ada Neri", "Il Trullo", "Carta d'identità", "Visura catastale", "21/11/2026", "7 pagine"):
        assert text in index
    assert "Account" not in index  # nothing known of it
    assert [(item["/Title"], reader.get_destination_page_number(item)) for item in reader.outline] == [  # type: ignore[index,arg-type]
        ("Carta d'identità", 1), ("Codice fiscale", 3), ("Visura catastale", 4),
    ]  # fmt: skip


def test_same_scans_same_bytes() -> None:
    assert built(*WHOLE).content == built(*WHOLE).content


def test_a_long_list_makes_a_longer_index_and_the_numbers_still_hold() -> None:
    papers = tuple(WantedPaper(f"p{number}", f"Documento numero {number}") for number in range(60))
    result = built(*(Scan(paper.key, png()) for paper in papers), papers=papers)
    reader = opened(result.content)
    index = next(number for number, page in enumerate(reader.pages) if not page.extract_text().strip())
    assert index > 1
    assert result.sections[0].page == index + 1
    assert result.sections[-1].page == result.pages == len(reader.pages)


@pytest.mark.parametrize(
    ("content", "upright"), [(JPEG, False), (held(6), True), (held(8), True), (held(3), False), (png(), True)]
)
def test_a_page_lies_as_the_picture_does(content: bytes, upright: bool) -> None:
    page = opened(one(content).content).pages[1]
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    assert {round(width), round(height)} == {595, 842}
    assert (height > width) == upright


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_photographs_are_shown_as_the_camera_was_held(turn: int, order: str, tmp_path: Path) -> None:
    blue, red = coloured(one(held(turn, order=order)).content, tmp_path)
    x, y = middle(blue)
    whole = middle(red + blue)
    assert (int(x > whole[0]), int(y > whole[1])) == CORNERS[turn], "the blue square is in another corner"
    assert abs(whole[0] - 0.5) < 0.02
    assert abs(whole[1] - 0.5) < 0.02


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    """60 by 40 points at 100 dpi are 43 by 29 points of a page of 842."""
    blue, red = coloured(one(JPEG).content, tmp_path)
    across = [x for x, _ in blue + red]
    assert 35 < (max(across) - min(across)) * 842 < 50


def test_large_pages_come_down_to_a4_and_turned_ones_stay_turned() -> None:
    page = opened(one(pdf(size=(2480, 3508))).content).pages[1]
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
    lying = opened(one(pdf(size=(3508, 2480))).content).pages[1]
    assert (round(float(lying.mediabox.width)), round(float(lying.mediabox.height))) == (842, 595)
    plan = opened(one(pdf(size=(842, 1191))).content).pages[1]
    assert round(float(plan.mediabox.height)) == 1191  # A3, as plans are
    turned = opened(one(pdf(turned=90)).content).pages[1]
    assert turned.rotation == 90


def test_nothing_that_runs_by_itself_goes_along() -> None:
    restless = pdf(restless=True)
    assert b"JavaScript" in restless
    assert b"virus" in restless
    content = one(restless).content
    assert set(opened(content).root_object) & {"/OpenAction", "/AA", "/Names", "/AcroForm"} == set()
    assert b"JavaScript" not in content
    assert b"EmbeddedFile" not in content
    assert b"virus" not in content
    assert "/AA" not in opened(content).pages[1]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "scan.empty"),
        (b"PK\x03\x04" + b"\x00" * 60, "scan.archive"),
        (b"<!DOCTYPE html><html><body>ciao</body></html>", "scan.kind"),
        (b"\xef\xbb\xbf  <HTML>", "scan.kind"),
        (b"Carta d'identita' di Ada Neri", "scan.kind"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "scan.broken"),
        (b"\x00\x00\x00\x18ftypqt  " + b"\x00" * 40, "scan.kind"),
        (b"GIF89a" + b"\x00" * 40, "scan.broken"),
        (b"II*\x00" + b"\x00" * 40, "scan.broken"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 40, "scan.kind"),
        (b"BMW X3, targa AB123CD", "scan.kind"),
        (b"\x30\x82\x10\x00\x06\x09", "scan.kind"),
        (b"\x00\x01\x02", "scan.kind"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"visura.pdf" + pdf(), "scan.archive"),  # stored, not pressed
        (b"\x30\x82\x10\x00\x06\x09\x2a\x86" + pdf(), "scan.kind"),  # a signed envelope around a PDF
        (b"%PDF-1.7\nniente", "scan.broken"),
        (pdf(2)[:-200], "scan.broken"),
        (pdf()[:60], "scan.broken"),
        (pdf(password="segreta"), "scan.password"),
        (JPEG[:400], "scan.broken"),
        (JPEG[:3], "scan.broken"),
        (JPEG[:-2], "scan.broken"),
        (JPEG[:200] + JPEG[-2:], "scan.broken"),
        (b"\xff\xd8\xff\xd9", "scan.broken"),
        (png()[:-20], "scan.broken"),
        (png()[:50], "scan.broken"),
        (png().replace(b"IDAT", b"IDOT"), "scan.broken"),
        (b"\x89PNG\r\n\x1a\n", "scan.broken"),
        (png(20_000, 0), "scan.broken"),
    ],
)  # fmt: skip
def test_what_cannot_go_in_is_said(content: bytes, fault: str) -> None:
    scans = (*WHOLE, Scan("tax_code", content, "strano.bin"))
    assert faults(*scans) == [(fault, "scans[4]")]


def test_a_png_of_endless_size_is_not_opened() -> None:
    huge = png()[:8] + chunk(b"IHDR", b"\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00") + chunk(b"IEND", b"")
    assert faults(*WHOLE, Scan("tax_code", huge)) == [("scan.too_large", "scans[4]")]


def test_an_extract_that_only_forbids_changes_goes_in() -> None:
    assert one(pdf(2, owner="ufficio")).pages == 3


def test_a_pdf_with_something_before_it_is_a_pdf() -> None:
    assert kind_of(b"\n\n" + pdf()) == "pdf"
    assert one(b"\r\n" + pdf(2)).pages == 3


def test_a_signature_is_said_to_be_lost() -> None:
    assert [note.code for note in one(pdf(signed=True)).notes] == ["letter.scan.signed"]


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert faults(Scan("identity", b"PK\x03\x04"), Scan("holiday", JPEG, "mare.jpg")) == [
        ("paper.missing", "papers[1]"),
        ("paper.missing", "papers[2]"),
        ("scan.unasked", "scans[1]"),
        ("scan.archive", "scans[0]"),
    ]


def test_a_filled_in_form_stays_filled_in_or_is_refused(tmp_path: Path) -> None:
    content = one(form("Ada Neri", drawn=True, attached=True)).content
    annotations = opened(content).pages[1]["/Annots"]
    assert [annotation.get_object()["/Subtype"] for annotation in annotations] == ["/Widget"]  # type: ignore[attr-defined]
    assert b"virus" not in content
    if shutil.which("pdftoppm") is not None:
        (tmp_path / "one.pdf").write_bytes(content)
        subprocess.run(["pdftoppm", "-r", "36", "-f", "2", "one.pdf", "page"], cwd=tmp_path, check=True)
        (image,) = tmp_path.glob("page*.ppm")
        assert b"\x00\x00\xff" * 20 in image.read_bytes(), "the blue field is not drawn"
    for bad in (form("Ada Neri", drawn=False), form("Puglia", drawn=False, kind="/Ch"), form("", drawn=False, xfa=True)):
        assert faults(*WHOLE, Scan("tax_code", bad)) == [("scan.form", "scans[4]")]
    assert faults(*WHOLE, Scan("tax_code", form(" ", drawn=False))) == []
    assert faults(*WHOLE, Scan("tax_code", form("Off", drawn=False, kind="/Btn"))) == []


def test_too_many_pages() -> None:
    assert faults(*WHOLE, Scan("tax_code", pdf(301))) == [("pdf.too_many_pages", "scans[4]")]
    assert faults(*WHOLE, *[Scan("tax_code", pdf(150))] * 2) == [("pdf.too_many_pages", "scans")]


def test_words_never_break_the_index() -> None:
    papers = (WantedPaper("x", '#panic("x") $ \\ *a* _b_ [c] <d> @e " ` Ωж'),)
    result, problems = single_pdf(papers, [Scan("x", png())], title="= #1", facts=[("$", "#eval\ud800\x00")], day=DAY)
    assert problems == []
    assert result is not None
    text = opened(result.content).pages[0].extract_text()
    assert '#panic("x")' in text
    assert "#eval" in text


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", JPEG[:300], png()[:60]]),
)
def test_no_file_raises(tail: bytes, start: bytes) -> None:
    assert isinstance(kind_of(start + tail), str)
    result, problems = single_pdf(PAPERS[:1], [Scan("identity", start + tail)], title="t", facts=[], day=DAY)
    assert (result is None) == bool(problems)


@pytest.mark.slow
def test_a_file_that_was_cut_at_the_limit_is_too_heavy_and_not_read_by_halves() -> None:
    whole = pdf(2)
    heavy = whole + b" " * (SCAN_MAX + 1 - len(whole))
    assert ("scan.heavy", "scans[0]") in faults(Scan("identity", heavy, "grande.pdf"))
    assert ("scan.heavy", "scans[0]") not in faults(Scan("identity", heavy[:-1], "grande.pdf"))


def test_the_name_of_a_file_turns_no_line_round() -> None:
    _, problems = single_pdf(PAPERS[:1], [Scan("identity", b"MZ", "foto\u202egpj.exe\n")], title="x", facts=(), day=DAY)
    assert problems[0].facts == (("name", "foto gpj.exe"), ("kind", "testo"))
