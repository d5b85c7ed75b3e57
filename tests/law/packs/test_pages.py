"""What scripts write from the packs is as they would write it today."""

from __future__ import annotations

import pytest

from locanda.law.packs import tree
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


@pytest.mark.parametrize("path", sorted(files()))
def test_bare_files_are_those_of_the_table(path: str) -> None:
    text = (TREE / path).read_text(encoding="utf-8")
    if text.startswith(MARK):
        assert text == files()[path], "run: python scripts/build_bare_territories.py"
