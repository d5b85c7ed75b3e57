"""The comune's own PDF: fields filled from the data, nothing cut, nothing replaced; whatever does not fit is a problem."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from locanda import papers
from locanda.cli.main import main
from locanda.papers.layouts import fill, read_layout

LAYOUT = """
form = "modello_1"
pdf = "comune.pdf"
source = "invented"
[fields]
"Cognome e nome" = "{payer.surname} {payer.name}"
"Totale" = "€ {total}"
"Lettere" = "{more.in_words}"
"Prima riga" = "{lines[0].taxed_nights} x {lines[0].unit_amount}"
"Codice" = "{payer.tax_code}"
[ticks]
"Carta" = { path = "method", is = "card" }
"Contanti" = { path = "method", is = "cash" }
"""
NAMES = ("Cognome e nome", "Totale", "Lettere", "Prima riga", "Codice")


def comune_pdf(
    *, names: tuple[str, ...] = NAMES, ticks: tuple[str, ...] = ("Carta", "Contanti"), longest: int | None = None
) -> bytes:
    """A page with text fields and tick boxes, as a comune could publish one."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"), NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    })  # fmt: skip
    fonts = DictionaryObject({NameObject("/Helv"): writer._add_object(font)})
    widgets = ArrayObject()
    for index, name in enumerate((*names, *ticks)):
        top = 780 - 40 * index
        field = DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/T"): TextStringObject(name), NameObject("/F"): NumberObject(4),
            NameObject("/Rect"): ArrayObject([FloatObject(edge) for edge in (60, top, 400, top + 20)]),
        })  # fmt: skip
        if name in ticks:
            shape = DecodedStreamObject()
            shape.set_data(b"0 0 20 20 re f")
            shape.update({
                NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject([NumberObject(edge) for edge in (0, 0, 20, 20)]),
            })  # fmt: skip
            drawn, off = writer._add_object(shape), NameObject("/Off")
            states = DictionaryObject({NameObject("/Si"): drawn, off: drawn})
            field.update({
                NameObject("/FT"): NameObject("/Btn"), NameObject("/V"): off, NameObject("/AS"): off,
                NameObject("/AP"): DictionaryObject({NameObject("/N"): states}),
            })  # fmt: skip
        else:
            field.update({NameObject("/FT"): NameObject("/Tx"), NameObject("/DA"): TextStringObject("/Helv 11 Tf 0 g")})
            if longest is not None:
                field[NameObject("/MaxLen")] = NumberObject(longest)
        widgets.append(writer._add_object(field))
    page[NameObject("/Annots")] = widgets
    if names or ticks:
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject({
            NameObject("/Fields"): widgets, NameObject("/DA"): TextStringObject("/Helv 11 Tf 0 g"),
            NameObject("/DR"): DictionaryObject({NameObject("/Font"): fonts}),
        })  # fmt: skip
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def filled(pdf: bytes, layout: str = LAYOUT, **changes: Any) -> tuple[bytes | None, list[tuple[str, str]]]:
    read, problems = read_layout(layout)
    assert problems == []
    assert read is not None
    data, problems = papers.read("modello_1", papers.sample("modello_1") | changes)
    assert problems == []
    content, problems = fill(pdf, read, data)
    assert (content is None) == bool(problems)
    return content, [(problem.code, problem.where) for problem in problems]


def test_fields_show_the_data_as_a_paper_writes_them() -> None:
    content, problems = filled(comune_pdf())
    assert problems == []
    assert content is not None
    fields = PdfReader(io.BytesIO(content)).get_fields()
    assert fields is not None
    shown = {name: str(field.get("/V")) for name, field in fields.items()}
    assert shown == {
        "Cognome e nome": "Müller Hanna", "Totale": "€ 16,00", "Lettere": "sedici/00", "Prima riga": "8 x 2,00", "Codice": "",
        "Carta": "/Si", "Contanti": "/Off",
    }  # fmt: skip
    # a printer without a form program sees the words too
    widgets = [entry.get_object() for entry in PdfReader(io.BytesIO(content)).pages[0]["/Annots"]]
    widget = next(widget for widget in widgets if widget["/T"] == "Lettere")
    assert b"sedici/00" in widget["/AP"]["/N"].get_object().get_data()
    assert filled(comune_pdf())[0] == content


def test_nothing_is_cut_or_replaced() -> None:
    assert filled(comune_pdf(longest=6))[1][0] == ("paper.layout.long", "fields.Cognome e nome")
    _, problems = filled(comune_pdf(), payer={"surname": "Смирнова", "name": "Anna"})
    assert problems == [("paper.layout.letters", "fields.Cognome e nome")]


@pytest.mark.parametrize(
    ("pdf", "code"),
    [(b"", "broken"), (b"%PDF-1.4 x", "broken"), (comune_pdf(names=(), ticks=()), "no_fields")],
    ids=["empty", "cut off", "without fields"],
)
def test_a_pdf_that_cannot_be_filled(pdf: bytes, code: str) -> None:
    assert filled(pdf)[1] == [(f"paper.layout.{code}", "pdf")]


def test_fields_and_paths_that_are_not_there_are_told_together() -> None:
    wrong = '"Altro" = "x"\n"Lettere" = "{payer.shoe} {lines[9].amount} {payer} {}"'
    layout = LAYOUT.replace('"Lettere" = "{more.in_words}"', wrong)
    layout = layout.replace('"Contanti" = { path = "method"', '"Contanti" = { path = "method.x"')
    assert {code for code, _ in filled(comune_pdf(), layout)[1]} == {"paper.layout.no_field", "paper.layout.path"}
    assert len(filled(comune_pdf(), layout)[1]) == 6


@pytest.mark.parametrize(
    ("text", "wheres"),
    [
        ("form =", [""]), ("", ["form", "pdf", "source", "fields"]),
        (LAYOUT.replace("modello_1", "modello_99"), ["form"]), (LAYOUT + "\n[more]\nx = 1", ["more"]),
        (LAYOUT.replace('"Totale" = "€ {total}"', '"Totale" = 3'), ["fields.Totale"]),
        (LAYOUT.replace(', is = "cash"', ""), ["ticks.Contanti"]),
        (LAYOUT.replace("[fields]", "fields = 3\n[other]"), ["fields", "other", "fields"]),
    ],
)  # fmt: skip
def test_a_layout_that_is_none(text: str, wheres: list[str]) -> None:
    layout, problems = read_layout(text)
    assert layout is None
    assert sorted(problem.where for problem in problems) == sorted(wheres)
    assert all(problem.message("it") and problem.message("en") for problem in problems)


def test_command_fills_the_pdf_of_the_comune(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "comune.pdf").write_bytes(comune_pdf())
    (tmp_path / "map.toml").write_text(LAYOUT, encoding="utf-8")
    (tmp_path / "data.json").write_text(json.dumps(papers.sample("modello_1")), encoding="utf-8")
    arguments = ["paper", "write", "modello_1", "-o", str(tmp_path / "out.pdf"), "--layout", str(tmp_path / "map.toml")]
    assert main([*arguments, str(tmp_path / "data.json")]) == 0
    capsys.readouterr()
    fields = PdfReader(tmp_path / "out.pdf").get_fields()
    assert fields is not None
    assert fields["Totale"]["/V"] == "€ 16,00"
    assert main([*arguments, "--draft", str(tmp_path / "data.json")]) == 2
    capsys.readouterr()
    (tmp_path / "comune.pdf").unlink()
    assert main([*arguments, str(tmp_path / "data.json")]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "paper.layout.file"
    (tmp_path / "data.json").write_text(json.dumps(papers.sample("modello_4")), encoding="utf-8")
    arguments[2] = "modello_4"
    assert main([*arguments, str(tmp_path / "data.json")]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "paper.layout.other_form"
