"""What the portal answers about a row: codes, names and texts (spec alloggiati-web 3.5).

Only code 11, code 12 and the texts marked ``seen`` are known from manuals or from calls to the real service; ``told`` are texts
that other programs translate; ``ours`` are texts we had to word because the portal's are not published.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["FAULTS", "FIELD_WRONG", "FORMAT_WRONG", "Evidence", "Fault"]

FORMAT_WRONG = ("11", "SCHEDINA_FORMATO_NON_CORRETTO")
FIELD_WRONG = ("12", "SCHEDINA_CAMPO_NON_CORRETTO")

Evidence = Literal["seen", "told", "ours"]


class Fault(NamedTuple):
    """One way for a row to be refused; ``problem`` is the code of our words for it."""

    code: str
    name: str
    detail: str
    field: str | None
    evidence: Evidence
    problem: str


def _wrong(field: str, detail: str, evidence: Evidence, problem: str) -> Fault:
    return Fault(*FIELD_WRONG, detail, field, evidence, problem)


FAULTS = {
    "length": Fault(*FORMAT_WRONG, "Dimensione Riga errata", None, "seen", "row.length"),
    "role": _wrong("role", "Tipo Alloggiato Errato", "ours", "row.role"),
    "arrival_format": _wrong("arrival", "Data di Arrivo Non Valida", "told", "row.arrival.format"),
    "arrival_window": _wrong("arrival", "Data di Arrivo Errata", "seen", "row.arrival.window"),
    "days": _wrong("days", "Giorni di Permanenza Errati", "told", "row.days"),
    "days_differ": _wrong("days", "Giorni di Permanenza Errati", "ours", "row.days.differ"),
    "surname_missing": _wrong("surname", "Cognome non valido", "told", "row.surname.missing"),
    "surname_characters": _wrong("surname", "Cognome con caratteri non validi", "seen", "row.surname.characters"),
    "name_missing": _wrong("name", "Nome non valido", "told", "row.name.missing"),
    "name_characters": _wrong("name", "Nome con caratteri non validi", "told", "row.name.characters"),
    "sex": _wrong("sex", "Sesso Errato", "told", "row.sex"),
    "birth_format": _wrong("birth_date", "Data di Nascita non valida", "seen", "row.birth_date.format"),
    "birth_impossible": _wrong("birth_date", "Data di Nascita Errata", "told", "row.birth_date.impossible"),
    "birth_comune": _wrong("birth_comune", "Comune di Nascita Errato", "seen", "row.birth_comune"),
    "birth_comune_dates": _wrong("birth_comune", "Comune di Nascita Errato", "ours", "row.birth_comune.dates"),
    "birth_comune_abroad": _wrong("birth_comune", "Comune di Nascita Errato", "ours", "row.birth_comune.abroad"),
    "birth_province": _wrong("birth_province", "Provincia di Nascita Errata", "ours", "row.birth_province"),
    "birth_state": _wrong("birth_state", "Stato di Nascita Errato", "ours", "row.birth_state"),
    "birth_state_dates": _wrong("birth_state", "Stato di Nascita Errato", "ours", "row.birth_state.dates"),
    "citizenship": _wrong("citizenship", "Cittadinanza non valida", "told", "row.citizenship"),
    "citizenship_ceased": _wrong("citizenship", "Cittadinanza non valida", "ours", "row.citizenship.ceased"),
    "type_missing": _wrong("document_type", "Tipo Documento non valido", "told", "row.document_type.missing"),
    "type_unknown": _wrong("document_type", "Tipo Documento Errato", "seen", "row.document_type.unknown"),
    "number_missing": _wrong("document_number", "Numero Documento non valido", "told", "row.document_number.missing"),
    "number_characters": _wrong(
        "document_number", "Numero Documento con caratteri non validi", "told", "row.document_number.characters"
    ),
    "issue": _wrong("issued_in", "Luogo Rilascio Documento Errato", "ours", "row.issued_in"),
    "issue_ceased": _wrong("issued_in", "Luogo Rilascio Documento Errato", "ours", "row.issued_in.ceased"),
    "issue_italy": _wrong("issued_in", "Luogo Rilascio Documento Errato", "ours", "row.issued_in.italy"),
    "member_document": _wrong("document_type", "Tipo Documento non valido", "ours", "row.member.document"),
    "apartment": _wrong("apartment", "Id Appartamento Errato", "ours", "row.apartment"),
    "no_head": _wrong("role", "Ospite con Capo Gruppo o Capo Famiglia Mancante", "told", "row.member.no_head"),
    "wrong_head": _wrong("role", "Ospite con Capo Gruppo o Capo Famiglia Mancante", "ours", "row.member.wrong_head"),
    "head_refused": _wrong("role", "Ospite con Capo Gruppo o Capo Famiglia Mancante", "ours", "row.member.head_refused"),
    "member_arrival": _wrong("arrival", "Data di Arrivo Errata", "ours", "row.member.arrival"),
    "lone_head": _wrong("role", "Capo Famiglia o Capo Gruppo senza componenti", "ours", "row.head.alone"),
    "duplicate": _wrong("surname", "Schedina Duplicata", "ours", "row.duplicate"),
}
