"""A letter as an ``.eml`` file: one that any mail program opens, and that certified mail (PEC) carries unchanged.

Plain text, attachments in base64 under plain ASCII names, no HTML. The same letter at the same instant gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.time import ROME

__all__ = ["PEC_LIMIT", "Attachment", "Letter", "address_problem", "eml", "file_name"]

PEC_LIMIT = 30_000_000
"""Bytes that every provider of certified mail must carry (D.M. 2/11/2005, technical rules): more may come back."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")


class Attachment(NamedTuple):
    """A file that goes with a letter."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


class Letter(NamedTuple):
    """A letter before it is sent. Without ``to`` the address is not known for sure, and the writer fills it in."""

    subject: str
    text: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    sender: str | None = None
    attachments: tuple[Attachment, ...] = ()


def eml(letter: Letter, *, on: datetime, boundary: str | None = None, draft: bool = True) -> bytes:
    """The bytes of the ``.eml``. A draft opens as a letter to be sent (``X-Unsent``), not as one that came.

    ``boundary`` is made from the content when absent. ValueError when an address is none: ask :func:`address_problem` before.
    """
    for address in _addresses(letter):
        if address_problem(address) is not None:
            raise ValueError(f"not an address: {address!r}")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(on.astimezone(ROME))
    if letter.sender:
        message["From"] = letter.sender
    if letter.to:
        message["To"] = ", ".join(letter.to)
    if letter.cc:
        message["Cc"] = ", ".join(letter.cc)
    if draft:
        message["X-Unsent"] = "1"
    message.set_content(_lines(letter.text), charset="utf-8", cte="quoted-printable")
    for attachment in letter.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub or "octet-stream", filename=file_name(attachment.name)
        )
    if letter.attachments:
        message.set_boundary(boundary or _boundary(letter))
    return message.as_bytes(policy=SMTP)


def address_problem(address: str, where: str = "") -> Problem | None:
    """What is wrong with an address, as a value."""
    if not address.strip():
        return Problem.of("letter.address.missing", where)
    fits = _ADDRESS.fullmatch(address) and ".." not in address and not address.startswith(".") and ".@" not in address
    return None if fits else Problem.of("letter.address.unfit", where, value=address[:80])


def file_name(text: str) -> str:
    """A name that every mail program keeps: letters without accents, digits, dot, hyphen, underscore."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-.")[-120:].strip("-.") or "allegato"


def _addresses(letter: Letter) -> Iterator[str]:
    yield from letter.to
    yield from letter.cc
    if letter.sender:
        yield letter.sender


def _one_line(text: str) -> str:
    """A header has one line, and nobody adds another through a name."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _lines(text: str) -> str:
    kept = "".join(character for character in text if character in "\n\t" or character.isprintable())
    return kept.rstrip() + "\n"


def _boundary(letter: Letter) -> str:
    digest = hashlib.sha256(letter.text.encode("utf-8", "replace"))
    for attachment in letter.attachments:
        digest.update(attachment.content)
    return f"=_locanda_{digest.hexdigest()[:40]}"
