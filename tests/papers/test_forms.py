"""Every form in every language: it compiles, says what its sample says, and comes out the same twice (design, section 3).

A new folder in ``locanda.papers`` gets all of this. The golden text of a page stands in ``golden/``; write it anew with
``REWRITE_PAPERS=1`` and read what changed.
"""

from __future__ import annotations

import io
import json
import os
import re
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from locanda import papers
from locanda.papers.showing import plain

DAY = date(2026, 11, 21)
GOLDEN = Path(__file__).parent / "golden"
FOLDER = files("locanda.papers")
EVERY = [(form.id, language) for form in papers.catalogue().values() for language in form.languages]


def made(form_id: str, language: str = "it", sample: Any = None, **options: Any) -> PdfReader:
    data, problems = papers.read(form_id, papers.sample(form_id) if sample is None else sample)
    assert problems == []
    return PdfReader(io.BytesIO(papers.write(form_id, data, language=language, on=DAY, **options)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages).replace("\u200b", "")


def squeezed(text: str) -> str:
    """Without blanks: where a line wraps is the typesetter's business."""
    return re.sub(r"\s+", "", text.replace("\u200b", ""))


def test_there_are_forms() -> None:
    assert {"modello_1", "modello_4", "modello_21"} <= set(papers.catalogue())


@pytest.mark.parametrize(("form_id", "language"), EVERY)
def test_golden_text(form_id: str, language: str) -> None:
    reader = made(form_id, language)
    told = f"{len(reader.pages)} pages\n{text_of(reader)}\n"
    path = GOLDEN / f"{form_id}.{language}.txt"
    if os.environ.get("REWRITE_PAPERS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert squeezed(path.read_text(encoding="utf-8")) == squeezed(told)


@pytest.mark.parametrize(("form_id", "language"), EVERY)
def test_everything_of_the_sample_is_on_paper(form_id: str, language: str) -> None:
    """Whatever text the sample holds can be read on the page: nothing is cut."""
    data, _ = papers.read(form_id, papers.sample(form_id))
    page = squeezed(text_of(made(form_id, language)))
    missing = [text for text in texts_of(data) if squeezed(text) not in page]
    assert missing == []


def texts_of(data: Any) -> list[str]:
    """The free texts of some data: not the keys of closed lists, which are printed as words."""
    found: list[str] = []
    if isinstance(data, tuple):
        for entry in data:
            found += texts_of(entry)
    elif type(data) is str and not re.fullmatch(r"[a-z_0-9]+", data):
        found.append(plain(data))
    return found


@pytest.mark.parametrize(("form_id", "language"), EVERY)
def test_same_bytes_twice_and_another_day_other_bytes(form_id: str, language: str) -> None:
    data, _ = papers.read(form_id, papers.sample(form_id))
    first, second = (papers.write(form_id, data, language=language, on=DAY) for _ in range(2))
    assert first == second
    assert papers.write(form_id, data, language=language, on=date(2026, 11, 22)) != first


@pytest.mark.parametrize(("form_id", "language"), EVERY)
def test_file_says_what_it_is(form_id: str, language: str) -> None:
    form = papers.form(form_id)
    reader = made(form_id, language)
    tongue = "it" if form.layout == "beside" else language
    assert reader.metadata is not None
    assert reader.metadata.title == form.title[tongue]
    assert reader.metadata["/CreationDate"].startswith("D:20261121")
    assert reader.root_object["/Lang"] == tongue
    assert reader.root_object["/MarkInfo"]["/Marked"]
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            name = str(font.get_object()["/BaseFont"])
            assert any(family in name for family in ("Libertinus", "NewCM", "DejaVu")), f"{name} is not of the wheel"


OF_OFFICES = {"closing_days", "price_list", "typing_sheet"}
"""Papers that are no comune's forms."""


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_layout_is_said_to_be_ours_and_who_prints_what(form_id: str) -> None:
    form = papers.form(form_id)
    assert form.status == "own_layout"
    page = squeezed(text_of(made(form_id)))
    whose = "ente ne prescrive una, vale la sua" if form_id in OF_OFFICES else "non è il fac-simile del comune"
    assert squeezed("Impaginazione propria") in page and squeezed(whose) in page
    assert form.law
    for texts in (form.title, form.purpose, form.signs):
        assert texts["it"].strip()
        assert texts is form.title or texts["en"].strip()
    assert set(form.languages) <= set(form.title)
    assert form.kept.it != form.kept.en


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_no_word_is_missing_or_idle(form_id: str) -> None:
    """Every word stands in every language of its form, and is asked for by its template or its code."""
    form = papers.form(form_id)
    entries = tomllib.loads((FOLDER / form_id / "words.toml").read_text(encoding="utf-8"))
    gaps = {key: set(form.languages) - set(entry) for key, entry in entries.items()}
    assert {key: gap for key, gap in gaps.items() if gap} == {}
    facts = {key: {tuple(sorted(re.findall(r"\{(\w+)\}", text))) for text in entry.values()} for key, entry in entries.items()}
    assert {key: found for key, found in facts.items() if len(found) > 1} == {}, "languages name different facts"
    asked = "".join((FOLDER / form_id / name).read_text(encoding="utf-8") for name in ("form.typ", "__init__.py"))
    families = set(re.findall(r'"(\w+_)"', asked)) | set(re.findall(r'"(\w+_)\{', asked))
    idle = [key for key in entries if f'"{key}"' not in asked and not any(key.startswith(family) for family in families)]
    assert idle == []


def test_labels_of_the_house_are_used_and_whole() -> None:
    labels = tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))
    asked = "".join(
        path.read_text(encoding="utf-8") for path in Path(str(FOLDER)).rglob("*") if path.suffix in {".typ", ".py"}
    )
    families = set(re.findall(r'"(\w+_)"', asked))
    idle = [key for key in labels if f'"{key}"' not in asked and not any(key.startswith(family) for family in families)]
    assert idle == []
    assert {key for key, entry in labels.items() if not {"it", "en"} <= set(entry)} == set()


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_a_number_of_one_comune_is_none_elsewhere(form_id: str) -> None:
    form = papers.form(form_id)
    sample = papers.sample(form_id)
    sample["comune"]["name"] = "Tirano"
    page = text_of(made(form_id, sample=sample))
    if form.number:
        assert bool(re.search(rf"{form.number}(?!\d)", page)) == (form.numbered_for == "")
    assert form.numbered("monopoli") == form.number


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_a_draft_bears_its_mark_on_every_page(form_id: str) -> None:
    assert all("BOZZA" in page.extract_text() for page in made(form_id, draft=True).pages)
    assert not any("BOZZA" in page.extract_text() for page in made(form_id).pages)


@pytest.mark.parametrize("form_id", papers.catalogue())
def test_unknown_missing_and_wrong_keys_are_told_together(form_id: str) -> None:
    sample = papers.sample(form_id)
    lost = next(iter(sample))
    required = [problem.where for problem in papers.read(form_id, {})[1]]
    assert required
    spoilt = {key: value for key, value in sample.items() if key != required[0]} | {"invented_key": 1, required[-1]: [[{}]]}
    data, problems = papers.read(form_id, spoilt)
    assert data is None
    wheres = {problem.where.split("[")[0].split(".")[0] for problem in problems}
    assert {"invented_key", required[0], required[-1]} - {""} <= wheres
    for problem in problems:
        assert set(problem.render("it")) == set(problem.render("en"))
    assert lost


@pytest.mark.parametrize("form_id", papers.catalogue())
@pytest.mark.parametrize("value", [None, [], "x", 3, True, {"": {}}, {"\ud800": "\ud800"}])
def test_no_json_raises(form_id: str, value: Any) -> None:
    data, problems = papers.read(form_id, value)
    assert data is None
    assert problems
    json.dumps([problem.render() for problem in problems])


def test_unknown_form_or_language_is_the_callers_mistake() -> None:
    with pytest.raises(papers.UnknownForm, match="modello_1"):
        papers.read("modello_99", {})
    data, _ = papers.read("modello_21", papers.sample("modello_21"))
    with pytest.raises(papers.UnknownForm):
        papers.write("modello_21", data, language="ru", on=DAY)


def test_how_long_a_copy_is_kept() -> None:
    """To 31 December of the fifth year after the one in which the return or the payment was due (L. 296/2006 art. 1 c. 161)."""
    assert papers.kept_until("modello_1", 2027) == date(2032, 12, 31)
