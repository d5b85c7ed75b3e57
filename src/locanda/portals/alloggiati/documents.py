"""The document types of the police portal (spec alloggiati-web appendix A). Pure: built in, or read from the portal's table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Documents", "builtin", "from_table"]


class Documents:
    """Codes of five characters with their official descriptions."""

    __slots__ = ("source", "types", "usual")

    def __init__(self, types: Mapping[str, str], *, source: str, usual: tuple[str, ...] = ()) -> None:
        self.types: Mapping[str, str] = MappingProxyType(dict(types))
        self.source = source
        self.usual = tuple(code for code in usual if code in self.types)

    def __contains__(self, code: object) -> bool:
        return code in self.types

    def __len__(self) -> int:
        return len(self.types)

    def description(self, code: str) -> str | None:
        """What the portal calls it, or None for a code it does not have."""
        return self.types.get(code)


@cache
def builtin() -> Documents:
    """The table that comes with the house."""
    data = tomllib.loads(files(__package__).joinpath("documents.toml").read_text(encoding="utf-8"))
    return Documents(data["types"], source="builtin", usual=tuple(data["usual"]))


def from_table(text: str, *, source: str) -> Documents:
    """The portal's table: two columns with a header, separated by ``,`` (download page) or ``;`` (``Tabella``). No quoting."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines:
        raise ValueError("the table of documents is empty")
    separator = ";" if ";" in lines[0] else ","
    if not lines[0].lower().startswith(f"codice{separator}"):
        raise ValueError("the table of documents has no header Codice, Descrizione")
    rows = (line.split(separator, 1) for line in lines[1:] if line.strip())
    types = {code.strip(): rest[0].strip() if rest else "" for code, *rest in rows}
    return Documents(types, source=source, usual=builtin().usual)
