# ruff: noqa: E501 (tables)
"""The tourist taxes as a page for people, in one language, for scripts/build_pack_docs.py: every comune, every version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from locanda.law.packs import PackInfo, territory
from locanda.law.tourist_tax.words import named, say, who
from scripts import pack_words as words
from scripts.territory_page import cell

__all__ = ["TaxSheet"]

TITLE = ("Imposta di soggiorno", "Tourist tax")
HEAD = (
    "Che cosa si paga, per persona e notte, nei territori che hanno un file: una riga per ogni versione della regola, con le fonti. "
    "Delle tariffe vale la prima riga che va bene. Un importo _non trovato_ ferma il calcolo: non vale mai zero.",
    "What is paid, per person and night, in the territories that have a file: one row for each version of the rule, with its sources. "
    "Of the rates the first that fits holds. An amount _not found_ stops the calculation: it never counts as zero.",
)
COLUMNS = (
    ("territorio", "versione", "notti", "tariffe in euro", "limite", "esenti", "ridotti", "non trovato o in dubbio", "fonti",
     "quanto è certo"),
    ("territory", "version", "nights", "rates in euro", "limit", "exempt", "reduced", "not found or in doubt", "sources", "how certain"),
)  # fmt: skip
HOTELS = frozenset(("albergo", "rta", "albergo_diffuso", "condhotel", "villaggio_albergo", "dimora_storica"))


class TaxSheet:
    """Writes the page in one language."""

    def __init__(self, language: str, mark: str) -> None:
        self.language, self.mark, self.at = language, mark, words.INDEX[language]
        self.types = words.catalogue(language, "property_type")

    def page(self, rows: Sequence[PackInfo], slug: str) -> str:
        columns = COLUMNS[self.at]
        twin = f"[Italiano]({slug}.md)" if self.at else f"[English]({slug}.en.md)"
        lines = [f"# {TITLE[self.at]}", "", self.mark, "", twin, "", HEAD[self.at], "",
                 "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]  # fmt: skip
        for row in rows:
            section = territory(row.path).tourist_tax if row.read_on else None
            for version in section["versions"] if section else ():
                cells = (f"{row.name}<br>`{row.path}`", *self._version(version))
                lines.append("| " + " | ".join(map(cell, cells)) + " |")
        return "\n".join(lines) + "\n"

    def say(self, italian: str, english: str) -> str:
        return english if self.at else italian

    # cells ------------------------------------------------------------------------------------------------------------

    def _version(self, keys: Mapping[str, Any]) -> Iterator[str]:
        yield keys["id"]
        first, last = keys.get("valid_from"), keys.get("valid_to")
        ends = ((self.say("dal", "from"), first), (self.say("al", "to"), last))
        spans = [self._span(span) for span in keys.get("periods", ())]
        spans += [f"{self._named(name)}: {self._span(span)}" for name, own in keys.get("seasons", {}).items() for span in own]
        yield "<br>".join([*filter(None, [" ".join(f"{word} {day}" for word, day in ends if day)]), *spans])
        yield "<br>".join(f"{self._when(rate)}: {self._amount(rate)}" for rate in keys.get("rates", ()))
        yield "<br>".join(self._cap(cap) for cap in keys.get("cap", ()))
        yield "<br>".join([*self._residents(keys), *(self._relief(entry) for entry in keys.get("exemptions", ()))])
        yield "<br>".join(f"{self._relief(entry)}: {self._less(entry)}" for entry in keys.get("reductions", ()))
        missing = [words.TAX_UNKNOWN[name][self.at] for name in keys.get("unknown", ())]
        yield "<br>".join([*missing, *(doubt[self.language] for doubt in keys.get("doubts", ()))])
        yield "; ".join(keys.get("sources", ()))
        yield words.STATUS[keys.get("status", "unverified")][self.at]

    def _span(self, span: Mapping[str, str]) -> str:
        ends = [f"{int(end[3:])} {words.MONTHS[int(end[:2]) - 1][self.at]}" for end in (span["from"], span["to"])]
        return self.say(" – ", " to ").join(ends)

    def _amount(self, rate: Mapping[str, Any]) -> str:
        basis = f" ({words.TAX_PRICE[rate['price']['per']][self.at]})" if "price" in rate else ""
        if "fixed" in rate:
            return f"**{rate['fixed']}**"
        if "per_star" in rate:
            plus = f" + {rate['plus']}" if "plus" in rate else ""
            return f"**{rate['per_star']}** {self.say('per stella', 'for each star')}{plus}"
        if "amounts" in rate:
            return ", ".join(f"{words.TAX_AMOUNTS[name][self.at]} **{amount}**" for name, amount in rate["amounts"].items())
        if "brackets" in rate:
            return ", ".join(f"{self._top(band)} **{band['amount']}**" for band in rate["brackets"]) + basis
        if "percent" in rate:
            top = rate.get("ceiling_per_person")
            most = self.say(f", al massimo {top}", f", at most {top}") if top else ""
            return f"**{rate['percent']} %** {self.say('del prezzo', 'of the price')}{most}{basis}"
        return self.say("_non trovato_", "_not found_")

    def _top(self, band: Mapping[str, Any]) -> str:
        if "up_to" in band:
            return f"≤ {band['up_to']}"
        return f"&lt; {band['below']}" if "below" in band else self.say("oltre", "above")

    def _cap(self, cap: Mapping[str, Any]) -> str:
        told = say(f"cap.{cap['window']}", self.language, nights=cap.get("nights"))
        if "scope" in cap:
            told += f" {words.TAX_SCOPE[cap['scope']][self.at]}"
        return told if self._always(cap) else f"{self._when(cap)}: {told}"

    def _residents(self, keys: Mapping[str, Any]) -> list[str]:
        treated = keys.get("taxpayer", {}).get("residents", "taxed")
        if treated == "taxed":
            return []
        aside = self.say(" (escluso dall'imposta)", " (outside the tax)") if treated == "excluded" else ""
        return [self._who("resident") + aside]

    def _relief(self, entry: Mapping[str, Any]) -> str:
        """Who it is for, with what it asks that the name does not already say."""
        name = self._who(entry["code"])
        asked = [] if self._always(entry) else [text for text in self._conditions(entry["when"]) if text not in name]
        quota = entry.get("quota")
        if quota is not None:
            each = quota.get("max_each", 1) if quota["per"] == "participants" else quota.get("max", 1)
            asked.append(say(f"quota.{quota['per']}", self.language, each=each, every=quota.get("every", 1)))
        return f"{name} ({', '.join(asked)})" if asked else name

    def _less(self, entry: Mapping[str, Any]) -> str:
        if "use" in entry:
            return words.TAX_AMOUNTS[entry["use"]][self.at]
        return f"{entry['fixed']}" if "fixed" in entry else f"−{entry['percent_off']} %"

    # conditions -------------------------------------------------------------------------------------------------------

    def _always(self, keys: Mapping[str, Any]) -> bool:
        return "any" in (keys.get("when") or {"any": True})

    def _when(self, keys: Mapping[str, Any]) -> str:
        return self.say("_tutti_", "_everybody_") if self._always(keys) else ", ".join(self._conditions(keys["when"]))

    def _conditions(self, when: Mapping[str, Any]) -> list[str]:
        return [self._condition(key, value) for key, value in when.items()]

    def _condition(self, key: str, value: Any) -> str:
        listed = value if isinstance(value, list) else [value]
        match key:
            case "type":
                return self._types(listed)
            case "status":
                return "/".join(map(self._who, listed))
            case "months":
                return "/".join(words.MONTHS[month - 1][self.at] if isinstance(month, int) else self._number(month) for month in listed)
            case "season" | "group":
                return "/".join(map(self._named, listed))
        if isinstance(value, bool) or key in ("channel", "let_as"):
            return "/".join(words.TAX_FACTS[f"{key}.{str(word).lower()}"][self.at] for word in listed)
        return words.TAX_FACTS[key][self.at].format("/".join(map(self._number, listed)))

    def _number(self, value: Any) -> str:
        text = str(value).replace("..", "–").replace(">=", "≥ ").replace("<=", "≤ ")
        return text.replace("<", "&lt; ").replace(">", "> ")

    def _types(self, names: Sequence[str]) -> str:
        """The types, with one word for the many of a hotel."""
        hotels = [words.GROUPS["HOT"][self.at]] if set(names) >= HOTELS else []
        rest = [self.types[name].lower() for name in names if not hotels or name not in HOTELS]
        return ", ".join([*hotels, *rest])

    def _who(self, code: str) -> str:
        return str(getattr(who(code), self.language))

    def _named(self, word: str) -> str:
        return str(getattr(named(word), self.language))
