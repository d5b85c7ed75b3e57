"""A territory as a page for people, in one language: what is owed, by when, to whom, at what price, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from locanda.law.packs import Pack, PackInfo, territory, tree
from locanda.law.packs.merging import Amendment
from scripts import pack_words as words

HEADS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "obligation": (
        ("Adempimenti", "id", "che cosa", "chi", "quando", "dove", "sanzioni", "legge", "fonti", "quanto è certo"),
        ("Duties", "id", "what", "who", "when", "where", "sanctions", "law", "sources", "how certain"),
    ),
    "sanction": (
        ("Sanzioni", "id", "violazione", "quanto", "se si ripete", "chi la applica", "legge", "fonti", "quanto è certo"),
        ("Sanctions", "id", "breach", "how much", "when repeated", "who applies it", "law", "sources", "how certain"),
    ),
    "contact": (
        ("Uffici", "id", "nome", "comuni", "PEC", "altro", "per che cosa", "fonti", "quanto è certo"),
        ("Offices", "id", "name", "comuni", "PEC", "other", "for what", "sources", "how certain"),
    ),
    "parameter": (
        ("Numeri", "id", "che cosa", "valore", "fonti", "quanto è certo"),
        ("Numbers", "id", "what", "value", "sources", "how certain"),
    ),
    "portal": (
        ("Portali", "id", "nome", "indirizzo", "accesso", "fonti", "quanto è certo"),
        ("Portals", "id", "name", "address", "login", "sources", "how certain"),
    ),
    "document": (
        ("Documenti", "id", "per", "documento", "quando", "fonti", "quanto è certo"),
        ("Papers", "id", "for", "paper", "when", "sources", "how certain"),
    ),
    "instruction": (
        ("Istruzioni", "id", "titolo", "passi", "adempimenti", "fonti", "quanto è certo"),
        ("Instructions", "id", "title", "steps", "duties", "sources", "how certain"),
    ),
    "keep": (
        ("Quanto si conserva", "id", "dati", "fino a", "poi", "legge", "quanto è certo"),
        ("How long data are kept", "id", "data", "until", "then", "law", "how certain"),
    ),
    "note": (
        ("Che cosa non è certo", "id", "che cosa si sa e che cosa no", "che cosa si è scelto", "fonti", "quanto è certo"),
        ("What is not certain", "id", "what is known and what is not", "what was chosen", "sources", "how certain"),
    ),
}  # fmt: skip


def cell(text: Any) -> str:
    """As a table holds it."""
    return str(text if text not in (None, "", []) else "·").replace("|", "\\|").replace("\n", " ")


@cache
def known_names() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The keys of the first territory, from the state down, that names an item."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in tree():
        for change in territory(row.path).changes if row.read_on else ():
            if "it" in change.keys:
                found.setdefault((change.kind, change.id), change.keys)
    return found


class Sheet:
    """Writes pages in one language."""

    def __init__(self, language: str, mark: str) -> None:
        self.language, self.mark, self.at = language, mark, words.INDEX[language]
        self.types = words.catalogue(language, "property_type")
        self.channels = words.catalogue(language, "channel")

    def say(self, italian: str, english: str) -> str:
        return english if self.at else italian

    def word(self, table: Mapping[Any, tuple[str, str]], name: Any) -> str:
        return table[name][self.at]

    def told(self, value: str | Mapping[str, str] | None) -> str:
        return "" if value is None else value if isinstance(value, str) else value[self.language]

    # pages ------------------------------------------------------------------------------------------------------------

    def page(self, pack: Pack, row: PackInfo, slug: str) -> str:
        head = pack.territory
        known = (("ISTAT", head.istat), ("Belfiore", head.belfiore), ("ISO", head.iso))
        codes = [f"{name} {code}" for name, code in known if code]
        certain = ", ".join(f"{count} {self.word(words.STATUS, status)}" for status, count in row.statuses)
        lines = [
            f"# {head.name}", "", self.mark, "", self._twin(slug), "",
            f"`{pack.file}` · {', '.join(codes)} · {self.say('letto il', 'read on')} {head.read_on} · {certain}",
        ]  # fmt: skip
        if head.remarks:
            lines += ["", head.remarks[self.language]]
        if pack.statistics:
            lines += ["", f"## {self.say('Statistica', 'Statistics')}", "", *self._flows([(head.name, pack.statistics)])]
        for kind, heads in HEADS.items():
            changes = pack.of(kind)
            if changes:
                title, *columns = heads[self.at]
                lines += ["", f"## {title}", "", *self._head(columns)]
                lines += [self._row(getattr(self, f"_{kind}")(change)) for change in changes]
        if pack.sources:
            lines += ["", f"## {self.say('Fonti', 'Sources')}", "", "| | |", "|---|---|"]
            lines += [f"| {key} | {cell(getattr(text, self.language))} |" for key, text in pack.sources.items()]
        else:
            where = self.say("Le sigle delle fonti: [Italia](it.md#fonti).", "Short names of sources: [Italy](it.en.md#sources).")
            lines += ["", where]
        return "\n".join(lines) + "\n"

    def others(self, rows: Sequence[PackInfo], slug: str) -> str:
        flows = [(row.name, territory(row.path).statistics) for row in rows if row.read_on]
        place = self.say("territorio", "territory")
        columns = HEADS["obligation"][self.at][1:]
        lines = [
            self.say("# Gli altri territori", "# The other territories"), "", self.mark, "", self._twin(slug), "",
            self.say(
                "Di questi si conosce poco: il portale della statistica, una festa, o solo il nome. Ogni riga dice se è certa.",
                "Little is known of these: the statistics portal, a feast, or only the name. Each line says how certain it is.",
            ),
            "", f"## {self.say('Statistica', 'Statistics')}", "", *self._flows([(name, entry) for name, entry in flows if entry]),
            "", f"## {self.say('Adempimenti propri', 'Duties of their own')}", "", *self._head([place, *columns]),
            *self._duties(rows), "", f"## {self.say('Tutti', 'All')}", "",
            *self._head(["file", self.say("nome", "name"), "ISTAT", self.say("che cosa c'è", "what there is")]),
            *(self._row((f"`{row.path}`", row.name, row.istat, self._tally(row))) for row in rows),
        ]  # fmt: skip
        return "\n".join(lines) + "\n"

    def _twin(self, slug: str) -> str:
        return f"[Italiano]({slug}.md)" if self.at else f"[English]({slug}.en.md)"

    def _duties(self, rows: Sequence[PackInfo]) -> Iterator[str]:
        for row in rows:
            for change in territory(row.path).of("obligation") if row.read_on else ():
                yield self._row((row.name, *self._obligation(change)))

    def _tally(self, row: PackInfo) -> str:
        return ", ".join(f"{self.word(words.KINDS, kind)}: {count}" for kind, count in row.items)

    def _head(self, columns: Sequence[str]) -> list[str]:
        return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]

    def _row(self, cells: Sequence[Any]) -> str:
        return "| " + " | ".join(map(cell, cells)) + " |"

    def _flows(self, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
        columns = (
            ("territorio", "portale", "come", "formato", "ritmo", "termine", "segno", "quanto è certo"),
            ("territory", "portal", "how", "format", "cadence", "term", "mark", "how certain"),
        )  # fmt: skip
        lines = self._head(columns[self.at])
        for name, entry in entries:
            systems = [entry, *entry.get("also", ())]
            modes = dict.fromkeys(mode for system in systems for mode in system["mode"])
            lines.append(self._row((
                name, entry["portal"], ", ".join(self.word(words.MODES, mode) for mode in modes),
                ", ".join(system.get("format", "·") for system in systems), self.word(words.CADENCES, entry["cadence"]),
                self.told(entry["deadline"]), entry["confidence"], self.word(words.STATUS, entry["status"]),
            )))  # fmt: skip
        return lines

    # rows -------------------------------------------------------------------------------------------------------------

    def _obligation(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        channel = keys.get("channel")
        return (
            change.id, self._named(keys, change), self._who(keys), self._when(keys),
            self.channels.get(channel, channel) if channel else None, ", ".join(keys.get("sanctions", ())),
            self.told(keys.get("basis")), self._sources(keys), self._state(change),
        )  # fmt: skip

    def _sanction(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        who = keys.get("authority")
        return (
            change.id, self._named(keys), self._amount(keys), self._repeat(keys),
            self.word(words.COURTS, who) if who in words.COURTS else who, self.told(keys.get("basis")), self._sources(keys),
            self._state(change),
        )  # fmt: skip

    def _contact(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        reached = [keys[key] for key in ("mail", "phone", "fax", "address", "url") if key in keys]
        reached += [self.told(keys[key]) for key in ("hours", "subject", "remarks") if key in keys]
        return (
            change.id, self._office(keys), ", ".join(keys.get("comuni", ())), keys.get("pec"), "<br>".join(reached),
            ", ".join(keys.get("duties", ())), self._sources(keys), self._state(change),
        )  # fmt: skip

    def _office(self, keys: Mapping[str, Any]) -> str:
        return keys.get("name", "") + (f" ({keys['gloss']})" if self.at and "gloss" in keys else "")

    def _parameter(self, change: Amendment) -> tuple[Any, ...]:
        value = change.keys.get("value")
        shown = ", ".join(value) if isinstance(value, list) else value
        return change.id, self._named(change.keys), shown, self._sources(change.keys), self._state(change)

    def _portal(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        return (
            change.id, keys.get("name"), keys.get("url"), self.told(keys.get("login")), self._sources(keys), self._state(change),
        )  # fmt: skip

    def _document(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        return (
            change.id, self.word(words.CASES, keys["case"]) if "case" in keys else None, self._named(keys, change),
            self.told(keys.get("condition")), self._sources(keys), self._state(change),
        )  # fmt: skip

    def _instruction(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        steps = [self.told(step) for step in keys.get("steps", ())]
        steps += [f"{self.say('Non accettato', 'Not accepted')}: {self.told(step)}" for step in keys.get("refused", ())]
        return (
            change.id, self._named(keys, change), "<br>".join(steps), ", ".join(keys.get("duties", ())), self._sources(keys),
            self._state(change),
        )  # fmt: skip

    def _keep(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        until = self._deadline(keys["until"])
        if keys["until"].get("year_end"):
            until += self.say(", fino al 31 dicembre di quell'anno", ", to 31 December of that year")
        return change.id, self._named(keys), until, self.told(keys["then"]), self.told(keys["basis"]), self._state(change)

    def _note(self, change: Amendment) -> tuple[Any, ...]:
        keys = change.keys
        return change.id, keys[self.language], self.told(keys["choice"]), self._sources(keys), self._state(change)

    # cells ------------------------------------------------------------------------------------------------------------

    def _named(self, keys: Mapping[str, Any], change: Amendment | None = None) -> str:
        """The name; of a change of something wider, that of the wider thing."""
        wider = known_names().get((change.kind, change.id), {}) if change else {}
        text = keys.get(self.language) or wider.get(self.language, "")
        return f"{text}<br>_{self.told(keys['remarks'])}_" if "remarks" in keys else str(text)

    def _types(self, names: Sequence[str]) -> str:
        return ", ".join(map(self._type, names))

    def _type(self, name: str) -> str:
        ending = next((ending for ending in words.SUFFIXES if name.endswith(ending)), "")
        plain = name.removesuffix(ending)
        known = self.word(words.GROUPS, plain) if plain in words.GROUPS else self.types[plain].lower()
        return known + (self.word(words.SUFFIXES, ending) if ending else "")

    def _who(self, keys: Mapping[str, Any]) -> str:
        parts = [self._types(keys.get("applies", ()))]
        if keys.get("advised"):
            parts.append(f"{self.say('consigliato a', 'advised to')}: {self._types(keys['advised'])}")
        if keys.get("disputed"):
            parts.append(f"{self.say('discusso per', 'disputed for')}: {self._types(keys['disputed'])}")
        if keys.get("unless"):
            spared = ", ".join(self.word(words.UNLESS, name) for name in keys["unless"])
            parts.append(f"{self.say('non', 'not')}: {spared}")
        return "<br>".join(part for part in (*parts, self.told(keys.get("bound"))) if part)

    def _when(self, keys: Mapping[str, Any]) -> str:
        rules = keys.get("deadline", [])
        found = [self._deadline(rule) for rule in ([rules] if isinstance(rules, dict) else rules)]
        if "counter" in keys:
            at_least = keys["counter"]["at_least"]
            found.append(self.say(f"almeno {at_least} giorni di chiusura l'anno", f"at least {at_least} closing days a year"))
        if "set_by" in keys:
            found.append(self.say(f"lo dice il file di: {keys['set_by']}", f"told by the file of the: {keys['set_by']}"))
        if keys.get("informative"):
            found.append(self.say("niente da fare", "nothing to do"))
        if "trigger" in keys:
            found.append(f"{self.say('quando', 'when')}: {self.word(words.TRIGGERS, keys['trigger'])}")
        return "<br>".join(found)

    def _deadline(self, rule: Mapping[str, Any]) -> str:
        event = self.word(words.EVENTS, rule["event"]) if "event" in rule else ""
        length = self._length(rule["duration"]) if "duration" in rule else ""
        text = {
            "elapsed": lambda: self.say(f"entro {length} da: {event}", f"within {length} of {event}"),
            "within": lambda: self.say(f"entro {length} da: {event}", f"within {length} of {event}"),
            "before_event": lambda: self.say(f"almeno {length} prima di: {event}", f"at least {length} before {event}"),
            "at_event": lambda: self.say(f"non dopo: {event}", f"not after {event}"),
            "standing": lambda: self.say(f"sempre, da: {event}", f"always, from {event}"),
            "keep_until": lambda: self.say(f"si tiene {length} da: {event}", f"kept {length} from {event}"),
            "after_period": lambda: self._after(rule), "yearly": lambda: self._yearly(rule),
        }[rule["kind"]]()  # fmt: skip
        if "short_duration" in rule:
            short = self._length(rule["short_duration"])
            text += self.say(f" ({short} se il soggiorno è breve)", f" ({short} when the stay is short)")
        late = rule.get("transition")
        if late:
            text += self.say(f" (fino al {late['until']}: entro il {late['due']})", f" (up to {late['until']}: by {late['due']})")
        return text + self.word(words.ROLLS, rule.get("roll", "none"))

    def _after(self, rule: Mapping[str, Any]) -> str:
        period = self.word(words.PERIODS, rule["period"])
        return self.say(f"entro il giorno {rule['day']} {period}", f"by day {rule['day']} {period}")

    def _yearly(self, rule: Mapping[str, Any]) -> str:
        month, year = words.MONTHS[rule["month"] - 1][self.at], self.word(words.YEARS, rule["year_offset"])
        return self.say(f"entro il {rule['day']} {month} {year}", f"by {rule['day']} {month} {year}")

    def _length(self, duration: str) -> str:
        found = re.fullmatch(r"PT?(\d+)([HDMY])", duration)
        assert found is not None, duration
        one, many = words.LENGTHS[found[2]][self.at * 2 : self.at * 2 + 2]
        return f"{found[1]} {one if found[1] == '1' else many}"

    def _amount(self, keys: Mapping[str, Any]) -> str:
        if "min" not in keys:
            return self.say("importo non trovato", "amount not found") if keys.get("nature") == "administrative" else ""
        share = keys["nature"] == "tax_percent"
        low, high, sign = keys["min"], keys["max"], "%" if share else "€"
        found = [f"{low if low == high else f'{low}–{high}'} {sign} {self.word(words.UNITS, keys['unit'])}"]
        if "company_min" in keys:
            found.append(f"{self.say('imprese', 'companies')} {keys['company_min']}–{keys['company_max']} €")
        if "delay" in keys:
            first, last = keys["delay"]["from"], keys["delay"].get("to")
            found.append(
                self.say(f"ritardo da {first} a {last} giorni", f"{first} to {last} days late") if last
                else self.say(f"ritardo da {first} giorni in su", f"{first} days late or more")
            )  # fmt: skip
        if "late_days" in keys:
            share, days = keys["late_percent"], keys["late_days"]
            found.append(self.say(f"{share} % fino a {days} giorni di ritardo", f"{share} % up to {days} days late"))
        if "arrest_max_months" in keys:
            months = keys["arrest_max_months"]
            found.append(self.say(f"oppure arresto fino a {months} mesi", f"or arrest up to {months} months"))
        for pause in keys.get("suspended", ()):
            first, last = pause["from"], pause["to"]
            found.append(self.say(f"sospesa dal {first} al {last}", f"suspended from {first} to {last}"))
        return "<br>".join(found)

    def _repeat(self, keys: Mapping[str, Any]) -> str:
        found = [f"×{keys['repeat_factor']}"] if keys.get("repeat_factor", 1) > 1 else []
        if "suspension_max_months" in keys:
            months = keys["suspension_max_months"]
            found.append(self.say(f"sospensione fino a {months} mesi", f"suspension up to {months} months"))
        if "revoke_after" in keys:
            rule = keys["revoke_after"]
            found.append(self.say(
                f"revoca dopo {rule['suspensions']} sospensioni in {rule['months']} mesi",
                f"permit revoked after {rule['suspensions']} suspensions in {rule['months']} months",
            ))  # fmt: skip
        return "; ".join([*found, *([keys["repeat_rule"]] if "repeat_rule" in keys else [])])

    def _sources(self, keys: Mapping[str, Any]) -> str:
        return "; ".join(keys.get("sources", ())) + (f" ({', '.join(keys['notes'])})" if keys.get("notes") else "")

    def _state(self, change: Amendment) -> str:
        if change.off:
            return self.say("spento", "off")
        status = change.keys.get("status")
        parts = [self.word(words.STATUS, status)] if status else []
        parts += [f"{self.say('dal', 'from')} {change.valid_from}"] if change.valid_from else []
        parts += [f"{self.say('al', 'to')} {change.valid_to}"] if change.valid_to else []
        return " ".join(parts)
