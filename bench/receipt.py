"""A bilingual receipt (Modello 1), beside the same text on a plain page written by hand for the same typesetter.

    python bench/receipt.py [--runs 60]

Ours is warm and whole: the data of one guest in, an archivable and accessible PDF out, with the shared library, frames, fields,
words for amounts. Beside it ``receipt.typ``: a paragraph after another, bold and italic where the receipt has them, no frames, no
data and no functions, through the same engine with the same fonts and PDF standards; both must hold the same words. Each run has
another guest in another house, for the engine remembers what it has set. Time is that of the processor, for a busy machine
would blur any other; runs alternate and medians count. The limit is twice the plain page.
"""

from __future__ import annotations

import argparse
import io
import sys
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import typst
from pypdf import PdfReader

from locanda import papers
from locanda.papers.typesetting import STANDARDS

LIMIT = 2.0
DAY = date(2026, 7, 14)
BY_HAND = Path(__file__).with_suffix(".typ").read_text(encoding="utf-8")
FONTS = typst.Fonts(include_system_fonts=False)


def receipt(number: int) -> Any:
    sample = papers.sample("modello_1")
    address = f"Contrada Esempio {number}, 70043 Monopoli (BA)"
    sample["property"] |= {"name": f"Il Trullo {number}", "address": address}
    sample["operator"] |= {"name": f"Ada Neri {number}", "address": address}
    sample["payer"]["surname"] = f"Müller{number}"
    data, problems = papers.read("modello_1", sample | {"number": number})
    if data is None:
        raise SystemExit(f"the sample is wrong: {problems}")
    return data


def ours(number: int) -> tuple[float, bytes]:
    data = receipt(number)
    start = process_time()
    pdf = papers.write("modello_1", data, language="en", on=DAY)
    return process_time() - start, pdf


def by_hand(number: int) -> tuple[float, bytes]:
    source = BY_HAND.replace("@@", str(number)).encode()
    start = process_time()
    pdf = typst.compile(source, font_paths=FONTS, timestamp=0, pdf_standards=list(STANDARDS))
    return process_time() - start, pdf


def words(pdf: bytes) -> list[str]:
    return sorted(word for page in PdfReader(io.BytesIO(pdf)).pages for word in page.extract_text().split())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=60)
    options = parser.parse_args()
    mine, plain = words(ours(0)[1]), words(by_hand(0)[1])
    if mine != plain:
        raise SystemExit(f"the two do not say the same: {set(mine) ^ set(plain)}")
    by_hand(1), ours(1)  # warm
    pairs = [(ours(number)[0] * 1000, by_hand(number)[0] * 1000) for number in range(2, options.runs + 2)]
    own, page = (median(column) for column in zip(*pairs, strict=True))
    best, best_page = (min(column) for column in zip(*pairs, strict=True))
    print(f"receipt {own:.1f} ms, best {best:.1f}; the same text by hand {page:.1f} ms, best {best_page:.1f}")
    print(f"ratio {own / page:.2f} (limit {LIMIT:g}); of the best runs {best / best_page:.2f}")
    return int(own / page > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
