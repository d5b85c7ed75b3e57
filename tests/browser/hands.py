"""What a hand does on a page and an eye waits for, so that a slow machine is only slow."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

expect.set_options(timeout=15_000)


def follow(page: Any, target: Any) -> None:
    """Click what loads a page and wait for it: a click alone returns before the server has answered."""
    with page.expect_event("load"):
        target.click()


def seen(target: Any) -> bool:
    """Whether it can be seen, now or soon."""
    expect(target).to_be_visible()
    return True


def unseen(target: Any) -> bool:
    """Whether it is out of sight, now or soon."""
    expect(target).to_be_hidden()
    return True
