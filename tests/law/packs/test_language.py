"""No English on Italian pages: what an operator reads of a pack is in their language, law and article included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from locanda.law.packs import chain, territory, tree
from locanda.law.sanctions import accessories, calculate

ENGLISH = re.compile(
    r"\b(?:and|or|of|the|as|by|is|was|not|only|since|until|from|before|when|where|text|notice|advice|office|practice|regulations?"
    r"|instructions|circular|laws?|civil code|changed|amended|replaced|sentence|section|ministry|expected|contact list"
    r"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|January|February|March|April|June|July|August|September|October|November"
    r"|December)\b"
)
ITALIAN = re.compile(
    r"\b(?:e|o|del|della|dal|dalla|come|testo|avviso|consiglio|ufficio|prassi|regolamento|istruzioni|circolare|leggi"
    r"|codice civile|modificat[oai]|sostituito|periodo|parte|ministero|nostra|fino)\b",
)
BOTH = re.compile(r"Mod\. 21 e|lett\. [a-z]\b|Diritto e Giustizia|Gazzetta del Mezzogiorno|Gazzetta della Spezia")


def items() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for row in tree():
        if row.read_on:
            for change in territory(row.path).changes:
                yield row.path, change.id, change.keys


def bases() -> Iterator[tuple[str, str, str]]:
    for path, ident, keys in items():
        basis = keys.get("basis")
        if basis is not None:
            pair = (basis, basis) if isinstance(basis, str) else (basis["it"], basis["en"])
            yield f"{path} {ident}", *pair


def english(texts: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{where}: {text}" for where, text in texts if ENGLISH.search(text)]


def test_no_basis_is_english_in_italian_nor_italian_in_english() -> None:
    found = list(bases())
    assert len(found) > 130
    assert english((where, italian) for where, italian, _ in found) == []
    assert [f"{where}: {text}" for where, _, text in found if ITALIAN.search(BOTH.sub("", text))] == []


def test_no_source_is_named_in_english() -> None:
    told = [(f"{path} {ident}", source) for path, ident, keys in items() for source in keys.get("sources", ())]
    told += [(row.path, text.it) for row in tree() if row.read_on for text in territory(row.path).sources.values()]
    told += [
        (row.path, source)
        for row in tree() if row.read_on
        for source in (territory(row.path).statistics or {}).get("sources", ())
    ]  # fmt: skip
    assert len(told) > 400
    # the name of a section of our own references, and titles that exist only in English, are what they are
    assert english((where, text) for where, text in told if not re.match(r"(flows|taxes): ", text)) == []


def test_documents_are_cited_in_english_on_english_pages_and_offices_explained() -> None:
    cited = [(name, text.en) for row in tree() if row.read_on for name, text in territory(row.path).sources.items()]
    assert len(cited) > 50
    assert [f"{name}: {text}" for name, text in cited if ITALIAN.search(BOTH.sub("", text))] == []
    named = [(ident, keys) for _, ident, keys in items() if "name" in keys and "duties" in keys]
    assert len(named) > 15 and [ident for ident, keys in named if not keys.get("gloss") or ITALIAN.search(keys["gloss"])] == []
    rules = chain("072030")
    assert rules.source("000:7") == "Welcomeasy, articolo sui guasti di SPOT Puglia, fine 2021, 7"
    assert rules.source("000:7", "en") == "Welcomeasy, article on the outages of SPOT in Puglia, late 2021, 7"


@pytest.mark.parametrize("comune", ["072030", "110009", "014061", "014066", "090064", "015146"])
def test_articles_of_a_penalty_follow_the_language(comune: str) -> None:
    rules, on = chain(comune), date(2026, 7, 1)
    for sanction in rules.sanctions(on):
        penalty = calculate(sanction, on=on, earlier=2, also=accessories(rules, sanction, on))
        assert english((sanction.id, article.said("it")) for article in penalty.articles) == []
        assert sanction.basis.said("en") in [article.said("en") for article in penalty.articles]
