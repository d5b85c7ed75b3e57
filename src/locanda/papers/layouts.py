"""The comune's own PDF instead of our layout: its form fields filled from the same data.

A comune that publishes a PDF with form fields (AcroForm) is served by two files of the operator: that PDF, and a TOML that says
which field shows what::

    form = "modello_1"
    pdf = "quietanza.pdf"                                  # beside this file
    source = "sito del comune, scaricato il 2026-11-02"

    [fields]
    "Cognome e nome" = "{payer.surname} {payer.name}"
    "Totale" = "{total}"
    "Importo in lettere" = "{more.in_words}"

    [ticks]
    "Contanti" = { path = "method", is = "cash" }

What a field cannot hold (too long, letters its font does not have) is a problem: nothing is cut or replaced. A PDF without
fields is filled in by hand.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, NameObject

from locanda.core.problems import Problem
from locanda.core.readers import record, shown, text
from locanda.papers.forms import catalogue, printed

__all__ = ["Layout", "Tick", "fill", "read_layout"]

_FACT = re.compile(r"\{([^{}]*)\}")
_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")


class Tick(NamedTuple):
    """A box that is ticked where a datum has this value."""

    path: str
    value: str


class Layout(NamedTuple):
    """Which field of the comune's PDF shows what of a form."""

    form: str
    pdf: str
    source: str
    fields: Mapping[str, str]
    ticks: Mapping[str, Tick]


def read_layout(content: str) -> tuple[Layout | None, list[Problem]]:
    """A layout from its TOML, or everything that is wrong with it."""
    found: list[Problem] = []
    try:
        value = tomllib.loads(content)
    except tomllib.TOMLDecodeError as fault:
        return None, [Problem.of("paper.layout.toml", "", fault=shown(fault))]
    read = record(value, "", {"form": text, "pdf": text, "source": text, "fields": _table, "ticks": _table}, found)
    found += [Problem.of("paper.field.missing", key, field=key) for key in ("form", "pdf", "source", "fields") if key not in read]
    if "form" in read and read["form"] not in catalogue():
        found.append(Problem.of("paper.layout.form", "form", value=shown(read["form"]), allowed=", ".join(catalogue())))
    fields: dict[str, str] = {}
    for name, entry in read.get("fields", {}).items():
        told = text(entry, f"fields.{name}", found)
        fields |= {name: told} if told is not None else {}
    ticks: dict[str, Tick] = {}
    for name, entry in read.get("ticks", {}).items():
        tick = record(entry, f"ticks.{name}", {"path": text, "is": text}, found)
        if len(tick) == 2:
            ticks[name] = Tick(tick["path"], tick["is"])
        else:
            found.append(Problem.of("paper.field.missing", f"ticks.{name}", field="path, is"))
    if found:
        return None, found
    return Layout(read["form"], read["pdf"], read["source"], fields, ticks), []


def fill(pdf: bytes, layout: Layout, data: Any, *, language: str = "it") -> tuple[bytes | None, list[Problem]]:
    """The comune's PDF with its fields filled, or all that keeps it from being so."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
        fields = {} if reader.is_encrypted and not reader.decrypt("") else dict(reader.get_fields() or {})
        form = reader.root_object.get("/AcroForm")
        xfa = form is not None and "/XFA" in form.get_object()
    except Exception:  # a broken file breaks its reader in more ways than the reader has names for
        return None, [Problem("paper.layout.broken", "pdf")]
    if not fields or xfa:
        return None, [Problem("paper.layout.no_fields", "pdf")]
    known = printed(layout.form, data, language)
    values, problems = _values(layout, known, fields)
    for name, tick in layout.ticks.items():
        told = _at(known, tick.path)
        if name not in fields:
            problems.append(Problem.of("paper.layout.no_field", f"ticks.{name}", field=name, known=_some(fields)))
        elif told is _NOTHING:
            problems.append(Problem.of("paper.layout.path", f"ticks.{name}", path=tick.path))
        else:
            values[name] = _on(fields[name]) if told == tick.value else "/Off"
    if problems:
        return None, problems
    return _written(reader, values), []


def _values(
    layout: Layout, known: Mapping[str, Any], fields: Mapping[str, Any]
) -> tuple[dict[str, str], list[Problem]]:
    values: dict[str, str] = {}
    found: list[Problem] = []
    for name, template in layout.fields.items():
        where = f"fields.{name}"
        if name not in fields:
            found.append(Problem.of("paper.layout.no_field", where, field=name, known=_some(fields)))
            continue
        paths = _FACT.findall(template)
        lost = [path for path in paths if not isinstance(_at(known, path), str | None)]
        found += [Problem.of("paper.layout.path", where, path=path) for path in lost]
        if lost:
            continue
        told = _FACT.sub(lambda match: _at(known, match.group(1)) or "", template).strip()
        found += _unfit(told, where, fields[name])
        values[name] = told
    return values, found


def _unfit(told: str, where: str, field: Mapping[str, Any]) -> Iterator[Problem]:
    whole = getattr(field, "indirect_reference", None)
    longest = (field if whole is None else whole.get_object()).get("/MaxLen")
    if isinstance(longest, int) and len(told) > longest:
        yield Problem.of("paper.layout.long", where, length=len(told), limit=longest)
    foreign = sorted({letter for letter in told if not _latin(letter)})
    if foreign:
        yield Problem.of("paper.layout.letters", where, letters=" ".join(foreign[:5]))


def _latin(letter: str) -> bool:
    """Whether the standard fonts of a form field draw it (WinAnsi)."""
    try:
        return bool(letter.encode("cp1252"))
    except UnicodeEncodeError:
        return False


_NOTHING = object()


def _at(known: Any, path: str) -> Any:
    """What stands at ``lines[0].amount``; _NOTHING where there is no such place."""
    steps = _STEP.findall(path)
    if not steps or "".join(f".{name}" if name else f"[{index}]" for name, index in steps).removeprefix(".") != path:
        return _NOTHING
    for name, index in steps:
        if name and isinstance(known, Mapping) and name in known:
            known = known[name]
        elif index and isinstance(known, list) and int(index) < len(known):
            known = known[int(index)]
        else:
            return _NOTHING
    return known


def _on(field: Mapping[str, Any]) -> str:
    """The name under which this box is on."""
    states = [str(state) for state in field.get("/_States_", ()) if str(state) != "/Off"]
    return states[0] if states else "/Yes"


def _written(reader: PdfReader, values: dict[str, str]) -> bytes:
    writer = PdfWriter()
    writer.append(reader)
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)  # type: ignore[arg-type,unused-ignore]
    form = writer.root_object["/AcroForm"].get_object()
    form[NameObject("/NeedAppearances")] = BooleanObject(value=False)  # type: ignore[index]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _table(value: Any, where: str, found: list[Problem]) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    found.append(Problem.of("shape.object.expected", where, value=shown(value)))
    return None


def _some(fields: Mapping[str, Any]) -> str:
    names = sorted(fields)
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
