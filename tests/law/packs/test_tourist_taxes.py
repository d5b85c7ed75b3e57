"""The tourist taxes of the packs against the tables they were taken from (spec imposta-di-soggiorno 3 to 5)."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from locanda.law.packs import territory, tree
from locanda.law.packs.tree import builtin_tree
from tests.conftest import shared_dir

TAXES = {row.path: territory(row.path) for row in tree() if row.read_on and territory(row.path).tourist_tax}
BY_CODE = {pack.territory.belfiore: path for path, pack in TAXES.items() if pack.territory.belfiore}
PROVINCES = {"it/trentino_alto_adige/bolzano": "H189", "it/trentino_alto_adige/trento": "Trentino"}
MONEY = ("fixed", "per_star", "plus", "amount", "percent", "ceiling_per_person")
VERSIONS = [(path, version) for path, pack in TAXES.items() for version in (pack.tourist_tax or {})["versions"]]
EXAMPLES = {
    path: tomllib.loads(file.read_text(encoding="utf-8")).get("tax_case", [])
    for path in TAXES
    if (file := builtin_tree().root / f"{territory(path).file.removesuffix('.toml')}.examples.toml").is_file()
}


def spec_rows() -> dict[str, str]:
    """What the reference says of each comune, by its cadastral code or its name."""
    folder = shared_dir()
    if folder is None:
        pytest.skip("the reference folder is not beside the checkout: its tables are not compared")
    text = (folder / "spec" / "imposta-di-soggiorno.md").read_text(encoding="utf-8")
    parts = re.split(r"^#{2,3} (?=\d)", text, flags=re.MULTILINE)
    section = {part.split(" ", 1)[0].rstrip("."): part for part in parts}
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in section["5.1"].splitlines():
        first = line.strip("| ").split("|")[0].strip()
        if not line.startswith("|") or first.startswith(("comune", "---")):
            continue
        name = re.split(r"[(,]", first)[0].strip()
        code = re.search(r"\(([A-Z]\d{3})\)", first)
        key = names.setdefault(name, code[1] if code else name)
        found[key] = found.get(key, "") + line
    for key, where in (("F376", "3.2"), ("I829", "4"), ("F839", "5.2")):
        found[key] += section[where]
    return found


def amounts(keys: Any) -> Iterator[str]:
    """Every amount that a section writes."""
    if isinstance(keys, Mapping):
        for key, value in keys.items():
            if key == "amounts":
                yield from value.values()
            elif key in MONEY and isinstance(value, str):
                yield value
            else:
                yield from amounts(value)
    elif isinstance(keys, list):
        for value in keys:
            yield from amounts(value)


def test_every_row_of_the_tables_has_its_file() -> None:
    assert sorted(set(spec_rows()) - set(BY_CODE)) == ["Trentino"]
    assert set(PROVINCES) <= set(TAXES)
    assert len(BY_CODE) == 30


@pytest.mark.parametrize("path", TAXES)
def test_every_amount_stands_in_the_tables(path: str) -> None:
    row = spec_rows()[PROVINCES.get(path) or str(TAXES[path].territory.belfiore)]
    printed = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", row)}
    assert sorted({amount for amount in amounts(TAXES[path].tourist_tax) if Decimal(amount) not in printed}) == []


@pytest.mark.parametrize(("path", "version"), VERSIONS, ids=lambda value: value if isinstance(value, str) else value["id"])
def test_every_version_says_what_it_is_worth_and_what_residents_do(path: str, version: Mapping[str, Any]) -> None:
    assert version["status"] in ("law", "official", "press", "disputed", "unverified")
    assert version["sources"]
    assert version["retrieved"] <= TAXES[path].territory.read_on
    assert version["taxpayer"]["residents"] in ("taxed", "excluded", "exempt")
    assert version["rates"], "a version without amounts says so in a row, with `unknown = true`"


def test_no_amount_is_zero() -> None:
    assert [path for path, pack in TAXES.items() if any(not Decimal(amount) for amount in amounts(pack.tourist_tax))] == []


def test_every_territory_has_worked_stays_and_what_is_not_known_is_shown_refused() -> None:
    assert sorted(set(TAXES) - set(EXAMPLES)) == []
    counted = Counter({path: len(cases) for path, cases in EXAMPLES.items()})
    assert min(counted.values()) >= 2
    assert sum("total" in case["expect"] for cases in EXAMPLES.values() for case in cases) >= 150
    open_ = {path for path, version in VERSIONS if any("unknown" in rate for rate in version["rates"])}
    shown = {path for path, cases in EXAMPLES.items() if any(case["expect"]["problems"] for case in cases)}
    assert sorted(open_ - shown) == []
