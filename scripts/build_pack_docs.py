# ruff: noqa: E501 (tables)
"""Write docs/pack-schema.md from the models, and docs/territories/ from the packs.

    python scripts/build_pack_docs.py           write them
    python scripts/build_pack_docs.py --check   fail when a page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from locanda.core.stays import PROPERTY_TYPES
from locanda.law.packs import Pack, PackInfo, territory, tree
from locanda.law.packs.checks import CHANNELS, COURTS
from locanda.law.packs.merging import REQUIRED, Amendment
from locanda.law.packs.reader import NEEDS
from locanda.law.packs.schema import KINDS, TerritoryFile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.tourist_tax_page import tourist_tax_page  # noqa: E402

DOCS = ROOT / "docs"
TEMPLATE = ROOT / "scripts" / "pack-schema.md.in"
MARK = "<!-- Written by scripts/build_pack_docs.py from the territory files: change those, not this page. -->"
OTHERS = "others"

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
    rows = tree()
    own = [row for row in rows if _has_page(row)]
    pages = {f"{_slug(row)}.md": _page(territory(row.path), row) for row in own}
    pages[f"{OTHERS}.md"] = _others([row for row in rows if row not in own])
    pages["tourist_tax.md"] = tourist_tax_page(rows, MARK)
    return pages


def _has_page(row: PackInfo) -> bool:
    """Written by hand, with duties, sanctions or offices of its own."""
    if row.read_on is None or not {"obligation", "sanction", "contact"} & dict(row.items).keys():
        return False
    file = ROOT / "src" / "locanda" / "territories" / territory(row.path).file
    return not file.read_text(encoding="utf-8").startswith("# Bare")


def _slug(row: PackInfo) -> str:
    return row.path.rsplit("/", 1)[-1]


def _page(pack: Pack, row: PackInfo) -> str:
    head = pack.territory
    codes = [f"ISTAT {head.istat}" if head.istat else "", f"Belfiore {head.belfiore}" if head.belfiore else "", head.iso or ""]
    lines = [
        f"# {head.name}", "", MARK, "",
        f"`{pack.file}` · {', '.join(code for code in codes if code)} · read on {head.read_on} · "
        + ", ".join(f"{count} {status}" for status, count in row.statuses),
    ]  # fmt: skip
    if head.remarks:
        lines += ["", head.remarks["it"], "", head.remarks["en"]]
    if pack.sources:
        lines += ["", "## Fonti · Sources", "", "| | |", "|---|---|", *(f"| {key} | {_cell(text)} |" for key, text in pack.sources.items())]
    if pack.statistics:
        lines += ["", "## Statistica · Statistics", "", *_statistics(pack.statistics)]
    for kind, title, columns in SHEETS:
        changes = pack.of(kind)
        if changes:
            lines += ["", f"## {title}", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
            lines += ["| " + " | ".join(_cell(text) for text in CELLS[kind](change)) + " |" for change in changes]
    return "\n".join(lines) + "\n"


SHEETS = (
    ("obligation", "Adempimenti · Duties", ("id", "dovere · duty", "chi · who", "quando · when", "via · channel", "sanzioni",
                                            "base", "fonti · sources", "stato · status")),
    ("sanction", "Sanzioni · Sanctions", ("id", "violazione · breach", "quanto · how much", "recidiva", "chi la applica",
                                          "base", "fonti", "stato")),
    ("contact", "Uffici · Offices", ("id", "nome", "comuni", "PEC", "altro · other", "adempimenti", "fonti", "stato")),
    ("parameter", "Numeri · Numbers", ("id", "che cosa · what", "valore · value", "da · from", "fonti", "stato")),
    ("portal", "Portali · Portals", ("id", "nome", "indirizzo", "accesso · login", "fonti", "stato")),
    ("document", "Documenti · Papers", ("id", "caso · case", "documento · paper", "quando", "fonti", "stato")),
    ("instruction", "Istruzioni · Instructions", ("id", "titolo", "passi · steps", "adempimenti", "fonti", "stato")),
    ("keep", "Conservazione · Keeping", ("id", "dati · data", "fino a · until", "poi · then", "base", "stato")),
    ("note", "Che cosa non è certo · What is not certain", ("id", "che cosa dicono e che cosa vale", "what they say and what holds", "scelta · choice",
                                                "fonti", "stato")),
)  # fmt: skip


def _cell(text: Any) -> str:
    return str(text if text not in (None, "", []) else "·").replace("|", "\\|").replace("\n", " ")


def _pair(keys: Mapping[str, Any], *, also: str | None = "remarks") -> str:
    text = " · ".join(keys[name] for name in ("it", "en") if name in keys)
    more = keys.get(also or "")
    return f"{text}<br>_{more['it']} · {more['en']}_" if more else text


def _basis(value: str | Mapping[str, str] | None) -> str | None:
    return _words(value) if isinstance(value, Mapping) else value


def _words(value: Mapping[str, str] | None) -> str:
    return f"{value['it']} · {value['en']}" if value else ""


def _list(values: Any) -> str:
    return ", ".join(values or ())


def _days(change: Amendment) -> str:
    first, last = change.valid_from, change.valid_to
    return " ".join(part for part in (f"dal {first}" if first else "", f"al {last}" if last else "") if part)


def _state(change: Amendment) -> str:
    return "off" if change.off else " ".join(part for part in (change.keys.get("status", ""), _days(change)) if part)


def _deadline(rule: Mapping[str, Any]) -> str:
    named = {key: value for key, value in rule.items() if key not in ("kind", "event", "duration", "transition")}
    inner = [str(rule[key]) for key in ("event", "duration") if key in rule] + [f"{key}={value}" for key, value in named.items()]
    late = rule.get("transition")
    return f"`{rule['kind']}({', '.join(inner)})`" + (f" (≤ {late['until']}: {late['due']})" if late else "")


def _when(keys: Mapping[str, Any]) -> str:
    rules = keys.get("deadline", [])
    found = [_deadline(rule) for rule in ([rules] if isinstance(rules, dict) else rules)]
    if "counter" in keys:
        found.append(f"{keys['counter']['what']} ≥ {keys['counter']['at_least']} / {keys['counter']['period']}")
    if "set_by" in keys:
        found.append(f"{keys['set_by']}")
    if keys.get("informative"):
        found.append("niente da fare · nothing to do")
    if "trigger" in keys:
        found.append(f"if {keys['trigger']}")
    return "<br>".join(found)


def _who(keys: Mapping[str, Any]) -> str:
    parts = [_list(keys.get("applies"))]
    parts += [f"advised: {_list(keys['advised'])}"] if keys.get("advised") else []
    parts += [f"not: {_list(keys['unless'])}"] if keys.get("unless") else []
    return "<br>".join(part for part in (*parts, _words(keys.get("bound"))) if part)


def _sources(keys: Mapping[str, Any]) -> str:
    return "; ".join(keys.get("sources", ())) + (f" ({_list(keys['notes'])})" if keys.get("notes") else "")


def _amount(keys: Mapping[str, Any]) -> str:
    if "min" not in keys:
        return "importo non trovato · not found" if keys.get("nature") == "administrative" else ""
    unit = "%" if keys["nature"] == "tax_percent" else "€"
    text = f"{keys['min']}-{keys['max']} {unit} / {keys['unit']}"
    if "company_min" in keys:
        text += f"<br>imprese {keys['company_min']}-{keys['company_max']} €"
    if "delay" in keys:
        text += f"<br>ritardo {keys['delay']['from']}-{keys['delay'].get('to', '…')} g"
    if "late_days" in keys:
        text += f"<br>{keys['late_percent']} % ≤ {keys['late_days']} g"
    if "arrest_max_months" in keys:
        text += f"<br>o arresto ≤ {keys['arrest_max_months']} mesi"
    for pause in keys.get("suspended", ()):
        text += f"<br>sospesa dal {pause['from']} al {pause['to']} ({'; '.join(pause['sources'])})"
    return text


def _repeat(keys: Mapping[str, Any]) -> str:
    found = [f"×{keys['repeat_factor']}"] if keys.get("repeat_factor", 1) > 1 else []
    found += [f"sospensione ≤ {keys['suspension_max_months']} mesi"] if "suspension_max_months" in keys else []
    revoke = keys.get("revoke_after")
    found += [f"revoca dopo {revoke['suspensions']} in {revoke['months']} mesi"] if revoke else []
    return "; ".join([*found, *([keys["repeat_rule"]] if "repeat_rule" in keys else [])])


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _reached(keys: Mapping[str, Any]) -> str:
    found = [keys[key] for key in ("mail", "phone", "fax", "address", "url") if key in keys]
    return "<br>".join([*found, *(_words(keys[key]) for key in ("hours", "subject", "remarks") if key in keys)])


CELLS: dict[str, Any] = {
    "obligation": lambda change: (
        change.id, _pair(change.keys), _who(change.keys), _when(change.keys), change.keys.get("channel"),
        _list(change.keys.get("sanctions")), _basis(change.keys.get("basis")), _sources(change.keys), _state(change),
    ),
    "sanction": lambda change: (
        change.id, _pair(change.keys), _amount(change.keys), _repeat(change.keys), change.keys.get("authority"),
        _basis(change.keys.get("basis")), _sources(change.keys), _state(change),
    ),
    "contact": lambda change: (
        change.id, change.keys.get("name"), _list(change.keys.get("comuni")), change.keys.get("pec"), _reached(change.keys),
        _list(change.keys.get("duties")), _sources(change.keys), _state(change),
    ),
    "parameter": lambda change: (
        change.id, _pair(change.keys), _value(change.keys.get("value")), _days(change), _sources(change.keys),
        change.keys.get("status"),
    ),
    "portal": lambda change: (
        change.id, change.keys.get("name"), change.keys.get("url"), _words(change.keys.get("login")), _sources(change.keys),
        _state(change),
    ),
    "document": lambda change: (
        change.id, change.keys.get("case"), _pair(change.keys), _words(change.keys.get("condition")), _sources(change.keys),
        _state(change),
    ),
    "instruction": lambda change: (
        change.id, _pair(change.keys), "<br>".join(_words(step) for step in change.keys.get("steps", ())),
        _list(change.keys.get("duties")), _sources(change.keys), _state(change),
    ),
    "keep": lambda change: (
        change.id, _pair(change.keys), _deadline(change.keys["until"]), _words(change.keys["then"]), _basis(change.keys["basis"]),
        change.keys["status"],
    ),
    "note": lambda change: (
        change.id, change.keys["it"], change.keys["en"], _words(change.keys["choice"]), _sources(change.keys), _state(change),
    ),
}  # fmt: skip


def _statistics(entry: Mapping[str, Any]) -> list[str]:
    systems = [entry, *entry.get("also", ())]
    formats = [system["format"] for system in systems]
    modes = list(dict.fromkeys(mode for system in systems for mode in system["mode"]))
    return [
        "| portale | modi · modes | formato | ritmo · cadence | termine · term | certezza | stato |", "|---|---|---|---|---|---|---|",
        f"| {entry['portal']} | {_list(modes)} | {_list(formats)} | {entry['cadence']} | "
        f"{_words(entry['deadline'])} | {entry['confidence']} | {entry['status']} |",
    ]  # fmt: skip


def _others(rows: Sequence[PackInfo]) -> str:
    lines = [
        "# Gli altri territori · The other territories", "", MARK, "",
        "Di questi si conosce poco: il portale della statistica, una festa, oppure solo il nome. Ogni riga dice di quanto fidarsi.",
        "", "Little is known of these: the statistics portal, a feast, or only the name. Each line says how far to trust it.", "",
        "## Statistica · Statistics", "",
        "| territorio | portale | modi · modes | ritmo · cadence | termine · term | certezza | stato |", "|---|---|---|---|---|---|---|",
        *_flow_rows(rows), "", "## Adempimenti propri · Duties of their own", "",
        "| territorio | id | dovere · duty | chi · who | quando · when | via · channel | base | fonti · sources | stato |",
        "|---|---|---|---|---|---|---|---|---|", *_duty_rows(rows), "", "## Tutti · All", "",
        "| file | nome | ISTAT | voci · items |", "|---|---|---|---|",
        *(f"| `{row.path}` | {row.name} | {row.istat or '·'} | {_tally(row)} |" for row in rows),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _tally(row: PackInfo) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in row.items) or "·"


def _flow_rows(rows: Sequence[PackInfo]) -> Iterator[str]:
    for row in rows:
        entry = territory(row.path).statistics if row.read_on else None
        if entry:
            yield f"| {row.name} " + _statistics(entry)[-1]


def _duty_rows(rows: Sequence[PackInfo]) -> Iterator[str]:
    for row in rows:
        for change in territory(row.path).of("obligation") if row.read_on else ():
            cells = CELLS["obligation"](change)
            yield "| " + " | ".join(_cell(text) for text in (row.name, *cells[:5], *cells[6:])) + " |"


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
