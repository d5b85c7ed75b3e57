"""A house open in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from locanda.archive.models import Stay
from tests.browser.hands import follow
from tests.web.scene import PASSWORD, full, scene
from tests.world import World


class House(NamedTuple):
    """A running server, its world and its stays."""

    url: str
    world: World
    stays: dict[str, Stay]


@pytest.fixture
def house(live_server: Any, transactional_db: None) -> Iterator[House]:
    """Every state a party can be in, behind a real server."""
    with scene() as made:
        yield House(live_server.url, made, full(made))


@pytest.fixture
def enter() -> Callable[..., None]:
    """``enter(page, house)``: log in as the owner."""

    def log_in(page: Any, house: House, *, email: str = "oste@example.org", language: str = "it") -> None:
        page.goto(house.url + "/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        follow(page, page.locator("main button.main"))
        page.wait_for_url(house.url + "/")
        if language != "it":
            page.goto(house.url + "/io/")
            page.check(f"input[value={language}]")
            follow(page, page.locator("main form.sheet button.main"))

    return log_in
