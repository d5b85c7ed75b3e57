"""The packs against the tables of the reference, where it is at hand: every id, range, reduced payment, office, portal, paper."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from locanda.law.packs import Chain, Pack, chain, territory, tree
from locanda.law.packs.merging import Amendment
from locanda.law.sanctions import calculate

DAY = date(2026, 7, 1)
PLACES = {
    "IT": "015146", "PU": "072030", "BT": "110009", "MO": "072030", "LO": "015146", "SO": "014061", "SA": "090064",
    "N": "015146", "P": "072030", "M": "072030", "L": "015146", "S": "090064",
}  # fmt: skip
UNITS = {
    "per offence": "offence", "per property": "property", "per violation": "violation", "per month": "month",
    "per four-month period": "four_months", "per advertised activity": "advertised_activity", "percent of tax due": "tax_due",
    "percent of tax unpaid": "tax_unpaid", "": None,
}  # fmt: skip
STATUS = {
    "law": "law", "superseded": "law", "seed": "official", "notice": "official", "conflict": "disputed",
    "superseded in part": "disputed", "unverified": "unverified", "pec unverified": "unverified",
}  # fmt: skip
PRESS_OFFICES = {"RP-TUR", "RP-SPOT", "ARET"}
"""Known from the blog article alone (0.4: 000 alone is press)."""


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    return (shared / "spec" / "adempimenti.md").read_text(encoding="utf-8")


def rules_of(ident: str) -> Chain:
    return chain(PLACES[ident.split("-")[0]])


def blocks(text: str, head: str) -> list[dict[str, str]]:
    """The rows of the CSV block that begins with that head."""
    start = text.index(f"```csv\n{head}")
    body = text[start + 7 : text.index("```", start + 7)]
    return list(csv.DictReader(io.StringIO(body), delimiter=";"))


def catalogue(text: str) -> list[list[str]]:
    part = text[text.index("## 1. Catalogue") : text.index("### 1.6")]
    rows = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows if re.fullmatch(r"(IT|PU|BT|MO|LO|SO|SA)-[A-Z]+-\d\d", row[0])]


def packs() -> Iterable[Pack]:
    return (territory(row.path) for row in tree() if row.read_on)


def changes(kind: str) -> Iterable[tuple[Pack, Amendment]]:
    return ((pack, change) for pack in packs() for change in pack.of(kind))


def latest(rules: Chain, kind: str, ident: str) -> Any:
    versions = rules.versions(kind, ident)
    assert versions, f"{kind} {ident} is missing"
    return versions[-1]


# obligations --------------------------------------------------------------------------------------------------------------


def test_the_catalogue_has_sixty_six_obligations_and_all_are_there(text: str) -> None:
    wanted = {row[0] for row in catalogue(text)}
    assert len(wanted) == 66
    present = {change.id for _, change in changes("obligation")}
    assert wanted - present == set()
    extra = {ident for ident in present - wanted if not re.match(r"IT-\w\w-(STAT|PRZ)-01$", ident)}
    assert extra == {"IT-SANZ-01", "IT-SANZ-02", "IT-SANZ-03"}


def test_each_obligation_has_its_name_sanctions_and_weekend_policy(text: str) -> None:
    wrong = []
    for row in catalogue(text):
        ident, italian, _, _, _, _, rule, roll, _, _, sanction, *_ = row
        item = latest(rules_of(ident), "obligation", ident)
        if plain(italian) != plain(item.it):
            wrong.append(f"{ident}: {item.it!r} for {italian!r}")
        named = set(re.findall(r"\b[NPLSM]-(?:SPOT-\*|[A-Z0-9]+(?:-[A-Za-z0-9]+)*)", sanction))
        named = set() if sanction.startswith("none") else {name for name in named if not name.endswith("*")}
        if named - set(item.sanctions):
            wrong.append(f"{ident}: sanctions {item.sanctions} for {sanction!r}")
        policies = {deadline.roll for deadline in item.deadlines}
        if policies and policies != {roll}:
            wrong.append(f"{ident}: roll {policies} for {roll}")
        kind = re.match(r"\w+", rule)
        expected = KINDS.get(kind[0]) if kind else None
        if expected and expected not in {deadline.kind for deadline in item.deadlines} and not item.informative:
            wrong.append(f"{ident}: {item.deadlines} for {rule!r}")
        for number in re.findall(r"day=(\d+)", rule):
            if int(number) not in {deadline.day for deadline in item.deadlines}:
                wrong.append(f"{ident}: no day {number}")
        for length in re.findall(r"PT?\d+[HDY]", rule):
            if length not in {part for deadline in item.deadlines for part in (deadline.duration, deadline.short_duration)}:
                wrong.append(f"{ident}: no duration {length}")
        for month, day in re.findall(r"yearly\((\d\d)-(\d\d)", rule):
            if (int(month), int(day)) not in {(deadline.month, deadline.day) for deadline in item.deadlines}:
                wrong.append(f"{ident}: no {month}-{day}")
    assert wrong == []


KINDS = {
    "elapsed": "elapsed", "after_month": "after_period", "after_quarter": "after_period", "yearly": "yearly",
    "before_event": "before_event", "within": "within", "at_event": "at_event", "standing": "standing",
}  # fmt: skip


def plain(text: str) -> str:
    bare = text.lower().translate(str.maketrans("àèéìòù«»", "aeeiou  "))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def test_each_obligation_names_the_lines_of_its_row(text: str) -> None:
    wrong = []
    for row in catalogue(text):
        lines = set(re.findall(r"\b00[0-4]:\d+", row[-2]))
        given = " ".join(latest(rules_of(row[0]), "obligation", row[0]).sources)
        wrong += [f"{row[0]}: {line}" for line in lines if line not in given]
    assert wrong == []


# sanctions ----------------------------------------------------------------------------------------------------------------


def sanctions(text: str) -> list[dict[str, str]]:
    return blocks(text, "id;legal_basis")


def test_there_are_forty_two_sanctions_and_no_others(text: str) -> None:
    wanted = {row["id"] for row in sanctions(text)}
    assert len(wanted) == 42
    assert {change.id for _, change in changes("sanction")} == wanted


def test_ranges_units_and_status_are_those_of_the_table(text: str) -> None:
    wrong = []
    for row in sanctions(text):
        item = latest(rules_of(row["id"]), "sanction", row["id"])
        given = tuple(None if value is None else f"{value.normalize():f}" for value in (item.min, item.max))
        if given != (row["min_eur"] or None, row["max_eur"] or None):
            wrong.append(f"{row['id']}: {given}")
        if item.unit != UNITS[row["unit"]]:
            wrong.append(f"{row['id']}: {item.unit} for {row['unit']}")
        if item.nature != row["nature"]:
            wrong.append(f"{row['id']}: {item.nature}")
        if item.status != STATUS[row["status"]]:
            wrong.append(f"{row['id']}: {item.status} for {row['status']}")
        doubles = (item.repeat_factor or 1) == 2
        if doubles != row["repeat"].startswith("x2"):
            wrong.append(f"{row['id']}: factor {item.repeat_factor} for {row['repeat']}")
    assert wrong == []


def test_the_reduced_payment_of_each_comes_out_as_in_the_table(text: str) -> None:
    wrong = []
    for row in sanctions(text):
        item = latest(rules_of(row["id"]), "sanction", row["id"])
        on = min(item.valid_to or DAY, DAY)
        found = calculate(item, on=on).reduced
        given = "" if found is None else f"{Decimal(found) / 100:.2f}"
        if given != row["reduced_art16_eur"]:
            wrong.append(f"{row['id']}: {given!r} for {row['reduced_art16_eur']!r}")
    assert wrong == []


# offices, portals, papers ---------------------------------------------------------------------------------------------------


def test_police_offices_have_the_comuni_and_pecs_of_the_table(text: str) -> None:
    rows = blocks(text, "office_id;name")
    assert len(rows) == 10
    places = {"QU-BT": "110001", "CO-BARLETTA": "110002", "CO-TRANI": "110009", "CO-CANOSA": "110004"}
    wrong = []
    for row in rows:
        codes = row["comuni_istat"].split()
        comune = places.get(row["office_id"], codes[0].replace("*", "001"))
        item = chain(comune).contact(row["office_id"], DAY)
        assert item is not None, row["office_id"]
        if (item.pec or "") != row["pec"]:
            wrong.append(f"{row['office_id']}: {item.pec} for {row['pec']}")
        if not set(codes) <= set(item.comuni):
            wrong.append(f"{row['office_id']}: {item.comuni} for {codes}")
        if item.status != STATUS[row["status"]]:
            wrong.append(f"{row['office_id']}: {item.status}")
    assert wrong == []


def test_no_pec_is_written_that_the_reference_does_not_have(text: str) -> None:
    given = {change.keys["pec"] for _, change in changes("contact") if "pec" in change.keys}
    assert len(given) == 9
    assert {pec for pec in given if pec not in text} == set()


def test_other_authorities_are_there_with_their_addresses(text: str) -> None:
    rows = blocks(text, "authority_id;name")
    present = {change.id: change for _, change in changes("contact") if "name" in change.keys}
    assert {row["authority_id"] for row in rows} - set(present) == set()
    wrong = []
    for row in rows:
        keys = present[row["authority_id"]].keys
        written = " ".join(str(keys.get(key, "")) for key in ("pec", "mail", "phone", "fax", "address", "url"))
        parts = re.findall(r"\S+@\S+\w|\b\d{9}\b", row["contact"])
        wrong += [f"{row['authority_id']}: {part}" for part in parts if part not in written]
        status = "press" if row["authority_id"] in PRESS_OFFICES else STATUS[row["status"]]
        if keys["status"] != status:
            wrong.append(f"{row['authority_id']}: {keys['status']} for {row['status']}")
    assert wrong == []


def test_portals_have_the_addresses_of_the_table(text: str) -> None:
    present = {change.id: change.keys for _, change in changes("portal")}
    rows = blocks(text, "portal_id;name")
    assert len(rows) == 9
    assert {row["portal_id"]: row["url"].rstrip("/") for row in rows} == {
        row["portal_id"]: present[row["portal_id"]]["url"].rstrip("/") for row in rows
    }


def test_the_papers_of_a_request_are_those_of_the_list_in_its_order(text: str) -> None:
    rows = blocks(text, "case;document_it")
    rules = chain("110009")
    for case in {row["case"] for row in rows}:
        wanted = [(plain(row["document_it"]), row["condition"] in ("", "always")) for row in rows if row["case"] == case]
        given = [(plain(paper.it), paper.condition is None) for paper in rules.documents(case, DAY)]
        assert given == wanted, case
        assert {paper.status for paper in rules.documents(case, DAY)} == {"official"}
    assert {paper.status for paper in chain("015146").documents("closure", DAY)} == {"unverified"}


# disagreements, groups, holidays ------------------------------------------------------------------------------------------------


def test_the_twenty_three_disagreements_can_be_read(text: str) -> None:
    wanted = set(re.findall(r"^\| (D\d+) \|", text, re.MULTILINE))
    assert len(wanted) == 23
    assert {change.id for _, change in changes("note") if change.id[0] == "D"} == wanted
    named = {note for pack in packs() for change in pack.changes for note in change.keys.get("notes", ())}
    assert wanted - named == set(), "no item points to these"


UNVERIFIED: Mapping[int, Mapping[str, tuple[str, ...]]] = {
    1: {"U1": ("PU-SPOT-01", "PU-CPS-01", "PU-CIS-01", "PU-CIS-02", "PU-CIA-01", "PU-ASS-01", "P-CPS", "P-CIA", "P-CIS"),
        "D23": ("PU-SPOT-01", "PU-SPOT-02")},
    2: {"D6": ("PU-SPOT-01", "P-SPOT-OM", "P-SPOT-LATE", "P-SPOT-DIF")},
    3: {"U3": ("LO-SUAP-01", "LO-STAT-01", "LO-PRZ-01", "LO-ASS-01", "L-SCIA", "L-CIR", "L-PRZ", "L-STAT")},
    4: {"D15": ("LO-PRZ-01", "LO-PRZ-02")},
    5: {"U5": ("SA-STAT-02", "S-26-2", "S-26-3a", "S-26-4d", "S-26-4bis", "S-26-7", "S-26-8")},
    6: {"U6": ("MO-IDS-02", "MO-IDS-04", "MO-IDS-05", "M-500"), "D12": ("MO-IDS-04",), "D13": ("MO-IDS-01", "MO-IDS-04")},
    7: {"U7": ("SO-IDS-01",)},
    8: {"U8": ("QU-SO", "QU-CA", "QU-NU", "QU-BA", "QU-BT", "CO-TRANI")},
    9: {"U9": ("N-CIN-MISS", "N-CIN-SHOW", "N-SIC", "N-SCIA")},
    10: {"U10": ("IT-CIN-01", "LO-CIR-01")},
    11: {"U11": ("warning-first-maximum",)},
    12: {"U12": ("IT-IDS-02", "IT-IDS-03", "MO-IDS-04", "MO-IDS-05", "SO-IDS-01")},
    13: {"U13": ("N-IDS-VERS", "N-IDS-DICH", "legal-interest")},
    15: {"U15": ("IT-PS-04", "IT-PS-08", "BT-PS-01")},
}  # fmt: skip
"""The points of section 10, the notes that tell them, and items that must bear them. Point 14 is in the status of each feast."""


def test_each_unverified_point_is_told_by_what_it_touches(text: str) -> None:
    part = text[text.index("## 10. What is unverified") : text.index("## 11.")]
    assert {int(number) for number in re.findall(r"^(\d+)\. ", part, re.MULTILINE)} == {*UNVERIFIED, 14}
    told = {(change.id, note) for pack in packs() for change in pack.changes for note in change.keys.get("notes", ())}
    wanted = {(item, note) for notes in UNVERIFIED.values() for note, items in notes.items() for item in items}
    assert wanted - told == set()
    unverified = {change.id: change.keys["status"] for _, change in changes("note") if change.id[0] == "U"}
    assert set(unverified) == {note for notes in UNVERIFIED.values() for note in notes if note[0] == "U"}
    assert set(unverified.values()) == {"unverified"}
    feasts = [change.keys["status"] for _, change in changes("parameter") if change.id == "patron-saint"]
    assert len(feasts) == 10 and set(feasts) == {"unverified"}


FEASTS = {
    "072030": "12-16", "072006": "12-06", "110001": "09-sunday-3", "110002": "12-30", "110009": "05-03", "014061": "06-19",
    "092009": "10-30", "090064": "12-06", "091051": "08-05", "095038": "02-13",
}  # fmt: skip
"""Table 4.1, read by hand."""


def test_feasts_are_those_of_the_table() -> None:
    given = {comune: chain(comune).parameter("patron-saint", DAY) for comune in FEASTS}
    assert {comune: item.value for comune, item in given.items() if item} == FEASTS


def test_english_names_of_duties_and_breaches_are_those_of_the_tables(text: str) -> None:
    wrong = [
        row[0] for row in catalogue(text) if plain(row[2]) != plain(latest(rules_of(row[0]), "obligation", row[0]).en)
    ]  # fmt: skip
    for row in sanctions(text):
        item = latest(rules_of(row["id"]), "sanction", row["id"])
        wrong += [f"{row['id']} {key}" for key in ("it", "en") if plain(getattr(item, key)) != plain(row[f"conduct_{key}"])]
    assert wrong == []


def test_groups_are_those_of_the_reference(text: str) -> None:
    import tomllib

    start = text.index("# it/it.toml")
    groups = tomllib.loads(text[start : text.index("```", start)])["territory"]["groups"]
    given = territory("it").groups
    assert {name: list(given[name]) for name in groups} == groups


def test_every_region_of_the_flow_table_has_its_portal(shared: Path) -> None:
    flows = (shared / "spec" / "flussi-turistici.md").read_text(encoding="utf-8")
    part = flows[flows.index("## 10. Region") : flows.index("## 11.")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 23
    packs_by_name = {pack.territory.name: pack for pack in packs()}
    wrong = []
    for name, _, mode, *_, confidence in rows:
        pack = next((pack for title, pack in packs_by_name.items() if region(name) in title and statistics_of(pack)), None)
        if pack is None or pack.statistics is None:
            wrong.append(f"{name}: no statistics")
        elif confidence not in pack.statistics["confidence"]:
            wrong.append(f"{name}: {pack.statistics['confidence']} for {confidence}")
        elif set(re.findall(r"WS(?! \"V1\" to be verified)|FILE|SHEET", mode)) - modes(pack.statistics):
            wrong.append(f"{name}: {pack.statistics['mode']} for {mode}")
    assert wrong == []


def modes(statistics: Mapping[str, Any]) -> set[str]:
    """Those of every system of the territory."""
    return {mode for system in (statistics, *statistics.get("also", ())) for mode in system["mode"]}


def statistics_of(pack: Pack) -> bool:
    return pack.statistics is not None


def region(name: str) -> str:
    known = {
        "— Sondrio": "Sondrio", "Friuli VG": "Friuli Venezia Giulia", "Toscana FI, PO, PT": "Prato",
        "Toscana others": "Toscana", "Sicilia": "Siciliana", "Trento": "autonoma di Trento",
    }  # fmt: skip
    return known.get(name, name)


def test_no_sentence_of_the_documents_was_copied(shared: Path) -> None:
    """Facts in our own words: no eight words in a row of a document stand in a pack."""
    documents = " ".join(path.read_text(encoding="utf-8") for path in sorted((shared / "sources").glob("*.txt")))
    known = runs(documents, 8)
    copied = []
    for pack in packs():
        for change in pack.changes:
            for sentence in sentences(change.keys):
                copied += [f"{change.id}: {run}" for run in runs(sentence, 8) & known]
    assert copied == []


def runs(text: str, length: int) -> set[str]:
    words = plain(text).split()
    return {" ".join(words[at : at + length]) for at in range(len(words) - length + 1)}


def sentences(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield re.sub(r"https?://\S+", "", value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner)
