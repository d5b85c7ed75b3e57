"""Invented guests in any number, always the same for the same seed: for tests and benches. No real person is meant.

:func:`stays` gives stays in the JSON shape of the commands. Most are fit to be sent; with ``hard`` some carry a fact that has to
be refused (another alphabet, a name too long, a lone head, ...), and :func:`stays` says which code is due.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from string import ascii_letters
from typing import Any, NamedTuple

from locanda.places import Comune, builtin

__all__ = ["HARD", "Invented", "stays"]

_PLAIN = frozenset(ascii_letters)

Json = dict[str, Any]


class Invented(NamedTuple):
    """A stay, and the code of the problem it must raise (None when it is fit)."""

    stay: Json
    due: str | None


_ITALIAN = (
    "Rossi|Bianchi|Ferrante|Esposito|D'Amico|D’Angelo|Dell'Acqua|De Luca|Lo Giudice|Nicolò|Cafà|Di Già|Marò|Sanfelìce|"
    "Colonna-Doria|Greco|Bruno|Gallo|Conti|Fontana|Russo|Mancini|Rizzo|Lombardi|Moretti|Barbieri|Caruso|Ferrari|Galli",
    "Maria|Giuseppe|Niccolò|Chloé|Elisa|Marco|Luca|Sofia|Anna Maria|Gian-Luca|Mosè|Noè|Giosuè|Lucìa|Paolo|Ada",
)
_NATIONS: dict[str, tuple[str, str]] = {
    "DEU": ("Schneider|Müller|Groß|Strauß|Weiß|Köhler|von der Heide|Schröder|Jäger", "Jonas|Jürgen|Käthe|Anneliese|Uwe"),
    "FRA": ("Lefèvre|Françoise-Noël|D’Aubigné|L'Hôte|Bœuf|Crête", "Zoé|Anaïs|Jean-Noël|Hélène|Benoît"),
    "ESP": ("Muñoz|Ibáñez García|Núñez|Peña|Güell", "Íñigo|José Mª|Begoña|Pilar|Raúl"),
    "PRT": ("Conceição|Gonçalves|Araújo|Simões", "João|Inês|Luís|Catarina"),
    "POL": ("Wałęsa|Żółć|Dąbrowski|Śmigły|Łęcka", "Łukasz|Świętosław|Żaneta|Michał"),
    "CZE": ("Dvořák|Čapek|Růžička|Šťastný", "Božena|Jiří|Zdeněk|Věra"),
    "HUN": ("Szőke|Gyűrű|Erdős|Kővári", "Ödön|Zsófia|Győző|Ágnes"),
    "ROU": ("Brâncuși|Ștefănescu|Țurcanu|Păun", "Ioniță|Măriuca|Ștefan|Ileana"),
    "DNK": ("Sørensen|Østergaard|Kjær|Ågård", "Søren|Åse|Bjørn|Mette"),
    "NOR": ("Ødegård|Bjørnson|Lie-Nielsen", "Øyvind|Åshild|Håkon"),
    "SWE": ("Åkesson|Sjöström|Öberg", "Björn|Gösta|Märta"),
    "ISL": ("Þórsdóttir|Guðmundsson|Ægisson", "Þóra|Guðrún|Örn|Ævar"),
    "TUR": ("Yılmaz|Şahin|Öztürk|İnönü|Çağlar", "Işıl|Gökçe|İbrahim|Ayşe"),
    "VNM": ("Nguyễn|Trần|Phạm|Đặng", "Thị Hồng|Đức|Mỹ Linh|Quốc Bảo"),
    "USA": ("O'Neill|Smith-Jones|McDonald|Lee|Washington Jr.", "John|Mary Ann|D'Shawn|Lynn"),
    "GBR": ("Brontë|Fitz-Gerald|Shakespeare|Cholmondeley", "Zoë|Alfred|Siân|Imogen"),
    "BRA": ("da Conceição Araújo|Falcão|Guimarães", "Antônio|Luíza|Otávio"),
    "ALB": ("Hoxha|Gjergji|Çela|Prifti", "Agim|Besë|Dritëro|Elira"),
    "HRV": ("Đorđević|Krleža|Šimić|Čučković", "Đurđa|Željko|Ana"),
    "CHN": ("Wang|Li|Ouyang|Zhang", "Xiaoming|Wei|Meihua"),
    "MAR": ("El Fassi|Ben Aïssa|Aït Ahmed", "Fatima-Zahra|Youssef|Khadîja"),
}  # fmt: skip

HARD = {
    "surname": ("guest.surname.alphabet", ("Παπαδόπουλος", "Иванова", "王", "العربي", "כהן", "Müller-Παππα")),
    "long": ("guest.surname.too_long", ("Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren", "Ab-" * 20 + "Ab")),
    "digits": ("guest.surname.characters", ("R0ssi", "Rossi/Bianchi", "Smith (Jr)", "Bianchi@")),
    "name": ("guest.name.too_long", ("Maria Antonietta Guglielmina Teresa", "Jean-Baptiste Emmanuel Ferdinand")),
    "lone": ("party.head.alone", ()),
    "number": ("document.number.characters", ("AB*12", "ΑΒ 123456", "N°12345")),
    "comune": ("guest.birth_comune.missing", ()),
    "future": ("guest.birth_date.after_arrival", ()),
}  # fmt: skip


@cache
def _comuni() -> tuple[Comune, ...]:
    return tuple(row for row in builtin().comuni if row.police)


def stays(
    seed: int, guests: int, *, hard: bool = False, arrival: date | None = None, plain: float = 0.2
) -> Iterator[Invented]:
    """Stays with at least that many guests in all. With ``arrival`` all arrive that day, else over the year 2026.

    ``plain`` is the share of names that are already one word of base letters.
    """
    random, made, number = Random(seed), 0, 0
    while made < guests:
        number += 1
        day = arrival or date(2026, 1, 1) + timedelta(days=random.randrange(365))
        stay, due = _stay(random, number, day, plain, hard=hard)
        made += len(stay["guests"])
        yield Invented(stay, due)


def _stay(random: Random, number: int, day: date, plain: float, *, hard: bool) -> tuple[Json, str | None]:
    kind = random.choices(("single", "family", "group", "mixed"), (40, 40, 8, 12))[0]
    people: list[Json] = []
    if kind in ("single", "mixed"):
        people += [_guest(random, day, "single") for _ in range(1 if kind == "single" else random.randint(1, 3))]
    if kind in ("family", "mixed"):
        people += _party(random, day, "head_of_family", "family_member", random.randint(1, 5))
    if kind == "group":
        people += _party(random, day, "head_of_group", "group_member", random.randint(4, 30))
    nights = random.choices((0, 1, random.randint(2, 14), 30, random.randint(31, 120)), (1, 20, 70, 2, 7))[0]
    for person in people:
        for key in ("surname", "name"):
            if random.random() < plain:
                person[key] = "".join(letter for letter in unicodedata.normalize("NFD", person[key]) if letter in _PLAIN)
    stay: Json = {
        "id": f"S{number}",
        "arrival": f"{day}T{random.randint(9, 21):02d}:{random.randrange(60):02d}+01:00",
        "guests": [{"id": f"g{index}", **guest} for index, guest in enumerate(people)],
    }
    if random.random() < 0.5:
        stay["nights"] = nights
    else:
        stay["departure"] = (day + timedelta(days=nights)).isoformat()
    due = _spoil(random, stay, day) if hard and random.random() < 0.08 else None
    return stay, due


def _party(random: Random, day: date, head: str, member: str, members: int) -> list[Json]:
    nation = _nation(random)
    return [_guest(random, day, head, nation), *(_guest(random, day, member, nation) for _ in range(members))]


def _nation(random: Random) -> str:
    return "ITA" if random.random() < 0.4 else random.choice(tuple(_NATIONS))


def _guest(random: Random, day: date, role: str, nation: str | None = None) -> Json:
    nation = nation or _nation(random)
    surnames, names = _ITALIAN if nation == "ITA" else _NATIONS[nation]
    surname = random.choice(surnames.split("|"))
    if random.random() < 0.3:
        surname += random.choice((" ", "-")) + random.choice(surnames.split("|"))
    surname = surname if random.random() < 0.7 else surname.upper()
    child = role in ("family_member", "group_member") and random.random() < 0.5
    birth = day - timedelta(days=random.randrange(17 * 365) if child else random.randrange(19 * 365, 95 * 365))
    guest: Json = {
        "role": role, "surname": surname, "name": random.choice(names.split("|")), "sex": random.choice("MF"),
        "birth_date": birth.isoformat(), "citizenship": nation,
    }  # fmt: skip
    if nation == "ITA" and random.random() < 0.9:
        guest |= {"birth_state": random.choice(("IT", "ITA", "100000100")), "birth_comune": _comune(random, birth)}
    else:
        guest["birth_state"] = nation if nation != "ITA" else random.choice(tuple(_NATIONS))
    if role not in ("family_member", "group_member") or random.random() < 0.1:
        guest["document"] = _document(random, day, nation)
    return guest


def _document(random: Random, day: date, nation: str) -> Json:
    number = "".join(random.choices("ABCDEFGHJKLMNPRSTUVXYZ", k=2)) + f"{random.randrange(10**7):07d}"
    if random.random() < 0.05:
        number = number[:2] + random.choice((" ", "-", "/")) + number[2:]
    if nation == "ITA":
        return {"type": random.choice(("IDELE", "IDENT", "PATEN")), "number": number, "issued_in": _comune(random, day)}
    return {"type": random.choice(("PASOR", "IDENT")), "number": number, "issued_in": nation}


def _comune(random: Random, on: date) -> str:
    """A token of some kind for a row that lived on that day (living rows mostly), in the spelling people use."""
    rows = _comuni()
    while True:
        row = random.choice(rows)
        if (row.valid_to is None or random.random() < 0.2) and row.lived(on):
            break
    assert row.police is not None
    token = random.choice((row.label, row.label, row.label.lower(), row.police))
    return token if builtin().comune(token, on) == row else row.police  # two ended rows may bear one name


def _spoil(random: Random, stay: Json, day: date) -> str:
    kind = random.choice(tuple(HARD))
    due, values = HARD[kind]
    guests = stay["guests"]
    guest = random.choice(guests)
    if kind in ("surname", "long", "digits"):
        guest["surname"] = random.choice(values)
    elif kind == "name":
        guest["name"] = random.choice(values)
    elif kind == "lone":
        stay["guests"] = guests = guests[:1]
        guests[0] |= {"role": "head_of_family", "document": _document(random, day, "FRA")}
    elif kind == "number":
        guests[0]["document"]["number"] = random.choice(values)
    elif kind == "comune":
        guest["birth_state"] = "ITA"
        guest.pop("birth_comune", None)
    else:
        guest["birth_date"] = (day + timedelta(days=3)).isoformat()
        if guest["birth_state"] in ("IT", "ITA", "100000100"):
            guest["birth_state"], _ = "FRA", guest.pop("birth_comune")
    return due
