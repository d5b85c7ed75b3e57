"""Cutting secrets out of what is kept: password, web service key and token never leave the client.

Two nets, one behind the other. By place: whatever stands in an element called Password, WsKey or token is cut, even in
an answer that breaks off in the middle. By value: the secrets known to the client are cut wherever they stand, also
inside the text of a fault, however their characters are escaped.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

__all__ = ["CUT", "cut_bytes", "cut_text"]

CUT = "***"

_ELEMENT = re.compile(
    r"(<(?:[\w.-]+:)?(?:Password|WsKey|token)(?:\s[^<>]*)?(?<!/)>)((?:<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<])+)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


def cut_text(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the contents of secret elements and without any of the secrets."""
    text = _ELEMENT.sub(lambda found: found[1] + CUT, text)
    for secret in sorted({secret for secret in secrets if secret}, key=len, reverse=True):
        text = _pattern(secret).sub(CUT, text)
    return text


def cut_bytes(raw: bytes, secrets: Iterable[str] = ()) -> bytes:
    """The same for raw bytes; whatever was not secret stays byte for byte."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark) and len(raw) % 2 == 0:
            text = raw.decode(encoding, "surrogatepass")
            return cut_text(text, secrets).encode(encoding, "surrogatepass")
    # surrogateescape keeps bytes that are not UTF-8 (another encoding, half an answer) as they were
    return cut_text(raw.decode("utf-8", "surrogateescape"), secrets).encode("utf-8", "surrogateescape")


def _pattern(secret: str) -> re.Pattern[str]:
    spelled = "".join(_character(character) for character in secret)
    others = {
        base64.b64encode(secret.encode()).decode(),
        quote(secret, safe=""),
        quote_plus(secret),
    } - {secret}
    return re.compile("|".join([spelled, *map(re.escape, sorted(others, key=len, reverse=True))]))


def _character(character: str) -> str:
    number = ord(character)
    escaped = [re.escape(character), rf"&#0*{number};", rf"&#[xX]0*(?i:{number:x});"]
    if character in _NAMED:
        escaped.append(f"&{_NAMED[character]};")
    return f"(?:{'|'.join(escaped)})"
