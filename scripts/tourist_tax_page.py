# ruff: noqa: E501 (tables)
"""The page of the tourist taxes, for scripts/build_pack_docs.py: every comune, every version, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from locanda.law.packs import PackInfo, territory

__all__ = ["tourist_tax_page"]

HEAD = (
    "Che cosa si paga nei territori che hanno un file, versione per versione, con le fonti. Un importo _non trovato_ ferma il calcolo: "
    "non vale mai zero.",
    "What is paid in the territories that have a file, version by version, with sources. An amount _not found_ stops the calculation: "
    "it never counts as zero.",
)
COLUMNS = ("territorio", "versione · version", "notti · nights", "importi · amounts", "limite · cap", "esenti · exempt",
           "ridotti · reduced", "non trovato · unknown", "fonti · sources", "stato · status")  # fmt: skip


HOTELS = frozenset(("albergo", "rta", "albergo_diffuso", "condhotel", "villaggio_albergo", "dimora_storica"))


def tourist_tax_page(rows: Sequence[PackInfo], mark: str) -> str:
    lines = ["# Imposta di soggiorno · Tourist tax", "", mark, "", HEAD[0], "", HEAD[1], "",
             "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]  # fmt: skip
    for row in rows:
        section = territory(row.path).tourist_tax if row.read_on else None
        for version in section["versions"] if section else ():
            cells = (f"{row.name}<br>`{row.path}`", *_version(version))
            lines.append("| " + " | ".join((cell or "·").replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _version(keys: Mapping[str, Any]) -> Iterator[str]:
    yield keys["id"]
    first, last = keys.get("valid_from"), keys.get("valid_to")
    months = [f"{span['from']}…{span['to']}" for span in keys.get("periods", ())]
    seasons = [f"{name} {span['from']}…{span['to']}" for name, spans in keys.get("seasons", {}).items() for span in spans]
    days = " ".join(part for part in (f"dal {first}" if first else "", f"al {last}" if last else "") if part)
    yield "<br>".join(part for part in (days, *months, *seasons) if part)
    yield "<br>".join(f"{_when(rate)}: {_amount(rate)}" for rate in keys.get("rates", ()))
    yield "<br>".join(f"{_when(cap)}: {_cap(cap)}" for cap in keys.get("cap", ()))
    treated = keys.get("taxpayer", {}).get("residents", "taxed")
    resident = {"taxed": [], "excluded": ["resident (excluded)"], "exempt": ["resident"]}[treated]
    yield "<br>".join([*resident, *(f"{entry['code']}: {_when(entry)}{_quota(entry)}" for entry in keys.get("exemptions", ()))])
    yield "<br>".join(f"{entry['code']}: {_when(entry)}, {_less(entry)}" for entry in keys.get("reductions", ()))
    yield ", ".join(keys.get("unknown", ()))
    yield "; ".join(keys.get("sources", ()))
    yield str(keys.get("status", "unverified"))


def _when(keys: Mapping[str, Any]) -> str:
    when = keys.get("when") or {"any": True}
    if "any" in when:
        return "_tutti · all_"
    return ", ".join(_condition(key, value) for key, value in when.items())


def _condition(key: str, value: Any) -> str:
    if key == "type":
        return _types(value)
    if value is True:
        return key
    text = _words(value)
    return f"{key} {text}" if not text.startswith(("<", ">")) else f"{key} {text}".replace("<", "&lt;")


def _types(value: Any) -> str:
    """The types, with one word for the many of a hotel."""
    names = value if isinstance(value, list) else [value]
    if not set(names) >= HOTELS:
        return _words(names)
    return _words(["alberghi · hotels", *(name for name in names if name not in HOTELS)])


def _words(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _amount(rate: Mapping[str, Any]) -> str:
    basis = f" (per {rate['price']['per']})" if "price" in rate else ""
    if "fixed" in rate:
        return f"**{rate['fixed']}**"
    if "per_star" in rate:
        return f"**{rate['per_star']}** × stars" + (f" + {rate['plus']}" if "plus" in rate else "")
    if "amounts" in rate:
        return ", ".join(f"{name} **{amount}**" for name, amount in rate["amounts"].items())
    if "brackets" in rate:
        return ", ".join(f"{_top(band)} **{band['amount']}**" for band in rate["brackets"]) + basis
    if "percent" in rate:
        top = f", max {rate['ceiling_per_person']}" if "ceiling_per_person" in rate else ""
        return f"**{rate['percent']} %**{top}{basis}"
    return "_non trovato · not found_"


def _top(band: Mapping[str, Any]) -> str:
    return f"≤ {band['up_to']}" if "up_to" in band else f"&lt; {band['below']}" if "below" in band else "…"


def _cap(cap: Mapping[str, Any]) -> str:
    if cap["window"] == "none":
        return "none"
    return " ".join([f"{cap['nights']} per {cap['window']}", *([cap["scope"]] if "scope" in cap else [])])


def _quota(entry: Mapping[str, Any]) -> str:
    quota = entry.get("quota")
    if quota is None:
        return ""
    if quota["per"] == "participants":
        return f" ({quota.get('max_each', 1)} per {quota.get('every', 1)} participants)"
    return f" ({quota.get('max', 1)} per {quota['per']})"


def _less(entry: Mapping[str, Any]) -> str:
    if "use" in entry:
        return f"`{entry['use']}`"
    return f"{entry['fixed']}" if "fixed" in entry else f"−{entry['percent_off']} %"
