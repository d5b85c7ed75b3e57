"""What scripts write from the packs is as they would write it today."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from locanda.law.packs import schema, tree
from locanda.law.tourist_tax import schema as tax_schema
from scripts import pack_words
from scripts.build_bare_territories import MARK, TREE, files
from scripts.build_pack_docs import DOCS, pages


def test_the_pages_are_those_of_the_models_and_packs() -> None:
    stale = [name for name, text in pages().items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run: python scripts/build_pack_docs.py"
    assert {path.name for path in (DOCS / "territories").glob("*.md")} == {name.split("/")[-1] for name in pages() if "/" in name}


def test_every_pack_is_on_a_page() -> None:
    text = "\n".join(pages().values())
    assert [row.path for row in tree() if f"`{row.path}" not in text] == []


def test_every_key_of_the_models_is_explained() -> None:
    page = pages()["pack-schema.md"]
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    assert [row[1] for row in rows if len(row) == 6 and not row[4].strip()] == []


def test_every_id_that_people_read_has_words() -> None:
    events, triggers = (set(get_args(kind)) for kind in (schema.Event, schema.Trigger))
    assert (set(pack_words.EVENTS), set(pack_words.TRIGGERS)) == (events, triggers)
    for table in (pack_words.EVENTS, pack_words.TRIGGERS, pack_words.GROUPS, pack_words.UNITS, pack_words.STATUS):
        assert all(italian != english for italian, english in table.values())


def test_each_page_is_in_one_language_and_names_its_twin() -> None:
    told = {name: text for name, text in pages().items() if name.startswith("territories/")}
    italian = {name.removesuffix(".md") for name in told if not name.endswith(".en.md")}
    assert italian == {name.removesuffix(".en.md") for name in told if name.endswith(".en.md")}
    for name, text in told.items():
        is_italian = name.removesuffix(".md") in italian
        assert f"({name.split('/')[1].split('.')[0]}{'.en.md' if is_italian else '.md'})" in text
        mine, other = ("## Adempimenti", "## Duties") if is_italian else ("## Duties", "## Adempimenti")
        assert (mine in text or any(few in name for few in ("tirano", "bari", "tourist_tax"))) and other not in text
        assert not re.search(r"\b(at_event|after_period|standing\(|stay_long|lets_over)", text)
    assert "sempre, da: avvio dell'attività" in told["territories/it.md"]
    assert "always, from the start of activity" in told["territories/it.en.md"]
    assert "| LO-STAT-01 | Comunicazione mensile dei flussi turistici | " in told["territories/sondrio.md"]


def test_the_tourist_tax_is_told_in_words_of_the_language_of_the_page() -> None:
    told = {name: text for name, text in pages().items() if "tourist_tax" in name}
    assert sorted(told) == ["territories/tourist_tax.en.md", "territories/tourist_tax.md"]
    for text in told.values():
        assert not re.search(r" · [a-z]|calendar_year|per_declared|child_order|with_parents|\bstatus |locazione_turistica", text)
    rows = [next(line for line in text.splitlines() if "`it/puglia/bari/monopoli` | 2026" in line) for text in told.values()]
    italian, english = sorted(rows, key=lambda row: "nights" in row)
    assert "≥ 4: **4.00**<br>_tutti_: **2.00** | al massimo 14 notti in un anno nel comune | minore (età &lt; 12)" in italian
    assert "≥ 4: **4.00**<br>_everybody_: **2.00** | at most 14 nights in a year in the comune | child (age &lt; 12)" in english


def test_every_word_of_the_tourist_tax_has_words() -> None:
    facts = {name.split(".")[0] for name in pack_words.TAX_FACTS}
    told_apart = {"any", "type", "status", "group", "season", "months", "price_basis"}
    assert facts | told_apart == set(tax_schema.WhenModel.model_fields)
    per = tax_schema.BasisModel.model_fields["per"].annotation
    assert set(pack_words.TAX_PRICE) == set(get_args(per))


@pytest.mark.parametrize("path", sorted(files()))
def test_bare_files_are_those_of_the_table(path: str) -> None:
    text = (TREE / path).read_text(encoding="utf-8")
    if text.startswith(MARK):
        assert text == files()[path], "run: python scripts/build_bare_territories.py"
