"""Write the pages of docs/ that are made from tables of the source: so far ``docs/developers/record.md``.

    python scripts/build_docs.py          writes them
    python scripts/build_docs.py --check  says whether they are current
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from locanda.core.problems import catalogue
from locanda.portals.alloggiati.check import Strictness
from locanda.portals.alloggiati.faults import FAULTS
from locanda.portals.alloggiati.fields import FIELDS, LENGTH, LENGTH_WITH_APARTMENT, LINES_MAX

ROOT = Path(__file__).resolve().parent.parent
NEED = {
    "always": ("required", "required"),
    "italy": ("if born in Italy", "if born in Italy"),
    "document": ("required", "blank"),
    "apartment": ("file unico only", "file unico only"),
}
EVIDENCE = {"seen": "read in a manual or seen live", "told": "third parties", "ours": "our wording"}
ROOM = "portals/alloggiati"


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    return {ROOT / "docs" / "developers" / "record.md": "\n".join(_record()) + "\n"}


def _record() -> Iterator[str]:
    yield "# The police record, field by field"
    yield ""
    yield "Made by `scripts/build_docs.py` from `fields.py`, `faults.py`, `check.py` and `problems.toml` of `portals/alloggiati`;"
    yield "not to be edited."
    yield ""
    yield f"A line has {LENGTH} characters, {LENGTH_WITH_APARTMENT} with the apartment (field 15). The file is UTF-8, of at most"
    yield f"{LINES_MAX} lines, with CR LF between them and none after the last. Lengths are in characters. `from`–`to` count"
    yield "from 0, ends included; `column` from 1. Text is left-aligned and padded with blanks."
    yield ""
    yield "| # | field | from–to | column | length | 16, 17, 18 | 19, 20 | content | Italian |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for field in FIELDS:
        single, member = NEED[field.need]
        yield (
            f"| {field.number} | `{field.key}` ({field.italian}) | {field.start}–{field.end - 1} | "
            f"{field.start + 1}–{field.end} | {field.length} | {single} | {member} | {field.content_en} | {field.content_it} |"
        )
    yield ""
    yield "Nursing homes (`casa_di_cura`) need not record document data by law, but the record has no type of guest without them:"
    yield "fields 12–14 stay required for 16, 17 and 18."
    yield ""
    yield "## How a row is judged"
    yield ""
    yield "The first failing check is the outcome. `locanda schedine check` and the simulator share these."
    yield ""
    yield "| fault | code | name | detail | field | known from |"
    yield "|---|---|---|---|---|---|"
    for key, fault in FAULTS.items():
        field_name = f"`{fault.field}`" if fault.field else "–"
        yield f"| `{key}` | {fault.code} | {fault.name} | {fault.detail} | {field_name} | {EVIDENCE[fault.evidence]} |"
    yield ""
    yield "## What nobody has verified"
    yield ""
    yield "Each is a switch of `Strictness`, with the assumption made unless told otherwise."
    yield ""
    yield "| switch | assumed | why |"
    yield "|---|---|---|"
    reasons = _reasons()
    for switch in fields(Strictness):
        yield f"| `{switch.name}` | {'refused' if switch.default else 'accepted'} | {reasons[switch.name]} |"
    yield ""
    yield "## Problems and notes"
    yield ""
    yield "| code | in words | what to do |"
    yield "|---|---|---|"
    for code, words in sorted(catalogue().items()):
        if words.room == ROOM and not code.startswith("row."):
            yield f"| `{code}` | {words.en} | {words.hint_en} |".replace("{", "‹").replace("}", "›")


def _reasons() -> dict[str, str]:
    """The sentence under each switch."""
    (definition,) = ast.parse(inspect.getsource(Strictness)).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for statement, after in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and isinstance(after, ast.Expr):
            found[statement.target.id] = " ".join(ast.literal_eval(after.value).replace("``", "`").split())
    return found


def main() -> int:
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: run scripts/build_docs.py")
        return 1 if stale else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
