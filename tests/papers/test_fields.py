"""Fields side by side: whatever is known or not, the paper is written."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from locanda import papers

OPTIONAL = {
    "property": ("address", "regional_code", "cin"),
    "operator": ("tax_code", "vat", "address", "representative", "pec", "phone"),
}
KNOWN = {
    "address": "Contrada Esempio 12", "regional_code": "BA07203061000012345", "cin": "IT072030C100012345",
    "tax_code": "NREDAA75E50F376R", "vat": "00743110157", "representative": "Ada Neri", "pec": "ada@pec.example.org",
    "phone": "080 000000",
}  # fmt: skip
LEFT_OUT = [
    (part, gone) for part, keys in OPTIONAL.items() for count in range(len(keys) + 1) for gone in combinations(keys, count)
]


@pytest.mark.parametrize(("part", "gone"), LEFT_OUT)
def test_a_receipt_is_written_whatever_is_known_of_property_and_operator(part: str, gone: tuple[str, ...]) -> None:
    data = papers.sample("modello_1")
    for key in OPTIONAL[part]:
        data[part].pop(key, None)
        if key not in gone:
            data[part][key] = KNOWN[key]
    read, problems = papers.read("modello_1", data)
    assert problems == []
    assert papers.write("modello_1", read, on=date(2026, 7, 14)).startswith(b"%PDF")
