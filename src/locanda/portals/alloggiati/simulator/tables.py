"""The table ``Luoghi`` as the service gives it: comuni and states together, states under the province ``ES``
(spec alloggiati-web 3.2)."""

from __future__ import annotations

from datetime import date

from locanda.places import Tables

__all__ = ["luoghi"]


def luoghi(tables: Tables) -> list[str]:
    """The lines of the table, header first."""
    rows = [(row.police, row.name, row.province, row.valid_to) for row in tables.comuni if row.police]
    rows += [(row.police, row.name, "ES", row.valid_to) for row in tables.states]
    return [
        "Codice;Descrizione;Provincia;DataFineVal",
        *(f"{code};{name};{province};{_end(end)}" for code, name, province, end in sorted(rows, key=_by_name)),
    ]


def _by_name(row: tuple[str | None, str, str, date | None]) -> tuple[str, str]:
    return row[1], row[0] or ""


def _end(day: date | None) -> str:
    return f"{day:%d/%m/%Y} 00:00:00" if day else ""
