# ruff: noqa: E501 (tables)
"""What the ids of the packs are called on the pages under docs/territories, in Italian and in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

TEXTS = Path(__file__).resolve().parent.parent / "src" / "locanda" / "web" / "texts"
INDEX = {"it": 0, "en": 1}

EVENTS: Mapping[str, tuple[str, str]] = {
    "arrival": ("arrivo dell'ospite", "the guest's arrival"), "departure": ("partenza dell'ospite", "the guest's departure"),
    "movement": ("arrivo o partenza", "an arrival or a departure"), "first_arrival": ("primo arrivo", "the first arrival"),
    "first_transmission": ("primo invio", "the first return"), "first_payment": ("primo pagamento", "the first payment"),
    "cin_request": ("richiesta del CIN", "the request for the CIN"), "class_decision": ("provvedimento di classificazione", "the class decision"),
    "availability_start": ("alloggio disponibile", "the home becoming available"),
    "start_without_regional_code": ("avvio, dove non c'è un codice regionale", "the start, where there is no regional code"),
    "form_signed": ("firma del modulo", "the signature of the form"), "closure_planned": ("inizio della chiusura", "the start of a closure"),
    "closing_days": ("giorni di chiusura", "closing days"), "price_change": ("cambio dei prezzi", "a change of prices"),
    "regional_code_issued": ("rilascio del codice regionale", "the regional code being given"), "activity_start": ("avvio dell'attività", "the start of activity"),
    "activity_end": ("fine dell'attività, o cambio di gestione o d'uso", "the end of activity, or a change of operator or use"),
    "certificate_expiry": ("scadenza del certificato", "the end of the certificate"), "listing_published": ("pubblicazione dell'annuncio", "the listing going online"),
    "apartments_let": ("superamento della soglia", "crossing the threshold"), "portal_receipt": ("ricevuta del portale", "the portal's receipt"),
    "outage": ("guasto del portale", "the outage"), "unit_added": ("aggiunta di una struttura", "a property being added"),
    "challenge_served": ("notifica della contestazione", "the notice of breach being served"), "order_served": ("notifica dell'ordinanza", "the order to pay being served"),
    "transmission_closed": ("chiusura dei mesi", "the months being closed"), "payment_due": ("termine della dichiarazione o del pagamento", "the term of return or payment"),
    "last_entry": ("ultima registrazione", "the last entry"), "breach": ("violazione", "the breach"),
    "consent_withdrawn": ("revoca del consenso", "consent being withdrawn"), "contract_end": ("fine del contratto", "the end of the contract"),
    "copy_made": ("copia", "the copy"),
}  # fmt: skip

TRIGGERS: Mapping[str, tuple[str, str]] = {
    "stay_long": ("soggiorno di più di 24 ore", "a stay of more than 24 hours"), "stay_short": ("soggiorno fino a 24 ore", "a stay of 24 hours or less"),
    "portal_unusable": ("il portale non si può usare", "the portal cannot be used"), "credentials_missing": ("mancano le credenziali", "credentials are missing"),
    "account_of_flats": ("c'è un'utenza «gestione appartamenti»", "there is an account “gestione appartamenti”"),
    "certificate_held": ("c'è ancora un certificato", "a certificate is still held"), "tourist_tax": ("il comune applica l'imposta", "the comune levies the tax"),
    "threshold_exceeded": ("oltre la soglia, o come impresa", "above the threshold, or as a business"), "guest_exempt": ("l'ospite è esente", "the guest is exempt"),
    "guest_refuses": ("l'ospite rifiuta di pagare", "the guest refuses to pay"), "period_without_guests": ("nessun ospite nel mese", "no guest in the month"),
    "days_without_guests": ("giorni senza ospiti o di chiusura", "days without guests, or closed"), "non_eu_guest": ("ospite di fuori dell'UE", "a guest from outside the EU"),
}  # fmt: skip

GROUPS: Mapping[str, tuple[str, str]] = {
    "ALL": ("tutte le strutture e le locazioni", "all properties and lets"), "HOT": ("strutture alberghiere", "hotels"),
    "EXT": ("strutture extralberghiere", "extra-hotel properties"), "LT": ("locazioni turistiche", "tourist lets"), "CAV": ("case per vacanze", "holiday homes"),
    "CURA": ("case di cura e di riposo", "clinics and care homes"), "OPEN_AIR": ("campeggi, villaggi, marina resort", "campsites, villages, marina resorts"),
}  # fmt: skip
SUFFIXES: Mapping[str, tuple[str, str]] = {
    "_np": (" (non impresa)", " (not a business)"), "_p": (" (impresa)", " (business)"), "_listed": (" (nell'elenco regionale)", " (on the regional list)"),
}  # fmt: skip
UNLESS: Mapping[str, tuple[str, str]] = {
    "listed_refuge": ("rifugi dell'elenco regionale", "refuges on the regional list"), "lets_over_30_days": ("locazioni oltre 30 giorni", "lets of more than 30 days"),
}  # fmt: skip

PERIODS: Mapping[str, tuple[str, str]] = {
    "month": ("del mese dopo", "of the month after"), "quarter": ("del mese dopo il trimestre", "of the month after the quarter"),
    "four_months": ("del mese dopo il quadrimestre", "of the month after the four months"), "half_year": ("del mese dopo il semestre", "of the month after the half-year"),
    "year": ("del mese dopo l'anno", "of the month after the year"),
}  # fmt: skip
YEARS: Mapping[int, tuple[str, str]] = {
    -1: ("dell'anno prima", "of the year before"), 0: ("dello stesso anno", "of the same year"), 1: ("dell'anno dopo", "of the year after"),
}  # fmt: skip
MONTHS: tuple[tuple[str, str], ...] = (
    ("gennaio", "January"), ("febbraio", "February"), ("marzo", "March"), ("aprile", "April"), ("maggio", "May"), ("giugno", "June"),
    ("luglio", "July"), ("agosto", "August"), ("settembre", "September"), ("ottobre", "October"), ("novembre", "November"),
    ("dicembre", "December"),
)  # fmt: skip
ROLLS: Mapping[str, tuple[str, str]] = {
    "tax": ("; di sabato o in un giorno festivo, il primo giorno feriale", "; on a Saturday or holiday, the next working day"),
    "civil": ("; in un giorno festivo, il giorno dopo", "; on a holiday, the day after"), "none": ("", ""),
}  # fmt: skip
LENGTHS: Mapping[str, tuple[str, str, str, str]] = {
    "H": ("ora", "ore", "hour", "hours"), "D": ("giorno", "giorni", "day", "days"), "M": ("mese", "mesi", "month", "months"),
    "Y": ("anno", "anni", "year", "years"),
}  # fmt: skip

UNITS: Mapping[str, tuple[str, str]] = {
    "offence": ("per reato", "per offence"), "property": ("per struttura", "per property"), "violation": ("per violazione", "per violation"),
    "month": ("per mese", "per month"), "four_months": ("per quadrimestre", "per four-month period"),
    "advertised_activity": ("per attività pubblicizzata", "per advertised activity"), "tax_due": ("dell'imposta dovuta", "of the tax due"),
    "tax_unpaid": ("dell'imposta non versata", "of the tax unpaid"),
}  # fmt: skip
COURTS: Mapping[str, tuple[str, str]] = {
    "court": ("il giudice", "the court"), "prefect": ("il prefetto", "the prefect"), "not_stated": ("la fonte non lo dice", "the source does not say"),
}  # fmt: skip
STATUS: Mapping[str, tuple[str, str]] = {
    "law": ("dalla legge", "from the law"), "official": ("da un'autorità", "from an authority"), "press": ("dalla stampa", "from the press"),
    "disputed": ("fonti discordi", "disputed"), "unverified": ("da verificare", "to be verified"),
}  # fmt: skip
MODES: Mapping[str, tuple[str, str]] = {
    "WS": ("servizio web", "web service"), "FILE": ("file", "file"), "SHEET": ("foglio da ribattere", "sheet to type from"), "NONE": ("niente", "nothing"),
}  # fmt: skip
CASES: Mapping[str, tuple[str, str]] = {
    "single_flat": ("un solo appartamento", "one flat"), "management": ("gestione appartamenti", "management of flats"),
    "accommodation": ("struttura ricettiva", "accommodation business"), "add_unit": ("un'altra struttura", "one more property"), "closure": ("chiusura", "closing"),
    "request_form": ("ogni richiesta", "every request"), "password_reset": ("password perduta", "a lost password"),
}  # fmt: skip
CADENCES: Mapping[str, tuple[str, str]] = {
    "day": ("ogni giorno", "daily"), "ten_days": ("ogni dieci giorni", "every ten days"), "week": ("ogni settimana", "weekly"), "month": ("ogni mese", "monthly"),
    "unknown": ("non si sa", "unknown"),
}  # fmt: skip
KINDS: Mapping[str, tuple[str, str]] = {
    "obligation": ("adempimenti", "duties"), "sanction": ("sanzioni", "sanctions"), "contact": ("uffici", "offices"), "parameter": ("numeri", "numbers"),
    "portal": ("portali", "portals"), "document": ("documenti", "papers"), "instruction": ("istruzioni", "instructions"), "keep": ("conservazioni", "keeping rules"),
    "note": ("note", "notes"), "tourist_tax": ("versioni dell'imposta di soggiorno", "versions of the tourist tax"),
}  # fmt: skip


TAX_FACTS: Mapping[str, tuple[str, str]] = {
    "age": ("età {}", "age {}"), "stars": ("stelle {}", "stars {}"), "suns": ("soli {}", "suns {}"), "category": ("categoria {}", "category {}"),
    "cadastral_category": ("categoria catastale {}", "cadastral category {}"), "zone": ("zona {}", "zone {}"),
    "child_order": ("figlio minore numero {}", "minor child number {}"), "participants": ("partecipanti {}", "participants {}"),
    "nights_of_stay": ("notti del soggiorno {}", "nights of the stay {}"), "booked_on": ("prenotato {}", "booked {}"),
    "with_parents.true": ("con i genitori", "with the parents"), "channel.direct": ("prenotato direttamente", "booked directly"),
    "let_as.rooms": ("dato a stanze", "let by the room"), "let_as.whole": ("dato intero", "let as a whole"),
    "business.true": ("impresa", "business"), "business.false": ("non impresa", "not a business"), "superior.true": ("superior", "superior class"),
}  # fmt: skip
TAX_PRICE: Mapping[str, tuple[str, str]] = {
    "person": ("prezzo per persona", "price per person"), "room": ("prezzo per camera", "price per room"), "unit": ("prezzo per alloggio", "price per unit"),
    "unit_per_declared_room": ("prezzo dell'alloggio diviso per le camere dichiarate", "price of the unit divided by the declared rooms"),
}  # fmt: skip
TAX_AMOUNTS: Mapping[str, tuple[str, str]] = {"full": ("intero", "full"), "half": ("ridotto", "reduced")}
TAX_SCOPE: Mapping[str, tuple[str, str]] = {
    "structure": ("nella struttura", "in the property"), "comune": ("nel comune", "in the comune"), "operator": ("presso lo stesso gestore", "with the same operator"),
}  # fmt: skip
TAX_UNKNOWN: Mapping[str, tuple[str, str]] = {
    "cap": ("il limite di notti", "the limit of nights"), "children": ("le età dei minori", "the ages of children"), "exemptions": ("le esenzioni", "the exemptions"),
}  # fmt: skip


def catalogue(language: str, room: str) -> Mapping[str, str]:
    """A table of the texts of the pages on screen."""
    found: Mapping[str, str] = tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))[room]
    return found
