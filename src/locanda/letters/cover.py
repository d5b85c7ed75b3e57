"""The text of a letter to an office: whom it is for, what is asked, what is attached, who asks (in Italian, as offices read)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date

__all__ = ["cover_text"]

_WIDTH = 76


def cover_text(
    *,
    office: str,
    paragraphs: Iterable[str],
    facts: Sequence[tuple[str, str]] = (),
    attached: Sequence[str] = (),
    attached_intro: str = "In allegato:",
    closing: Iterable[str] = ("Distinti saluti",),
    signature: Sequence[str] = (),
    day: date | None = None,
) -> str:
    """Paragraphs wrapped at 76 characters, facts one a line, attachments numbered. Empty parts leave nothing behind."""
    blocks = [f"Spett.le {office}" if office else ""]
    told = list(paragraphs)
    blocks += [_wrapped(text) for text in told[:1]]
    blocks.append("\n".join(_wrapped(f"{label}: {value}", indent="  ") for label, value in facts if value))
    blocks += [_wrapped(text) for text in told[1:]]
    if attached:
        listed = [_wrapped(f"{number}. {text}", indent="   ") for number, text in enumerate(attached, 1)]
        blocks.append("\n".join([_wrapped(attached_intro), *listed]))
    blocks += [_wrapped(text) for text in closing]
    blocks.append("\n".join(line for line in [f"{day:%d/%m/%Y}" if day else "", *signature] if line))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _wrapped(text: str, indent: str = "") -> str:
    # long words are addresses and links: broken ones lead nowhere
    return textwrap.fill(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
