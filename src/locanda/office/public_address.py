"""The address at which people open the pages, for whatever is read elsewhere: mails, calendars. Behind another server a request
does not tell it, and a mail has no request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

__all__ = ["PublicAddressError", "name_of", "public_address"]

_FORM = (
    "LOCANDA_ADDRESS: scrivi solo l'indirizzo delle pagine, come https://locanda.esempio.it, senza percorso / "
    "write the address of the pages alone, such as https://locanda.example.org, without a path"
)
_HOST = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)
"""A name or a number, no pattern: ``*.example.org`` may be trusted, and is no place to go."""


class PublicAddressError(ValueError):
    """LOCANDA_ADDRESS is not an address of pages."""


def public_address(told: str | None, origins: Sequence[str]) -> str:
    """``https://locanda.example.org``, without a slash at its end: as told, else the only origin; empty when nobody said it."""
    if told:
        found = _whole(told)
        if not found:
            raise PublicAddressError(_FORM)
        return found
    return _whole(origins[0]) if len(origins) == 1 else ""


def name_of(address: str) -> str:
    """The name in an address, without its port: ``locanda.example.org``, ``[::1]``."""
    return re.sub(r":[0-9]+$", "", address.partition("//")[2])


def _whole(address: str) -> str:
    """Scheme, name and port; empty for what is no address, or says more than these."""
    try:
        parts = urlsplit(address.strip())
        parts.port  # noqa: B018 - judged when asked for
    except ValueError:
        return ""
    found = f"{parts.scheme}://{parts.netloc.lower()}"
    extra = parts.path.strip("/") or parts.query or parts.fragment
    return found if parts.scheme in ("http", "https") and not extra and _HOST.fullmatch(name_of(found)) else ""
