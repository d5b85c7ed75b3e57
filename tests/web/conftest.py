"""Pages seen by Django's own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from locanda.archive.models import Person
from tests.web.scene import scene
from tests.world import World


@pytest.fixture
def here(db: None) -> Iterator[World]:
    cache.clear()
    with scene() as made:
        yield made


@pytest.fixture
def visit(here: World) -> Callable[..., Client]:
    """``visit()``: a client logged in as the owner; ``visit(person)``: as somebody else."""

    def log_in(person: Person | None = None, **more: Any) -> Client:
        client = Client(**more)
        client.force_login(person or here.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in
