"""What guests and operators type prints as they typed it, whatever it is; what cannot be printed is a problem, never a box."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda import papers
from locanda.papers.typesetting import Unprintable, typeset, unprintable
from tests.papers.test_forms import made, squeezed, text_of

MARKUP = (
    '#panic("in")', "#import \"/etc/passwd\"", "*grassetto* _corsivo_ `codice` $x^2$", "\\ \\\\ \\u{41}", "= Titolo",
    "<etichetta> @rif", '"],"x":1}', "// commento /* e altro */", "#sys.inputs.data", "{amount} {number}", "- elenco",
    "~ -- --- ...", "{{", "%s %(a)s",
)  # fmt: skip
NAMES = (
    "Дмитрий Щербаков-Ёлкин", "Γεώργιος Παπαδόπουλος", "Łukasz Świętosławski", "Nguyễn Thị Hồng Đào", "Þórður Æsir", "İpek Çağrı",
    "O’Brien-D'Angelò", "Ångström", "Ștefan Țepeș",
)  # fmt: skip


def receipt(**changes: Any) -> dict[str, Any]:
    return papers.sample("modello_1") | changes


@pytest.mark.parametrize("text", [*MARKUP, *NAMES])
def test_text_prints_as_it_was_typed(text: str) -> None:
    reader = made("modello_1", sample=receipt(payer={"surname": text, "name": "X"}))
    assert squeezed(text) in squeezed(text_of(reader))


@pytest.mark.parametrize("text", MARKUP)
def test_a_fact_inside_a_sentence_is_text_too(text: str) -> None:
    corrects = {"number": text, "on": "2026-07-01", "total": "1.00", "reason": text}
    reader = made("modello_1", "en", sample=receipt(corrects=corrects, regulation=text))
    assert squeezed(text_of(reader)).count(squeezed(text)) >= 4


@pytest.mark.parametrize("text", ["שלום כהן", "محمد علي"])
def test_names_from_right_to_left_are_drawn(text: str) -> None:
    data, problems = papers.read("modello_1", receipt(payer={"surname": text, "name": "X"}))
    assert problems == []
    assert papers.write("modello_1", data, on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rossi 👍", "U+1F44D"), ("王小明", "U+738B"), ("a\x07b", "U+0007"), ("a\u202eb", "U+202E"), ("\ue000", "U+E000"),
        ("\ud800", "U+D800"), ("ไทย", "U+0E44"),
    ],
)  # fmt: skip
def test_what_has_no_shape_is_a_problem_that_names_it(text: str, shown: str) -> None:
    data, problems = papers.read("modello_1", receipt(payer={"surname": text, "name": "X"}))
    assert data is None
    assert [(problem.code, problem.where) for problem in problems] == [("paper.text.unprintable", "payer.surname")]
    assert shown in problems[0].message("it")


def test_text_that_nobody_judged_is_refused_by_the_typesetter() -> None:
    template = b'#set document(title: "x")\n#set text(lang: "it")\n#json(bytes(sys.inputs.data)).a'
    with pytest.raises(Unprintable):
        typeset(template, {"a": "👍"}, on=date(2026, 1, 1))


def test_the_search_for_the_unprintable_ends_early() -> None:
    assert len(unprintable("".join(chr(0x4E00 + number) for number in range(500)))) == 5
    assert unprintable("àèìòù ÄÖÜ ñ Ж € “”") == ()


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=20))
def test_what_is_called_printable_can_be_printed(text: str) -> None:
    sample = receipt(payer={"surname": text, "name": "X"})
    data, problems = papers.read("modello_1", sample)
    if data is None:
        assert {problem.code for problem in problems} <= {"paper.text.unprintable", "paper.field.missing"}
    else:
        assert papers.write("modello_1", data, on=date(2026, 1, 1)).startswith(b"%PDF")


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_long_words_are_broken_and_never_cut(form_id: str) -> None:
    """A name of 150 letters without a blank, in every free text of every form, stays inside the page."""
    long = "Donaudampfschifffahrtsgesellschaft" * 4 + "Ende"
    sample = longer(papers.sample(form_id), long)
    reader = made(form_id, sample=sample)
    page = squeezed(text_of(reader))
    assert long in page
    for sheet in reader.pages:
        right = float(sheet.mediabox.width)
        seen: list[float] = []

        def note(text: str, _cm: Any, matrix: Any, _font: Any, _size: Any, seen: list[float] = seen) -> None:
            seen += [matrix[4]] if text.strip() else []

        sheet.extract_text(visitor_text=note)
        assert max(seen) < right


def longer(value: Any, long: str) -> Any:
    value = copy.deepcopy(value)
    if isinstance(value, dict):
        free = {"name", "surname", "address", "place", "reason"}
        return {
            key: long if key in free and isinstance(entry, str) else longer(entry, long) for key, entry in value.items()
        }
    return [longer(entry, long) for entry in value] if isinstance(value, list) else value
