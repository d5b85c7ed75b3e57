"""The fixtures themselves: what the other rooms lean on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import absent, shared_dir


def test_home_of_the_tests_is_not_the_operators() -> None:
    home = Path(os.environ["LOCANDA_HOME"])
    assert home.name.startswith("locanda-test-")
    assert home.is_dir()


def test_absent_fails_only_when_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCANDA_REQUIRE", "postgres")
    with pytest.raises(pytest.skip.Exception):
        absent("chromium", "no chromium")
    with pytest.raises(pytest.fail.Exception, match="LOCANDA_REQUIRE"):
        absent("postgres", "no PostgreSQL")


def test_reference_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOCANDA_SHARED", str(tmp_path))
    assert shared_dir() is None
    (tmp_path / "data").mkdir()
    assert shared_dir() == tmp_path


@pytest.mark.browser
def test_axe_finds_a_page_without_language_or_title(phone: Any, axe: Callable[[Any], list[str]]) -> None:
    phone.set_content("<main><h1>Oggi</h1><img src='data:,'></main>")
    found = " ".join(axe(phone))
    assert "html-has-lang" in found
    assert "image-alt" in found


@pytest.mark.browser
def test_axe_is_content_with_a_plain_page(phone: Any, axe: Callable[[Any], list[str]]) -> None:
    phone.set_content("<!doctype html><html lang=it><title>Oggi</title><main><h1>Oggi</h1></main></html>")
    assert axe(phone) == []


@pytest.mark.postgres
def test_postgres_answers(postgres_url: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
