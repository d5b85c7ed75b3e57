# ruff: noqa: E501 (tables)
"""Write docs/pack-schema.md from the models, and docs/territories/ from the packs.

    python scripts/build_pack_docs.py           write them
    python scripts/build_pack_docs.py --check   fail when a page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from locanda.core.stays import PROPERTY_TYPES
from locanda.law.packs import PackInfo, territory, tree
from locanda.law.packs.checks import CHANNELS, COURTS
from locanda.law.packs.merging import REQUIRED
from locanda.law.packs.reader import NEEDS
from locanda.law.packs.schema import KINDS, TerritoryFile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.territory_page import Sheet  # noqa: E402
from scripts.tourist_tax_page import TaxSheet  # noqa: E402

DOCS = ROOT / "docs"
TEMPLATE = ROOT / "scripts" / "pack-schema.md.in"
MARK = "<!-- Written by scripts/build_pack_docs.py from the territory files: change those, not this page. -->"
OTHERS = "others"
TAX = "tourist_tax"

# schema -----------------------------------------------------------------------------------------------------------------

SECTIONS = {
    "territory": "TerritoryModel", "statistics": "StatisticsModel", "also": "OtherSystemModel",
    **{kind: model.__name__ for kind, model in KINDS.items()},
    "deadline": "DeadlineModel", "transition": "TransitionModel", "counter": "CounterModel", "suspended": "SuspendedModel", "delay": "DelayModel",
    "cure": "CureModel", "revoke_after": "RevocationModel", "words": "WordsModel", "tourist_tax": "TouristTaxModel",
    "version": "VersionModel", "rate": "RateModel", "bracket": "BracketModel", "price": "BasisModel", "cap": "CapModel",
    "exemption": "ExemptionModel", "reduction": "ReductionModel", "quota": "QuotaModel", "paper": "PaperModel", "doubt": "DoubtModel", "saying": "SayingModel", "own": "OwnModel", "when": "WhenModel",
    "span": "SpanModel", "taxpayer": "TaxpayerModel", "rounding": "RoundingModel", "intermediary": "IntermediaryModel",
    "remittance": "RemittanceModel", "declarations": "DeclarationsModel", "municipal": "MunicipalModel", "refusal": "RefusalModel",
}  # fmt: skip
HEADS = {
    "territory": "`[territory]`, first in every file", "statistics": "`[statistics]`, at most one", "also": "`also` of the statistics, a list",
    **{kind: f"`[[{kind}]]`" for kind in KINDS}, "deadline": "`deadline` and `until`", "transition": "`transition` of a deadline",
    "counter": "`counter` of an obligation", "suspended": "`suspended` of a sanction, a list", "delay": "`delay` of a sanction", "cure": "`cure` of a sanction",
    "revoke_after": "`revoke_after` of a sanction", "words": "A pair of sentences", "tourist_tax": "`[tourist_tax]`, at most one",
    "version": "`[[tourist_tax.versions]]`", "rate": "`[[tourist_tax.versions.rates]]`", "bracket": "`brackets` of a rate, a list",
    "price": "`price` of a rate", "cap": "`[[tourist_tax.versions.cap]]`", "exemption": "`[[tourist_tax.versions.exemptions]]`",
    "reduction": "`[[tourist_tax.versions.reductions]]`", "quota": "`quota` of an exemption or reduction",
    "paper": "`document` of an exemption or reduction", "when": "`when` of rates, caps, exemptions, reductions and doubts",
    "doubt": "`[[tourist_tax.versions.doubts]]`", "saying": "`why` of a rate", "own": "`own` of a version, a list",
    "span": "`periods` and `seasons`, lists of spans", "taxpayer": "`taxpayer` of a version", "rounding": "`rounding` of a version",
    "intermediary": "`intermediary` of a version", "remittance": "`[tourist_tax.remittance]`",
    "declarations": "`[tourist_tax.declarations]`", "municipal": "`[[tourist_tax.declarations.municipal]]`",
    "refusal": "`[tourist_tax.declarations.refusal]`",
}  # fmt: skip
PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "id", r"^\d+(\.\d+)?$": "amount `\"250.00\"`", r"^P(\d+[YMD]|T\d+H)$": "duration `\"PT24H\"`",
    r"^(\d{6}|\d{0,5}\*)$": "ISTAT code or `\"014*\"`", r"^(\d{2}|\d{3}|\d{6})$": "digits", r"^(\d{3}|\d{6})$": "digits",
    r"^[A-Z]\d{3}$": "`\"F376\"`", r"^IT(-\w{2})?$": "`\"IT-75\"`", r"^[A-Z]{2}$": "`\"BA\"`",
}  # fmt: skip
SHARED = ("id", "status", "sources", "valid_from", "valid_to", "read_on", "notes", "off")


def schema_page() -> str:
    models = TerritoryFile.model_json_schema()["$defs"]
    parts = {
        "TABLES": "\n".join(_section(name, models[model]) for name, model in SECTIONS.items()),
        "SHARED": _table(models["ParameterModel"], SHARED, "parameter"),
        "KINDS": "\n".join(f"| `{kind}` | {', '.join(f'`{key}`' for key in keys) or '-'} |" for kind, keys in NEEDS.items()),
        "TYPES": ", ".join(f"`{name}`" for name in PROPERTY_TYPES),
        "CHANNELS": ", ".join(f"`{name}`" for name in sorted(CHANNELS)),
        "COURTS": ", ".join(f"`{name}`" for name in sorted(COURTS)),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in parts.items():
        text = text.replace(f"@@{name}@@", value.rstrip("\n"))
    return text


def _section(name: str, model: Mapping[str, Any]) -> str:
    keys = [key for key in model["properties"] if name not in KINDS or key not in SHARED]
    return f"\n### {HEADS[name]}\n\n{_table(model, keys, name)}"


def _table(model: Mapping[str, Any], keys: Sequence[str], kind: str) -> str:
    needed = {*model.get("required", ()), *REQUIRED.get(kind, ())} | ({"id", "valid_from"} if kind in KINDS else set())
    rows = ["| key | value | must | meaning |", "|---|---|---|---|"]
    for key in keys:
        field = model["properties"][key]
        must = "yes" if key in needed else ""
        rows.append(f"| `{key}` | {_type(field)} | {must} | {field.get('description', '').replace('|', '/')} |")
    return "\n".join(rows) + "\n"


def _type(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(option) for option in field["anyOf"] if option.get("type") != "null"))
    if "$ref" in field:
        name = next(name for name, model in SECTIONS.items() if field["$ref"].endswith(f"/{model}"))
        return f"table: {HEADS[name].split(',')[0].split(' of ')[0]}"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    match field.get("type"):
        case "array":
            return f"list of {_type(field['items'])}"
        case "object":
            inner = field.get("additionalProperties") or next(iter(field["patternProperties"].values()))
            return "table of amounts" if inner.get("type") == "string" else "table of lists"
        case "integer":
            return "whole number"
        case "boolean":
            return "true or false"
    if field.get("format") == "date":
        return "day"
    return PATTERNS.get(field.get("pattern", ""), "text")


# territories ------------------------------------------------------------------------------------------------------------


def territory_pages() -> dict[str, str]:
    """An Italian page for each territory written by hand, and its English twin; one of each for all others and for the tourist tax."""
    rows = tree()
    own = [row for row in rows if _has_page(row)]
    rest = [row for row in rows if row not in own]
    pages = {}
    for language, ending in (("it", ".md"), ("en", ".en.md")):
        sheet = Sheet(language, MARK)
        pages |= {f"{_slug(row)}{ending}": sheet.page(territory(row.path), row, _slug(row)) for row in own}
        pages[f"{OTHERS}{ending}"] = sheet.others(rest, OTHERS)
        pages[f"{TAX}{ending}"] = TaxSheet(language, MARK).page(rows, TAX)
    return pages


def _has_page(row: PackInfo) -> bool:
    """Written by hand, with duties, sanctions or offices of its own."""
    if row.read_on is None or not {"obligation", "sanction", "contact"} & dict(row.items).keys():
        return False
    file = ROOT / "src" / "locanda" / "territories" / territory(row.path).file
    return not file.read_text(encoding="utf-8").startswith("# Bare")


def _slug(row: PackInfo) -> str:
    return row.path.rsplit("/", 1)[-1]


def pages() -> dict[str, str]:
    """Every page by its path below docs."""
    return {"pack-schema.md": schema_page(), **{f"territories/{name}": text for name, text in territory_pages().items()}}


def main(arguments: list[str]) -> int:
    stale = []
    for name, text in pages().items():
        path = DOCS / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print(f"{len(pages())} pages, {len(stale)} {'differ' if '--check' in arguments else 'written'}: {', '.join(stale)}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
