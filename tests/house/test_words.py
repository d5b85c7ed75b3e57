"""One word, one meaning: every public domain class stands in docs/glossary.md, in both languages (design, section 2)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re

import pytest

import locanda.core
from tests.conftest import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
WORDS_OF_THE_DESIGN = (
    "Property", "Unit", "Guest", "Party", "Stay", "Duty", "Delivery", "Receipt", "Outage", "Dossier", "Problem",
    "schedina", "ricevuta", "comune", "questura", "Modello 21", "albergo", "locazione_turistica", "PEC", "CIN",
)  # fmt: skip


def rows() -> dict[str, list[str]]:
    """The rows of the glossary by each word in backquotes of their first column."""
    found: dict[str, list[str]] = {}
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 4:
            for word in re.findall(r"`([^`]+)`", cells[0]):
                assert word not in found, f"{word} stands twice in the glossary: one word, one meaning"
                found[word] = cells
    return found


def public_classes(package: str) -> set[str]:
    root = importlib.import_module(package)
    modules = [root] + [
        importlib.import_module(info.name) for info in pkgutil.walk_packages(root.__path__, f"{package}.")
    ]
    found = set()
    for module in modules:
        for name in getattr(module, "__all__", ()):
            item = getattr(module, name)
            if inspect.isclass(item) and not issubclass(item, Exception) and item.__module__.startswith(package):
                found.add(name)
    return found


def test_every_public_class_of_the_core_is_in_the_glossary() -> None:
    classes = public_classes("locanda.core")
    assert {"Guest", "Stay", "Party", "Property", "Problem"} <= classes
    assert classes - set(rows()) == set()


@pytest.mark.parametrize("floor", ["locanda.law", "locanda.places"])
def test_every_public_class_of_the_other_pure_floors_is_in_the_glossary(floor: str) -> None:
    classes = public_classes(floor)
    assert classes
    assert classes - set(rows()) == set()


def test_every_public_class_of_the_archive_is_in_the_glossary() -> None:
    pytest.importorskip("django")
    classes = public_classes("locanda.archive.models")
    assert {"Account", "Stay", "Party", "Delivery", "Receipt"} <= classes
    assert classes - set(rows()) == set()


def test_the_words_of_the_design_are_in_the_glossary() -> None:
    assert set(WORDS_OF_THE_DESIGN) - set(rows()) == set()


def test_property_types_are_in_the_glossary() -> None:
    from locanda.core.stays import PROPERTY_TYPES

    assert set(PROPERTY_TYPES) - set(rows()) == set()


def test_every_row_says_italian_english_and_where_from() -> None:
    assert {word: cells for word, cells in rows().items() if not all(cells[:4])} == {}


def test_core_package_is_the_one_under_test() -> None:
    assert str(ROOT) in str(locanda.core.__file__)
