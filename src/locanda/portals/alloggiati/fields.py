"""The record as one table: what stands where, how it is written, when it is required.

The writer, the reader, the judge of foreign files, the page ``docs/developers/record.md`` and the property tests are all made
from :data:`FIELDS`. Alloggiati Web: WS manual "Tracciato record", Guide p. 31-33; spec alloggiati-web 2.1-2.5.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = [
    "DAYS_MAX",
    "FIELD",
    "FIELDS",
    "LENGTH",
    "LENGTH_WITH_APARTMENT",
    "LINES_MAX",
    "LINE_END",
    "ROLE_CODES",
    "SEX_CODES",
    "Field",
    "Kind",
    "Need",
]  # fmt: skip

from locanda.core.people import Role, Sex

Kind = Literal["role", "date", "days", "text", "sex", "code", "apartment"]
Need = Literal["always", "italy", "document", "apartment"]


class Field(NamedTuple):
    """One field. ``start`` counts from 0; ``key`` is the attribute of :class:`~.record.Schedina`."""

    number: int
    key: str
    start: int
    length: int
    kind: Kind
    need: Need
    italian: str
    content_it: str
    content_en: str

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + self.length

    @property
    def slice(self) -> slice:
        return slice(self.start, self.start + self.length)


FIELDS: tuple[Field, ...] = (
    Field(1, "role", 0, 2, "role", "always", "Tipo Alloggiato",
          "codice della tabella Tipi_Alloggiato", "code of the table Tipi_Alloggiato"),
    Field(2, "arrival", 2, 10, "date", "always", "Data Arrivo",
          "gg/mm/aaaa, oggi o ieri", "dd/mm/yyyy, today or yesterday"),
    Field(3, "days", 12, 2, "days", "always", "Giorni di Permanenza",
          "da 01 a 30", "01 to 30"),
    Field(4, "surname", 14, 50, "text", "always", "Cognome",
          "lettere A-Z, spazio, apostrofo", "letters A-Z, blank, apostrophe"),
    Field(5, "name", 64, 30, "text", "always", "Nome",
          "lettere A-Z, spazio, apostrofo", "letters A-Z, blank, apostrophe"),
    Field(6, "sex", 94, 1, "sex", "always", "Sesso",
          "1 maschio, 2 femmina", "1 male, 2 female"),
    Field(7, "birth_date", 95, 10, "date", "always", "Data Nascita",
          "gg/mm/aaaa", "dd/mm/yyyy"),
    Field(8, "birth_comune", 105, 9, "code", "italy", "Comune Nascita",
          "codice della tabella Comuni, se nato in Italia", "code of the table Comuni, if born in Italy"),
    Field(9, "birth_province", 114, 2, "code", "italy", "Provincia Nascita",
          "provincia della stessa riga di Comuni, se nato in Italia", "province of the same row of Comuni, if born in Italy"),
    Field(10, "birth_state", 116, 9, "code", "always", "Stato Nascita",
          "codice della tabella Stati; 100000100 per l'Italia", "code of the table Stati; 100000100 for Italy"),
    Field(11, "citizenship", 125, 9, "code", "always", "Cittadinanza",
          "codice della tabella Stati", "code of the table Stati"),
    Field(12, "document_type", 134, 5, "code", "document", "Tipo Documento",
          "codice della tabella Documenti", "code of the table Documenti"),
    Field(13, "document_number", 139, 20, "text", "document", "Numero Documento",
          "lettere e cifre", "letters and digits"),
    Field(14, "issued_in", 159, 9, "code", "document", "Luogo Rilascio Documento",
          "codice di Comuni se rilasciato in Italia, altrimenti di Stati", "code of Comuni if issued in Italy, else of Stati"),
    Field(15, "apartment", 168, 6, "apartment", "apartment", "Id Appartamento",
          "numero dell'appartamento, sei cifre", "number of the apartment, six digits"),
)  # fmt: skip

FIELD = {field.key: field for field in FIELDS}

LENGTH = 168
LENGTH_WITH_APARTMENT = 174
LINES_MAX = 1000
LINE_END = "\r\n"
DAYS_MAX = 30

ROLE_CODES = {
    Role.SINGLE: "16", Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18", Role.FAMILY_MEMBER: "19", Role.GROUP_MEMBER: "20",
}  # fmt: skip

SEX_CODES = {Sex.MALE: "1", Sex.FEMALE: "2"}
