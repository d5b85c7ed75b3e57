"""The papers of an operator as PDF: the comune's forms, the conto della gestione, the notice to guests (spec imposta 10-12).

Each form is a folder that says what it is (``form.toml``), what it asks and judges (``__init__.py``), how it looks
(``form.typ``), its words (``words.toml``) and an invented example (``sample.json``). Nothing here reads a clock, a network or a
database: the day is an argument, and the same data on the same day give the same bytes.
"""

from locanda.papers.forms import Form, Kept, UnknownForm, catalogue, form, kept_until, notes, read, sample, write
from locanda.papers.typesetting import Unprintable

__all__ = [
    "Form", "Kept", "UnknownForm", "Unprintable", "catalogue", "form", "kept_until", "notes", "read", "sample", "write",
]  # fmt: skip
