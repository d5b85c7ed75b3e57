"""One duty, opened: why, under which article, from which source, at what price, to whom, with what proof, and done by whom.

When it is late, it also says what can still be done and what that costs today (spec adempimenti 3.2; D.Lgs. 472/1997 art. 13).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from locanda.archive.models import Account, DutyMark, DutyProof, Property, RuleOverride
from locanda.core.time import last_day, rome_day
from locanda.law.authorities import Authority, Office, authority, local_holidays
from locanda.law.deadlines import ends_on
from locanda.law.general_rules import PROCEDURE, GeneralRule, time_bar
from locanda.law.late_tax import Late, late_payment, legal_interest
from locanda.law.packs import Chain, Contact, Item, Obligation, PaperNeeded, PortalEntry, Step, Words
from locanda.law.periods import parse_period
from locanda.law.sanctions import Penalty, earlier_breaches, stakes
from locanda.office import breaches
from locanda.office.duty_lines import FROM_SEGMENTS
from locanda.office.duty_list import Entry, find
from locanda.office.duty_marks import mark_of
from locanda.office.overrides import rules_of, shown

__all__ = ["Advice", "Detail", "Risk", "TooLate", "detail"]


class Risk(NamedTuple):
    """A sanction with the history of the property. ``earlier``: how many breaches count as repetition."""

    penalty: Penalty
    it: str
    en: str
    earlier: int
    notes: tuple[str, ...]


class TooLate(NamedTuple):
    """It is late: what can still be done, what the tax costs today (None: no tax, or no amount), until when it is punishable."""

    days: int
    steps: tuple[str, ...]
    pays_tax: bool
    late: Late | None
    time_bar: date


class Advice(NamedTuple):
    """What an authority asks in words, and where its own page about it is."""

    it: str
    en: str
    steps: tuple[Words, ...]
    refused: tuple[Words, ...]
    offices: tuple[Contact, ...]
    link: str | None
    status: str


class Detail(NamedTuple):
    """Everything about one duty; texts are in the language asked for."""

    property: Property
    obligation: str
    subject: str
    it: str
    en: str
    rule: Obligation
    entry: Entry | None
    why: tuple[str, ...]
    basis: str
    sources: tuple[str, ...]
    read_on: date | None
    status: str
    advised: bool
    notes: tuple[str, ...]
    remarks: str
    provenance: tuple[Step, ...]
    overrides: tuple[RuleOverride, ...]
    risks: tuple[Risk, ...]
    procedure: tuple[GeneralRule, ...]
    channel: str
    portal: PortalEntry | None
    link: str | None
    office: Office | None
    others: tuple[Office, ...]
    papers: tuple[PaperNeeded, ...]
    guidance: tuple[Advice, ...]
    evidence: tuple[str, ...]
    done: DutyMark | None
    done_at: datetime | None
    proofs: tuple[DutyProof, ...]
    too_late: TooLate | None

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it as done; else the ledger of deliveries does."""
        return not self.subject.startswith("segment:")


def detail(
    account: Account, property: Property, obligation: str, subject: str, *, now: datetime, language: str = "it",
    amount: int | None = None,
) -> Detail | None:  # fmt: skip
    """The duty, or None when the place of the property knows none of that name. ``amount``: the tax owed, in cents."""
    if property.account_id != account.pk:
        raise ValueError("a property of another account")
    found = None if subject == "standing" else find(property, obligation, subject, now=now)
    entry, duty = found or (None, None)
    today = rome_day(now)
    on = ends_on(entry.nominal) if entry else today
    rules = rules_of(property, on)
    if rules is None:
        return None
    rule = duty.rule if duty else _rule(rules, obligation, on, property)
    if rule is None:
        return None
    where: Authority = authority(obligation, rules.comune, on, rules=rules)
    mark = mark_of(property, obligation, subject)
    past = breaches.history(property, min(on, today) if entry else today)
    late = (today - last_day(entry.due)).days if entry and entry.state == "overdue" else None
    risks = tuple(
        Risk(
            penalty, penalty.sanction.it, penalty.sanction.en, earlier_breaches(past.breaches, penalty.sanction, penalty.on),
            _said(penalty.notes, language),
        )
        for penalty in stakes(
            rule.sanctions, rules, min(on, today), history=past.breaches, suspensions=past.suspensions, days_late=late,
            month=_month(subject) if entry else None,
        )
    )  # fmt: skip
    portal = rules.portal(rule.channel, on) or rules.portal(rule.channel)
    shows = {obligation, *rule.sanctions, *(contact.id for contact in _contacts(where))}
    return Detail(
        property=property,
        obligation=obligation,
        subject=subject,
        it=rule.it,
        en=rule.en,
        rule=rule,
        entry=entry,
        why=_said(duty.when.why, language) if duty else (),
        basis=_one(rule.basis, language),
        sources=tuple(rules.source(token, language) for token in rule.sources),
        read_on=rule.read_on,
        status=rule.status,
        advised=entry.advised if entry else rules.binds(rule, property.type, business=property.business) == "advised",
        notes=_notes(rules, (rule, *(risk.penalty.sanction for risk in risks), *_contacts(where)), language),
        remarks=_one(rule.remarks, language),
        provenance=rule.provenance,
        overrides=tuple(row for row in shown(account, property) if row.item in shows),
        risks=risks,
        procedure=PROCEDURE if any(risk.penalty.sanction.nature == "administrative" for risk in risks) else (),
        channel=rule.channel,
        portal=portal,
        link=portal.url if portal else None,
        office=where.office,
        others=where.others,
        papers=where.documents,
        guidance=_advice(where, rules, on),
        evidence=rule.evidence,
        done=mark,
        done_at=mark.done_at if mark else entry.done_at if entry else None,
        proofs=tuple(mark.proofs.all()) if mark else (),
        too_late=_too_late(entry, rule, rules, risks, today, amount, language) if entry and entry.state == "overdue" else None,
    )


def _month(subject: str) -> date | None:
    """The last day of the period that a duty is about."""
    return parse_period(subject.removeprefix("period:")).last if subject.startswith("period:") else None


def _rule(rules: Chain, obligation: str, on: date, property: Property) -> Obligation | None:
    versions = rules.versions("obligation", obligation)
    found = rules.obligation(obligation, on) or (versions[-1] if versions else None)
    return rules.for_type(found, property.type, business=property.business) if found else None


_NEWS = {"police-outage": "police-news-url"}
"""Instructions whose page is a parameter of the packs, so that an operator can name another address."""


def _advice(where: Authority, rules: Chain, on: date) -> tuple[Advice, ...]:
    return tuple(
        Advice(
            one.title.it, one.title.en, one.steps, one.refused, _offices_of(one.id, rules, on), _page_of(one.id, rules, on),
            one.status,
        )
        for one in where.rules
    )  # fmt: skip


def _offices_of(instruction: str, rules: Chain, on: date) -> tuple[Contact, ...]:
    """To whom it goes, in the order in which the instruction names them."""
    found = rules.instruction(instruction, on)
    wanted = found.offices if found else ()
    known = {contact.office: contact for contact in rules.contacts(None, on) if contact.office in wanted}
    return tuple(known[office] for office in wanted if office in known)


def _page_of(instruction: str, rules: Chain, on: date) -> str | None:
    parameter = rules.parameter(_NEWS[instruction], on) if instruction in _NEWS else None
    if parameter is not None and parameter.value:
        return str(parameter.value)
    found = rules.instruction(instruction, on)
    return found.url if found else None


# too late ---------------------------------------------------------------------------------------------------------------

_DO_IT_NOW = Words(
    "Fallo adesso e conserva la prova: il ritardo costa di norma meno dell'omissione.",
    "Do it now and keep the proof: being late normally costs less than not doing it at all.",
)
_POLICE = (
    Words(
        "Invia subito. Il portale prende gli arrivi di oggi e di ieri; per i precedenti scrivi alla Questura (PEC o fax) con gli "
        "stessi dati e tieni le due ricevute.",
        "Send at once. The portal takes arrivals of today and yesterday; for earlier ones write to the Questura (PEC or fax) "
        "with the same data and keep both receipts.",
    ),
    Words(
        "Se il portale non funzionava, conserva le schermate e l'avviso: la comunicazione sostitutiva vale per motivi tecnici.",
        "If the portal was down, keep screenshots and its notice: the substitute communication is for technical reasons.",
    ),
)
_TAX = Words(
    "Paga con il ravvedimento operoso: imposta, sanzione ridotta e interessi, prima che la violazione sia contestata.",
    "Pay with the voluntary correction (ravvedimento): tax, reduced sanction, interest. It holds until a notice is served.",
)
_WARNING = Words(
    "Se è la prima volta e si può rimediare, può arrivare prima una diffida: hai al più 20 giorni per metterti in regola senza "
    "sanzione.",
    "If it is the first time and can be put right, a warning may come first: you have up to 20 days to comply without a "
    "sanction.",
)
_REDUCED = Words(
    "Se arriva un verbale, hai 60 giorni per il pagamento ridotto; una violazione pagata così non conta come precedente.",
    "If a notice of breach is served, you have 60 days for the reduced payment; a breach settled that way does not count later.",
)


def _too_late(
    entry: Entry, rule: Obligation, rules: Chain, risks: Sequence[Risk], today: date, amount: int | None, language: str
) -> TooLate:
    police = rule.id in FROM_SEGMENTS or rule.refines in FROM_SEGMENTS
    pays = any(risk.penalty.sanction.unit == "tax_unpaid" for risk in risks)
    steps = [*_POLICE] if police else [_DO_IT_NOW]
    if pays:
        steps.append(_TAX)
    if any(risk.penalty.warning_first for risk in risks):
        steps.append(_WARNING)
    if any(risk.penalty.reduced is not None for risk in risks):
        steps.append(_REDUCED)
    due = ends_on(entry.nominal)
    late = None
    if pays and amount is not None:
        late = late_payment(amount, due, today, rates=legal_interest(rules), local=local_holidays(rules))
    return TooLate((today - last_day(entry.due)).days, _said(steps, language), pays, late, time_bar(last_day(entry.due)))


def _said(words: Sequence[Words], language: str) -> tuple[str, ...]:
    return tuple(_one(entry, language) for entry in words)


def _one(words: Words | None, language: str) -> str:
    return "" if words is None else words.said(language)


def _notes(rules: Chain, items: Sequence[Item], language: str) -> tuple[str, ...]:
    """What is not certain about a duty, about what it costs, and about where it goes."""
    found = dict.fromkeys(note for item in items for note in rules.notes_of(item))
    return tuple(f"{note.en if language == 'en' else note.it} {_one(note.choice, language)}" for note in found)


def _contacts(where: Authority) -> tuple[Contact, ...]:
    return tuple(office.contact for office in (where.office, *where.others) if office is not None)
