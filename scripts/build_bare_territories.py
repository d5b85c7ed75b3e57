# ruff: noqa: E501 (tables)
"""Write the territory files of which only little is known, from the tables below.

    python scripts/build_bare_territories.py           write them
    python scripts/build_bare_territories.py --check   fail when a file differs from what would be written

A region gets its statistics portal, cadence and monthly duty (spec flussi-turistici 10); a province its name and codes. Files are
marked as bare in their first line. To write one by hand, delete that line: this script then leaves the file alone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / "src" / "locanda" / "territories" / "it"
MARK = "# Bare: written by scripts/build_bare_territories.py. Delete this line to write the file by hand.\n"
READ_ON = "2026-11-01"


class Flow(NamedTuple):
    """A row of the region table."""

    portal: str
    name: str
    url: str | None
    mode: str
    format: str
    cadence: str
    it: str
    en: str
    confidence: str
    status: str
    deadline: str
    lets: bool = False
    basis: str | tuple[str, str] = ("istruzioni della Regione", "regional instructions")
    codes: str = "police"
    service: str | None = None
    also: tuple[str, str, str, str, str] | None = None
    """Format, modes, whom it is for in Italian and English, and web service of a system beside it."""

    @property
    def parts(self) -> tuple[str, str]:
        """The basis in Italian and in English: a bare citation is the same in both."""
        return (self.basis, self.basis) if isinstance(self.basis, str) else self.basis


def month(day: int) -> str:
    return f'{{ kind = "after_period", period = "month", day = {day} }}'


UNKNOWN = (
    "la data di legge non è stata trovata: il giorno 5 del mese dopo è un nostro obiettivo interno, da verificare con la Regione",
    "the legal day was not found: the 5th of next month is our internal target, to be checked with the region",
)

PROVINCIAL = ("istruzioni della Provincia", "provincial instructions")

FLOWS: dict[str, Flow] = {
    "piemonte": Flow(
        "ROSS1000-PI", "Piemonte Dati Turismo (ROSS1000)", "https://piemontedatiturismo.regione.piemonte.it", "WS, FILE", "ross1000",
        "month", "ogni mese; il giorno 10 viene da una vecchia pagina locale", "monthly; the 10th comes from an old local page",
        "WS A; date C", "unverified", month(10),
        service="https://piemontedatiturismo.regione.piemonte.it/ws/checkinV2",
    ),
    "valle_d_aosta": Flow(
        "VIT-VDA", "VIT Albergatori", None, "WS", "vit", "month",
        f"il mese si chiude con il C59M; {UNKNOWN[0]}", f"the month is closed by the C59M; {UNKNOWN[1]}", "B", "unverified", month(5),
        codes="istat",
    ),
    "trentino_alto_adige/trento": Flow(
        "DTU-TN", "DTU / STU (ISPAT)", "https://dtu.provincia.tn.it", "WS", "c59-v4", "day",
        "il giorno dopo; gli alloggi privati 48 ore", "next day; private lodgings 48 h", "B", "press",
        '{ kind = "within", event = "movement", duration = "P1D" }', basis=PROVINCIAL,
        codes="own", service="https://dtu.provincia.tn.it/c59service",
    ),
    "trentino_alto_adige/bolzano": Flow(
        "ASTAT-BZ", "ASTAT / LTS (TIC-Web)", None, "SHEET", "c59", "unknown", *UNKNOWN, "C", "unverified", month(5),
        basis=PROVINCIAL,
        codes="unknown",
    ),
    "veneto": Flow(
        "ROSS1000-VE", "Veneto ROSS1000", "https://flussituristici.regione.veneto.it", "WS, FILE", "ross1000", "unknown", *UNKNOWN,
        "WS A", "unverified", month(5), lets=True,
        basis=("RR 2/2019 art. 7 come modificato dal RR 4/2023 (locazioni brevi)", "RR 2/2019 art. 7 as changed by RR 4/2023 (short lets)"),
        service="https://flussituristici.regione.veneto.it/ws/checkinV2",
    ),
    "friuli_venezia_giulia": Flow(
        "WEBTUR-FVG", "WebTur", None, "SHEET", "c59", "unknown", *UNKNOWN, "C", "unverified", month(5),
        codes="unknown",
    ),
    "liguria": Flow(
        "RIMOVCLI-LI", "RIMOVCLI e ROSS1000", "https://turismows.regione.liguria.it", "FILE", "rimovcli", "week",
        "entro 7 giorni (DGR 549/2013); RIMOVCLI per le strutture classificate, ROSS1000 per le altre",
        "7 days (DGR 549/2013); RIMOVCLI for classified structures, ROSS1000 for the others", "A", "official",
        '{ kind = "within", event = "movement", duration = "P7D" }', basis="DGR 549/2013",
        codes="istat", also=(
            "ross1000", "WS, FILE", "appartamenti ammobiliati a uso turistico, e chi ha il profilo di struttura ricettiva su ROSS1000",
            "furnished holiday flats, and whoever has the profile of an accommodation structure on ROSS1000",
            "https://turismows.regione.liguria.it/ws/checkinV2",
        ),
    ),
    "emilia_romagna": Flow(
        "ROSS1000-ER", "Emilia-Romagna ROSS1000", "https://datiturismo.regione.emilia-romagna.it", "WS, FILE", "ross1000", "month",
        f"ogni mese; {UNKNOWN[0]}", f"monthly; {UNKNOWN[1]}", "WS A", "unverified", month(5),
        service="https://datiturismo.regione.emilia-romagna.it/ws/checkinV2",
    ),
    "toscana": Flow(
        "RICESTAT-TO", "Ricestat / WebCheck-In", None, "WS", "ricestat", "month", "entro il giorno 5 del mese dopo (LR 61/2024 art. 72)",
        "5th of next month (LR 61/2024 art. 72)", "A/B", "law", month(5), basis="L.R. Toscana 61/2024 art. 72",
    ),
    "umbria": Flow(
        "TURISMATICA-UM", "Turismatica / TOLM", None, "FILE", "turismatica", "unknown", *UNKNOWN, "B", "unverified", month(5),
        codes="own",
    ),
    "marche": Flow(
        "ISTRICE-MA", "Istrice-ROSS1000", "https://istrice-ross1000.turismo.marche.it", "WS, FILE", "ross1000", "unknown",
        f"{UNKNOWN[0]}; le aree camper possono inviare entro il 5", f"{UNKNOWN[1]}; camper areas may send by the 5th", "WS A",
        "unverified", month(5),
        service="https://istrice-ross1000.turismo.marche.it/ws/checkinV2",
    ),
    "lazio": Flow(
        "ROSS1000-LAZ", "Lazio ROSS1000", "https://lazioturismo.ross1000.it", "WS, FILE", "ross1000", "month",
        "entro il mese dopo l'arrivo (LR 13/2007 art. 28 e regolamenti); per prudenza il giorno 5. Dal 21 maggio 2025 al posto di RADAR",
        "within the month after the arrival (LR 13/2007 art. 28 and regulations); be safe with the 5th. In place of RADAR since 21 May 2025",
        "A/C", "unverified", month(5), basis="L.R. Lazio 13/2007 art. 28",
        service="https://lazioturismo.ross1000.it/ws/checkinV2",
    ),
    "abruzzo": Flow(
        "SITRA-AB", "SITRA (ROSS1000)", "https://app.regione.abruzzo.it/Turismo5", "WS, FILE", "ross1000", "ten_days",
        "ogni dieci giorni, al più tardi il 10 del mese dopo, zero compreso (LR 11/1993 art. 30)",
        "every ten days, at the latest the 10th of next month, zero included (LR 11/1993 art. 30)", "B", "press", month(10),
        basis="L.R. Abruzzo 11/1993 art. 30",
        service="https://app.regione.abruzzo.it/Turismo5/ws/checkinV2",
    ),
    "molise": Flow(
        "ROSS1000-MOL", "Molise ROSS1000", "https://moliseturismo.ross1000.it", "WS, FILE", "ross1000", "unknown",
        f"ROSS1000 dal 1° dicembre 2025; {UNKNOWN[0]}", f"ROSS1000 since 1 December 2025; {UNKNOWN[1]}", "A/—", "unverified", month(5),
        service="https://moliseturismo.ross1000.it/ws/checkinV2",
    ),
    "campania": Flow(
        "SINFONIA-CAM", "Sinfonia SMART", "https://turismo.regione.campania.it", "WS", "sinfonia", "month",
        f"ogni mese con il dettaglio dei giorni; {UNKNOWN[0]}", f"monthly with daily detail; {UNKNOWN[1]}", "B", "unverified", month(5),
        codes="istat", service="https://turismo.regione.campania.it/turismoweb/api-gestionali",
    ),
    "basilicata": Flow(
        "ROSS1000-BAS", "Basilicata ROSS1000", "https://sist-aptbasilicata.turitweb.it", "FILE", "ross1000", "month",
        "il giorno 5 viene da una vecchia pagina; servizio web da verificare", "the 5th comes from an old page; web service to be verified",
        "C", "unverified", month(5),
        service="https://sist-aptbasilicata.turitweb.it/ws/checkinV1",
    ),
    "calabria": Flow(
        "SIRDAT-CAL", "SIRDAT (ROSS1000)", "https://sirdat.regione.calabria.it", "WS, FILE", "ross1000", "unknown", *UNKNOWN, "WS A",
        "unverified", month(5),
        service="https://sirdat.regione.calabria.it/ws/checkinV2",
    ),
    "sicilia": Flow(
        "OSSERVATORIO-SIC", "Osservatorio Turistico (Turist@t)", "https://osservatorioturistico.regione.sicilia.it", "WS", "turistat",
        "day", "ogni giorno a fine giornata; il giorno di legge non è stato trovato (D.A. 25/7/2014)",
        "daily, at the end of the day; the legal day was not found (D.A. 25 Jul 2014)", "B", "unverified",
        '{ kind = "at_event", event = "movement" }', basis=("D.A. 25/7/2014", "D.A. 25 Jul 2014"),
        service="https://osservatorioturistico.regione.sicilia.it/webapi/api",
    ),
}  # fmt: skip
"""Puglia, Lombardia and Sardegna are written by hand."""

ROSS1000_TOSCANA = Flow(
    "ROSS1000-TO", "Toscana ROSS1000", "https://toscanaturismo.ross1000.it/turismo5-web", "WS, FILE", "ross1000", "month",
    "entro il giorno 5 del mese dopo (LR 61/2024 art. 72)", "5th of next month (LR 61/2024 art. 72)", "A", "law", month(5),
    basis="L.R. Toscana 61/2024 art. 72",
    service="https://toscanaturismo.ross1000.it/turismo5-web/ws/checkinV2",
)  # fmt: skip

REGIONS: dict[str, tuple[str, str, str, str]] = {
    "piemonte": ("Regione Piemonte", "01", "IT-21", "Torino 001 TO+, Vercelli 002 VC, Novara 003 NO, Cuneo 004 CN, Asti 005 AT, "
                 "Alessandria 006 AL, Biella 096 BI, Verbano-Cusio-Ossola 103 VB"),
    "valle_d_aosta": ("Regione Valle d'Aosta", "02", "IT-23", "Aosta 007 AO-"),
    "lombardia": ("", "", "", "Varese 012 VA, Como 013 CO, Milano 015 MI+, Bergamo 016 BG, Brescia 017 BS, Pavia 018 PV, "
                  "Cremona 019 CR, Mantova 020 MN, Lecco 097 LC, Lodi 098 LO, Monza e della Brianza 108 MB"),
    "trentino_alto_adige": ("Regione Trentino-Alto Adige", "04", "IT-32", "Bolzano 021 BZ, Trento 022 TN"),
    "veneto": ("Regione Veneto", "05", "IT-34", "Verona 023 VR, Vicenza 024 VI, Belluno 025 BL, Treviso 026 TV, Venezia 027 VE+, "
               "Padova 028 PD, Rovigo 029 RO"),
    "friuli_venezia_giulia": ("Regione Friuli Venezia Giulia", "06", "IT-36", "Udine 030 UD, Gorizia 031 GO, Trieste 032 TS, "
                              "Pordenone 093 PN"),
    "liguria": ("Regione Liguria", "07", "IT-42", "Imperia 008 IM, Savona 009 SV, Genova 010 GE+, La Spezia 011 SP"),
    "emilia_romagna": ("Regione Emilia-Romagna", "08", "IT-45", "Piacenza 033 PC, Parma 034 PR, Reggio nell'Emilia 035 RE, "
                       "Modena 036 MO, Bologna 037 BO+, Ferrara 038 FE, Ravenna 039 RA, Forlì-Cesena 040 FC, Rimini 099 RN"),
    "toscana": ("Regione Toscana", "09", "IT-52", "Massa-Carrara 045 MS, Lucca 046 LU, Pistoia 047 PT, Firenze 048 FI+, "
                "Livorno 049 LI, Pisa 050 PI, Arezzo 051 AR, Siena 052 SI, Grosseto 053 GR, Prato 100 PO"),
    "umbria": ("Regione Umbria", "10", "IT-55", "Perugia 054 PG, Terni 055 TR"),
    "marche": ("Regione Marche", "11", "IT-57", "Pesaro e Urbino 041 PU, Ancona 042 AN, Macerata 043 MC, Ascoli Piceno 044 AP, "
               "Fermo 109 FM"),
    "lazio": ("Regione Lazio", "12", "IT-62", "Viterbo 056 VT, Rieti 057 RI, Roma 058 RM+, Latina 059 LT, Frosinone 060 FR"),
    "abruzzo": ("Regione Abruzzo", "13", "IT-65", "L'Aquila 066 AQ, Teramo 067 TE, Pescara 068 PE, Chieti 069 CH"),
    "molise": ("Regione Molise", "14", "IT-67", "Campobasso 070 CB, Isernia 094 IS"),
    "campania": ("Regione Campania", "15", "IT-72", "Caserta 061 CE, Benevento 062 BN, Napoli 063 NA+, Avellino 064 AV, Salerno 065 SA"),
    "puglia": ("", "", "", "Foggia 071 FG, Taranto 073 TA, Brindisi 074 BR, Lecce 075 LE"),
    "basilicata": ("Regione Basilicata", "17", "IT-77", "Potenza 076 PZ, Matera 077 MT"),
    "calabria": ("Regione Calabria", "18", "IT-78", "Cosenza 078 CS, Catanzaro 079 CZ, Reggio di Calabria 080 RC+, Crotone 101 KR, "
                 "Vibo Valentia 102 VV"),
    "sicilia": ("Regione Siciliana", "19", "IT-82", "Trapani 081 TP, Palermo 082 PA+, Messina 083 ME+, Agrigento 084 AG, "
                "Caltanissetta 085 CL, Enna 086 EN, Catania 087 CT+, Ragusa 088 RG, Siracusa 089 SR"),
    "sardegna": ("", "", "", "Sassari 090/112 SS, Nuoro 091/105 NU, Cagliari 092 CA+, Oristano 095 OR, Sud Sardegna 111/106 SU, "
                 "Gallura Nord-Est Sardegna 113/104 --, Sulcis Iglesiente 119/107 --"),
}  # fmt: skip
"""Name, ISTAT and ISO code; its provinces as "name codes plate": + a metropolitan city, - no province of its own; -- no plate known."""

EXTRA: dict[str, str] = {
    "piemonte": '''
[[parameter]]
id = "regional-code"
it = "Codice regionale della struttura. Il CIN si chiede entro 30 giorni da quando lo si riceve"
en = "Regional code of a property. The CIN is asked for within 30 days of getting it"
value = "CIR"
status = "press"
valid_from = 2020-01-01
sources = ["flows: 6.9"]
''',
    "marche": '''
[[obligation]]
id = "IT-57-PRZ-01"
it = "Comunicazione annuale di prezzi e aperture"
en = "Yearly return of prices and openings"
basis = { it = "Istruzioni della Regione", en = "regional instructions" }
applies = ["HOT", "EXT", "agriturismo"]
advised = ["LT"]
channel = "ISTRICE-MA"
evidence = ["portal_record"]
sanctions = []
status = "press"
valid_from = 2020-01-01
sources = ["flows: 6.9, 10"]
deadline = { kind = "yearly", month = 10, day = 1, year_offset = -1 }
remarks.it = "Le modifiche per l'estate entro il 1° marzo."
remarks.en = "Changes for the summer by 1 March."
''',
    "campania": '''
[[obligation]]
id = "IT-72-PRZ-01"
it = "Comunicazione annuale di prezzi e aperture"
en = "Yearly return of prices and openings"
basis = { it = "Istruzioni della Regione", en = "regional instructions" }
applies = ["HOT", "EXT", "agriturismo"]
advised = ["LT"]
channel = "SINFONIA-CAM"
evidence = ["portal_record"]
sanctions = []
status = "unverified"
valid_from = 2020-01-01
sources = ["flows: 10"]
deadline = { kind = "yearly", month = 10, day = 1, year_offset = -1 }
remarks.it = "Le modifiche entro il 1° marzo, con effetto dal 1° giugno."
remarks.en = "They can be changed until 1 March; the change counts from 1 June."

[[parameter]]
id = "regional-code"
it = "Codice regionale della struttura. Il CIN si chiede entro 30 giorni da quando lo si riceve"
en = "Regional code of a property. The CIN is asked for within 30 days of getting it"
value = "CUSR"
status = "press"
valid_from = 2020-01-01
sources = ["flows: 9.4"]
''',
}  # fmt: skip

OVERRIDE_TOSCANA = '''
[[obligation]]
id = "IT-52-STAT-01"
channel = "ROSS1000-TO"
'''


def text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def words(it: str, en: str) -> str:
    return f"{{ it = {text(it)}, en = {text(en)} }}"


def both(it: str, en: str) -> str:
    """A pair of sentences, or one text where they are the same."""
    return text(it) if it == en else words(it, en)


def slug(name: str) -> str:
    plain = name.lower().replace("ì", "i").replace("'", " ").replace("-", " ")
    return "_".join(plain.split())


def head(level: str, name: str, lines: list[str], *, known: bool) -> str:
    remark = (
        ("Si conoscono solo il portale della statistica e il suo ritmo. Ogni altra regola va verificata.",
         "Only the statistics portal and its cadence are known. Every other rule must be checked.")
        if known else
        ("Di questo territorio non si sa altro che il nome: valgono le regole dei territori superiori.",
         "Nothing is known of this territory but its name: the rules of the territories above hold.")
    )  # fmt: skip
    rows = ["[territory]", f'level = "{level}"', f"name = {text(name)}", *lines, f"read_on = {READ_ON}"]
    rows += [f"remarks.it = {text(remark[0])}", f"remarks.en = {text(remark[1])}"]
    return "\n".join(rows) + "\n"


def statistics(flow: Flow, prefix: str) -> str:
    modes = ", ".join(text(mode) for mode in flow.mode.split(", "))
    rows = ["", "[statistics]", f'portal = "{flow.portal}"', f'codes = "{flow.codes}"', f'cadence = "{flow.cadence}"', f"mode = [{modes}]"]
    rows += [f"format = {text(flow.format)}"]
    rows += [f"service = {text(flow.service)}"] if flow.service else []
    if flow.also:
        form, mode, it, en, service = flow.also
        beside = ", ".join(text(part) for part in mode.split(", "))
        rows += [
            "also = [", f"  {{ format = {text(form)}, mode = [{beside}], who = {words(it, en)}, service = {text(service)} }},", "]",
        ]
    rows += [f"deadline = {words(flow.it, flow.en)}", f'duties = ["{prefix}-STAT-01"]']
    rows += [f"confidence = {text(flow.confidence)}", f'status = "{flow.status}"']
    rows += ['sources = ["flows: 10"]', ""]
    return "\n".join(rows)


def portal(flow: Flow) -> str:
    rows = ["", "[[portal]]", f'id = "{flow.portal}"', f"name = {text(flow.name)}"]
    rows += [f"url = {text(flow.url)}"] if flow.url else []
    rows += [
        f"purpose = {words('Flussi turistici', 'Visitor flows')}",
        f"login = {words('Non verificato', 'Not verified')}", f'status = "{"official" if flow.url else "unverified"}"',
        "valid_from = 2020-01-01", 'sources = ["flows: 6.6, 9, 10"]', "",
    ]  # fmt: skip
    return "\n".join(rows)


def duty(flow: Flow, prefix: str) -> str:
    lets = 'applies = ["HOT", "EXT", "LT", "agriturismo"]\n' if flow.lets else (
        'applies = ["HOT", "EXT", "agriturismo"]\nadvised = ["LT"]\n'
    )
    return f'''
[[obligation]]
id = "{prefix}-STAT-01"
it = "Comunicazione dei flussi turistici"
en = "Visitor-flow return"
basis = {both(*(f"D.Lgs. 322/1989 art. 7; {part}" for part in flow.parts))}
{lets}channel = "{flow.portal}"
evidence = ["portal_record"]
sanctions = ["N-STAT-322"]
refines = "IT-STAT-01"
status = "{flow.status}"
valid_from = 2020-01-01
sources = ["flows: 10"]
deadline = {flow.deadline}
remarks = {words(flow.it[0].upper() + flow.it[1:] + ".", flow.en[0].upper() + flow.en[1:] + ".")}
'''


def region_file(folder: str) -> str:
    name, istat, iso, _ = REGIONS[folder]
    flow = FLOWS.get(folder)
    top = head("region", name, [f'istat = "{istat}"', f'iso = "{iso}"'], known=flow is not None)
    return top + (statistics(flow, iso) + duty(flow, iso) + EXTRA.get(folder, "") + portal(flow) if flow else "")


def province_file(folder: str, name: str, codes: str, plate: str) -> tuple[str, str]:
    """Its path and its text."""
    path = f"{folder}/{slug(name)}"
    code, _, more = codes.partition("/")
    title = (
        name if plate.endswith("-") and plate != "--" else f"Città metropolitana di {name}" if plate.endswith("+") else
        f"Provincia autonoma di {name}" if folder == "trentino_alto_adige" else f"Provincia di {name}"
    )  # fmt: skip
    if title == name:
        title = f"{name} (le funzioni di provincia sono della Regione)"
    lines = [f'istat = "{code}"'] + ([f'istat_more = ["{more}"]'] if more else [])
    lines += [f'plate = "{plate[:2]}"'] if plate != "--" else []
    flow = FLOWS.get(path)
    text_ = head("province", title, lines, known=flow is not None)
    if flow is not None:
        text_ += statistics(flow, f"IT-{plate[:2]}") + duty(flow, f"IT-{plate[:2]}") + portal(flow)
    elif folder == "toscana" and plate[:2] in ("FI", "PO", "PT"):
        text_ += statistics(ROSS1000_TOSCANA, "IT-52") + OVERRIDE_TOSCANA + portal(ROSS1000_TOSCANA)
    return f"{path}/{slug(name)}.toml", text_


def files() -> dict[str, str]:
    """Every bare file by its path below ``it``."""
    found = {}
    for folder, (name, _, _, provinces) in REGIONS.items():
        if name:
            found[f"{folder}/{folder}.toml"] = region_file(folder)
        for entry in provinces.split(", "):
            title, codes, plate = entry.rsplit(" ", 2)
            path, body = province_file(folder, title, codes, plate)
            found[path] = body
    return {path: MARK + body for path, body in found.items()}


def main(arguments: list[str]) -> int:
    stale = []
    for path, body in files().items():
        target = TREE / path
        if target.exists():
            present = target.read_text(encoding="utf-8")
            if not present.startswith(MARK) or present == body:
                continue
        stale.append(path)
        if "--check" not in arguments:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
    print(f"{len(files())} bare files, {len(stale)} {'differ' if '--check' in arguments else 'written'}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
