"""The address of the pages: as the operator wrote it, or from the only origin; a wrong one stops the program at its start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from locanda.office.public_address import PublicAddressError, name_of, public_address


@pytest.mark.parametrize(
    ("told", "address", "name"),
    [
        ("https://locanda.example.org", "https://locanda.example.org", "locanda.example.org"),
        (" https://Locanda.example.org:8443/ ", "https://locanda.example.org:8443", "locanda.example.org"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000", "192.168.1.20"),
        ("http://[::1]:8000", "http://[::1]:8000", "[::1]"),
        ("http://[::1]", "http://[::1]", "[::1]"),
    ],
)
def test_an_address_is_scheme_name_and_port(told: str, address: str, name: str) -> None:
    assert public_address(told, []) == address
    assert name_of(address) == name


@pytest.mark.parametrize(
    "told",
    ["locanda.example.org", "ftp://x.example", "https://", "https://x.example/locanda", "https://x.example?a",
     "https://x.example#a", "https://a@x.example", "https://x.example:port", "https://x.example:99999", "https://*.example.org", "https://[half",
     "https://a b"],
)  # fmt: skip
def test_what_is_no_address_is_refused(told: str) -> None:
    with pytest.raises(PublicAddressError, match="LOCANDA_ADDRESS"):
        public_address(told, [])
    assert public_address(None, [told]) == ""  # an origin may say more, and is no place to go then


def test_the_only_origin_is_the_address() -> None:
    assert public_address(None, ["https://locanda.example.org"]) == "https://locanda.example.org"
    assert public_address("", ["https://a.example", "https://b.example"]) == public_address(None, []) == ""
    assert public_address("https://c.example", ["https://a.example"]) == "https://c.example"


def test_the_pages_are_opened_at_their_address(tmp_path: Path) -> None:
    """Mails lead there: nobody has to say the same name three times."""
    script = "from django.conf import settings as s; print(s.LOCANDA_ADDRESS, s.ALLOWED_HOSTS[-1], *s.CSRF_TRUSTED_ORIGINS)"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOCANDA_")}
    told = {"LOCANDA_HOME": str(tmp_path / "home"), "LOCANDA_ADDRESS": "https://locanda.example.org/"}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False,
        env=clean | told | {"DJANGO_SETTINGS_MODULE": "locanda.settings"},
    )  # fmt: skip
    assert ran.stdout.split() == ["https://locanda.example.org", "locanda.example.org", "https://locanda.example.org"], ran.stderr
