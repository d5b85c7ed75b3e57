"""The XML of ROSS1000 as values, and their text (GIES, tracciato XML v3 of 18/03/2026; spec flussi-turistici 6.1, 6.2).

Everything is text, as in the official schema, so that a file of any software can be read and judged as it stands. An element that
is absent is None, one that is present and empty is ``""``; both are accepted when reading. Whatever is written keeps the order of
the schema, which is the order of the fields here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from locanda.portals.markup import DECLARATION, escaped

__all__ = [
    "ELEMENTS", "LISTS", "OPTIONAL", "Arrivo", "Cancellazione", "Conferma", "Eliminazione", "Movimenti", "Movimento", "Partenza",
    "Prenotazione", "Record", "Rettifica", "Struttura", "content", "day_text", "encode", "record_text",
]  # fmt: skip

Text = str | None


class Struttura(NamedTuple):
    """The house on a day: open or not, rooms occupied and on offer, beds on offer."""

    apertura: Text = None
    camereoccupate: Text = None
    cameredisponibili: Text = None
    lettidisponibili: Text = None


class Arrivo(NamedTuple):
    """A guest who arrives on the day of the movimento."""

    idswh: Text = None
    tipoalloggiato: Text = None
    idcapo: Text = None
    cognome: Text = None
    nome: Text = None
    sesso: Text = None
    cittadinanza: Text = None
    statoresidenza: Text = None
    luogoresidenza: Text = None
    datanascita: Text = None
    statonascita: Text = None
    comunenascita: Text = None
    tipoturismo: Text = None
    mezzotrasporto: Text = None
    canaleprenotazione: Text = None
    titolostudio: Text = None
    professione: Text = None
    esenzioneimposta: Text = None


class Partenza(NamedTuple):
    """A guest who leaves on the day of the movimento."""

    idswh: Text = None
    tipoalloggiato: Text = None
    arrivo: Text = None


class Prenotazione(NamedTuple):
    """A booking received on the day of the movimento. Locanda writes none; it reads and judges those of others."""

    idswh: Text = None
    arrivo: Text = None
    partenza: Text = None
    ospiti: Text = None
    camere: Text = None
    prezzo: Text = None
    canaleprenotazione: Text = None
    statoprovenienza: Text = None
    comuneprovenienza: Text = None


class Eliminazione(NamedTuple):
    """Takes a guest, or a booking (type 99), out of the archive."""

    idswh: Text = None
    tipoalloggiato: Text = None
    arrivo: Text = None


class Cancellazione(NamedTuple):
    """Marks a booking as cancelled."""

    idswh: Text = None
    arrivo: Text = None


class Conferma(NamedTuple):
    """Marks a booking as confirmed."""

    idswh: Text = None
    arrivo: Text = None


Rettifica = Eliminazione | Cancellazione | Conferma
Record = Struttura | Arrivo | Partenza | Prenotazione | Rettifica


class Movimento(NamedTuple):
    """One day. A list is None where its element is absent."""

    data: Text = None
    struttura: Struttura | None = None
    arrivi: tuple[Arrivo, ...] | None = None
    partenze: tuple[Partenza, ...] | None = None
    prenotazioni: tuple[Prenotazione, ...] | None = None
    rettifiche: tuple[Rettifica, ...] | None = None


class Movimenti(NamedTuple):
    """A file: one structure, its days in order."""

    codice: Text = None
    prodotto: Text = None
    movimenti: tuple[Movimento, ...] = ()


LISTS: Final[dict[str, dict[str, type[Record]]]] = {
    "arrivi": {"arrivo": Arrivo},
    "partenze": {"partenza": Partenza},
    "prenotazioni": {"prenotazione": Prenotazione},
    "rettifiche": {"eliminazione": Eliminazione, "cancellazione": Cancellazione, "conferma": Conferma},
}
"""What stands in each list of a day, in the order of the schema."""

ELEMENTS: Final[dict[type[Record], str]] = {
    Struttura: "struttura", **{kind: name for entry in LISTS.values() for name, kind in entry.items()},
}  # fmt: skip

OPTIONAL: Final[frozenset[str]] = frozenset(
    (
        "idcapo", "cognome", "nome", "statonascita", "comunenascita", "tipoturismo", "mezzotrasporto", "canaleprenotazione",
        "titolostudio", "professione", "esenzioneimposta", "prezzo", "statoprovenienza", "comuneprovenienza",
    )
)  # fmt: skip
"""Fields that the schema lets be absent (minOccurs 0); the name alone says it, whatever the record."""

# ------------------------------------------------------------------------------------------------------------------ writing


_Shape = tuple[type[Record], tuple[bool, ...]]
_TEMPLATES: dict[_Shape, str] = {}
"""A record with its holes, for each choice of absent fields: files use few of them."""


def _template(shape: _Shape) -> str:
    kind, absent = shape
    inside = "".join(f"<{name}>%s</{name}>" for name, gone in zip(kind._fields, absent, strict=True) if not gone)
    made = _TEMPLATES[shape] = f"<{ELEMENTS[kind]}>{inside}</{ELEMENTS[kind]}>\n"
    return made


def record_text(record: Record) -> str:
    """A record as it stands in a file, on a line of its own."""
    shape = type(record), tuple([value is None for value in record])
    texts = tuple([value for value in record if value is not None])
    if escaped(together := "".join(texts)) is not together:  # few records hold a sign to escape: one look for all fields
        texts = tuple(map(escaped, texts))
    return (_TEMPLATES.get(shape) or _template(shape)) % texts


def day_text(day: Movimento) -> str:
    """A day as it stands in a file."""
    parts = ["<movimento>\n"]
    if day.data is not None:
        parts.append(f"<data>{escaped(day.data)}</data>\n")
    if day.struttura is not None:
        parts.append(record_text(day.struttura))
    for name, records in zip(LISTS, day[2:], strict=True):
        if records is not None:
            parts.append(f"<{name}>\n")
            parts += [record_text(record) for record in records]
            parts.append(f"</{name}>\n")
    parts.append("</movimento>\n")
    return "".join(parts)


def content(file: Movimenti) -> str:
    """What stands inside the root of a file, and inside ``movimentazione`` on the wire."""
    head = [
        f"<{name}>{escaped(value)}</{name}>\n"
        for name, value in (("codice", file.codice), ("prodotto", file.prodotto))
        if value is not None
    ]
    return "".join(head + [day_text(day) for day in file.movimenti])


def encode(file: Movimenti) -> bytes:
    """The bytes of a file."""
    return f"{DECLARATION}\n<movimenti>\n{content(file)}</movimenti>\n".encode()
