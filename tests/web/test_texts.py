"""The texts: the same keys and the same facts in both languages, none missing, none idle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter
from typing import get_args

import pytest
from django.utils import translation

from locanda import papers
from locanda.archive.models import (
    FlowSending,
    LocalTaxRule,
    Membership,
    Person,
    PoliceCredential,
    SendingDay,
    TaxDeclaration,
    TaxPayment,
    TaxReceipt,
)  # fmt: skip
from locanda.core.people import Identification, Role, Sex
from locanda.core.stays import PROPERTY_TYPES
from locanda.core.time import ROME
from locanda.delivery.machine import Evidence, State, Step
from locanda.law.credentials import REQUESTS
from locanda.law.events import EVENTS
from locanda.law.packs import STATUSES, territory, tree
from locanda.law.statistics import LISTS
from locanda.law.tourist_tax.simple import RESIDENTS, WINDOWS
from locanda.office.calendar import STATES
from locanda.office.sending import BY_HAND_WAYS
from locanda.office.statistics.calendar import COLOURS
from locanda.office.statistics.guest_facts import NO_REASON, REASONS
from locanda.office.statistics.status import STATES as DAY_STATES
from locanda.office.statistics.tables import TYPING
from locanda.office.statistics.troubles import TROUBLES
from locanda.office.tables import KINDS as TABLES
from locanda.office.tax import exemption_papers, guest_notice, operators, refusals
from locanda.office.tax.agreement import SOURCES as AGREEING
from locanda.office.tax.declarations import FORMS as DECLARED
from locanda.office.tax.payments import CHANNELS as PAYING
from locanda.office.tax.yearly import WAYS as COVERS
from locanda.office.today import CardState
from locanda.portals.alloggiati.documents import builtin
from locanda.portals.flows import Mode
from locanda.web.check_in_form import KINDS
from locanda.web.duty_forms import RULE_CHANGES
from locanda.web.duty_look import DUTY_KINDS, short_day, term_words
from locanda.web.flow_look import FIGURES, FLOW_LOOKS
from locanda.web.price_forms import PER
from locanda.web.sending_look import FLOW_STATES
from locanda.web.tax_look import COUNT_KINDS, MONEY_KINDS, PERIOD_LOOKS
from locanda.web.views.flows_day import OPEN as OPEN_DAYS
from locanda.web.views.flows_home import COLUMNS as HOME_COLUMNS
from locanda.web.views.flows_home import FILTERS as FLOW_FILTERS
from locanda.web.views.flows_year import COLUMNS as YEAR_COLUMNS
from locanda.web.views.stay_flows import FACTS as FLOW_FACTS
from locanda.web.views.tax_year import WAYS as TAX_WAYS
from locanda.web.words import catalogue, say
from tests.conftest import ROOT

WEB = ROOT / "src" / "locanda" / "web"
IT, EN = catalogue("it"), catalogue("en")
KEY = re.compile(r"""["']([a-z_0-9]+(?:\.[A-Za-z_0-9-]+)+)["']""")

# what the packs write of duties: the proofs to keep, and the ways that are no portal with a name
CHANGES = [change for info in tree() for change in territory(info.path).changes]
WRITTEN = [change.keys for change in CHANGES if change.kind == "obligation"]
PORTALS = {change.id for change in CHANGES if change.kind == "portal"}

# groups whose keys are made from a value: every value that the code knows must have its word
GROUPS: dict[str, list[str]] = {
    "state": list(CardState),
    "state_more": list(CardState),
    "delivery_state": list(State),
    "evidence": list(Evidence),
    "event.delivery": list(Step),
    "role": list(Role),
    "sex": list(Sex),
    "how": list(Identification),
    "kind": list(KINDS),
    "way": list(BY_HAND_WAYS),
    "receipt_state": list(SendingDay.Status.values),
    "credential_status": list(PoliceCredential.Status.values),
    "credential_category": list(PoliceCredential.Category.values),
    "reminders": list(Person.Reminders.values),
    "member_role": list(Membership.Role.values),
    "member_role_short": list(Membership.Role.values),
    "property_type": list(PROPERTY_TYPES),
    "doc": list(builtin().usual),
    "table": list(TABLES),
    "outcome": ["waiting", "valid", "refused", "accepted"],
    "term": ["IT-PS-02", "IT-PS-03"],
    "duty_kind": list(DUTY_KINDS),
    "duty_state": [*STATES, "before"],
    "duty_status": list(STATUSES),
    "duty_subject": ["stay", "segment", "event", "standing"],
    "fact_kind": list(EVENTS),
    "fact_field": sorted({key for shape in EVENTS.values() for key in shape.keys}),
    "request_kind": list(REQUESTS),
    "request_case": ["single_flat", "management", "accommodation"],
    "request_quality": ["owner", "manager", "legal_representative", "delegate"],
    "rule_kind": ["obligation", "contact", "sanction", "parameter"],
    "rule": [f"what_{what}" for what in RULE_CHANGES],
    "tax_method": list(TaxReceipt.Method.values),
    "tax_form": list(exemption_papers.FORMS),
    "tax_stay_per": ["room", "person"],
    "refusal_form": list(refusals.FORMS),
    "refusal_language": list(papers.form("modello_4").languages),
    "refusal_channel": list(refusals.CHANNELS),
    "notice_language": list(guest_notice.LANGUAGES),
    "prices_per": PER,
    "operator": [*operators.FIELDS, "name_help", "pec_help", "signer_surname_help"],
    "property_tax": ["zone", "category", "cadastral_category", "suns", "declared_rooms", "rooms", "whole"],
    "device": ["gas", "gas_maybe", "co", "co_maybe"],
    "duty_proof": sorted({proof for keys in WRITTEN for proof in keys.get("evidence", ())}),
    "channel": sorted({keys["channel"] for keys in WRITTEN if "channel" in keys and keys["channel"] not in PORTALS}),
    "flow_sent": [*FLOW_STATES, *(f"{state}_steps" for state in ("ready", "handed_over", "confirmed"))],
    "flow_sent_more": [
        *FLOW_STATES, *(f"{state}_{how}" for state in ("ready", "handed_over", "confirmed") for how in ("hand", "steps"))
    ],
    "flow_answer": ["refused", "unknown"],
    "flow_record": ["arrivo", "partenza", "prenotazione", "eliminazione"],
    "flow_evidence": ["row_outcome", "operator", "silent"],
    "tax_state": list(PERIOD_LOOKS),
    "tax_next": list(PERIOD_LOOKS),
    "tax_money": list(MONEY_KINDS),
    "tax_period": list(COUNT_KINDS),
    "tax_channel": list(PAYING),
    "tax_payment_state": list(TaxPayment.State.values),
    "tax_year_check": ["stuck", "differences", "unreferenced", "unsent", "unsigned"],
    "tax_paper_title": list(DECLARED),
    "tax_source": list(AGREEING),
    "tax_way": list(TAX_WAYS),
    "tax_declaration_state": list(TaxDeclaration.State.values),
    "tax_cover": list(COVERS),
    "tax_rules_part": ["rates", "caps", "exemptions", "reductions"],
    "tax_residents": list(RESIDENTS),
    "tax_unknown": ["cap", "children", "exemptions"],
    "tax_window": list(WINDOWS),
    "tax_rule_kind": list(LocalTaxRule.Kind.values),
    "tax_check": ["passed", "failed", "unknown"],
    "tax_pay": ["tax", "sanction", "interest"],
    "flow_fact": list(FLOW_FACTS),
    "flow_list": list(LISTS),
    "flow_counts": ["yes", NO_REASON, *REASONS],
    "flow_state": list(FLOW_LOOKS),
    "flow_lacks": ["rejected", "doubt", "stuck", "white", "changed", "to_send"],
    "flow_home": list(HOME_COLUMNS),
    "flow_filter": list(FLOW_FILTERS),
    "flow_colour": [*COLOURS, "over"],
    "flow_source": ["day", "closure", "outside"],
    "flow_mark": [one for one in DAY_STATES if one != "todo"],
    "flow_mode": list(get_args(Mode)),
    "flow_figure": list(FIGURES),
    "flow_trouble": [f"{kind}{more}" for kind in TROUBLES for more in ("", "_help")],
    "flow_table": list(TYPING),
    "flow_open": list(OPEN_DAYS),
    "flow_moves": ["arrives", "stays", "leaves"],
    "flow_kind": list(FlowSending.Kind.values),
    "flow_year": list(YEAR_COLUMNS),
    "tax": ["stuck", "stuck_help", "papers", "papers_help", "uncollected", "uncollected_help"],
}
# ways that the office and web have of making a key from something else
MADE = ("alarm.", "event.", "error.", "table_change.", "form_of_portal.", "time.", "consent.", "receipts.typed_", "oops.")


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def sources() -> str:
    paths = [*WEB.rglob("*.py"), *WEB.rglob("*.html")]
    assert len(paths) > 40
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def written_keys() -> set[str]:
    return set(KEY.findall(sources()))


def test_both_languages_have_the_same_keys() -> None:
    assert len(IT) > 300
    assert set(IT) == set(EN)


@pytest.mark.parametrize("key", sorted(IT))
def test_both_languages_name_the_same_facts(key: str) -> None:
    assert facts(IT[key]) == facts(EN[key])
    assert IT[key].strip() and EN[key].strip()


# a number before a plural noun, where one never comes: the page has another text for it
NEVER_ONE = {
    "stay_flows.guests", "tax_preview.births", "tax_preview.exempt", "tax_stay.nights", "time.days.many", "time.hours.many",
    "time.minutes.many", "today.and_more", "check_in.problems", "duty.late_by",
}  # fmt: skip


@pytest.mark.parametrize("words", [IT, EN], ids=["it", "en"])
def test_no_count_minds_its_number(words: dict[str, str]) -> None:
    """Never «1 ospiti»: a count stands after its noun («Ospiti: 1»), or has a text of its own for one."""
    counted = re.compile(r"\{(n|count|rows|days|schedine|expected|guests|size|total)\} [a-z]")
    assert [key for key, text in words.items() if counted.search(text) and key not in NEVER_ONE] == []
    assert all(key in words for key in NEVER_ONE)


def test_every_value_that_the_code_knows_has_its_word() -> None:
    missing = [f"{group}.{value}" for group, values in GROUPS.items() for value in values if f"{group}.{value}" not in IT]
    assert missing == []


def test_every_key_that_a_page_writes_exists() -> None:
    used = set(re.findall(r"""\{% w ["']([^"']+)["']""", sources()))
    used |= set(re.findall(r"""\bsays?\(\s*["']([a-z_0-9.]+)["']""", sources()))
    used |= set(re.findall(r"""\{% ask \S+ ["']([^"']+)["']""", sources()))
    used |= set(re.findall(r"""help=["']([a-z]+\.[^"']+)["']""", sources()))
    assert len(used) > 200
    assert sorted(key for key in used - set(IT) if "." in key) == []


def test_no_key_is_idle() -> None:
    used = written_keys() | {f"{group}.{value}" for group, values in GROUPS.items() for value in values}
    idle = [key for key in IT if key not in used and not key.startswith(MADE)]
    assert idle == []


@pytest.mark.parametrize(("guide", "texts"), [("guida", IT), ("guide", EN)])
def test_the_guides_name_every_state_as_the_pages_do(guide: str, texts: Mapping[str, str]) -> None:
    told = (ROOT / "docs" / "operators" / f"{guide}.md").read_text(encoding="utf-8")
    assert [texts[f"state.{state}"] for state in CardState if f"| {texts[f'state.{state}']} |" not in told] == []


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 7, 8), date(2026, 7, 11), "Dall'8 luglio all'11 luglio"),
        (date(2026, 8, 1), date(2026, 8, 9), "Dal 1° agosto al 9 agosto"),
        (date(2026, 7, 18), date(2026, 7, 28), "Dal 18 luglio al 28 luglio"),
    ],
)
def test_italian_days_are_written_as_people_write_them(first: date, last: date, said: str) -> None:
    with translation.override("it"):
        assert say("calendar.week", first=short_day(first), last=short_day(last)) == said
    with translation.override("en"):
        assert "1 August" in say("calendar.week", first=short_day(date(2026, 8, 1)), last=short_day(last))


def test_a_term_says_the_day_that_ends_and_the_year_where_it_is_another() -> None:
    now = datetime(2026, 11, 30, 9, tzinfo=ROME)
    with translation.override("it"):
        assert term_words(datetime(2026, 12, 3, tzinfo=ROME), now) == "Entro la fine di mercoledì 2 dicembre"
        assert term_words(date(2027, 1, 11), now) == "Entro l'11 gennaio 2027"
        assert term_words(date(2026, 12, 10), now) == "Entro giovedì 10 dicembre"
        assert term_words(datetime(2026, 12, 1, 17, 45, tzinfo=ROME), now) == "Entro domani alle 17:45"
    with translation.override("en"):
        assert term_words(datetime(2026, 12, 3, tzinfo=ROME), now) == "By the end of Wednesday 2 December"
