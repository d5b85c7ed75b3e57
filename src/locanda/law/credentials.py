"""Requests about the credentials of Alloggiati Web: new ones, one more property, switching off, a lost password.

D.M. 7/1/2013 art. 2, TULPS art. 11 (fitness of the applicant), spec adempimenti 6.3. Which list of papers applies depends on
what is let and how: one flat, the management of several, an accommodation with a start notice. One single PDF goes to the police
office of the place, or one goes there by appointment; incomplete requests are not processed. The words are in the packs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from locanda.core.stays import Property
from locanda.law.authorities import Guidance, Office, guidance, office_for
from locanda.law.packs import Chain, PaperNeeded, Words

__all__ = [
    "CONDITIONS", "REQUESTS", "FitnessQuestion", "OfficeRequest", "RequestPaper", "case_of", "fitness_questions",
    "papers", "request",
]  # fmt: skip

REQUESTS: Mapping[str, tuple[str, str]] = {
    "credentials": ("IT-PS-04", ""),
    "added_property": ("IT-PS-07", "add_unit"),
    "deactivation": ("IT-PS-08", "closure"),
    "password_reset": ("IT-PS-04", "password_reset"),
}
"""Each request with its duty and its list of papers; that of new credentials depends on the property (:func:`case_of`)."""

CONDITIONS: Mapping[str, str] = {
    "DOC-FORM-1": "office_form",
    "DOC-RESET-1": "office_form",
    "DOC-FLAT-5": "co_owned",
    "DOC-FLAT-6": "tenant",
    "DOC-FLAT-7": "lease_silent",
    "DOC-MANAGE-6": "company",
    "DOC-CLOSE-3": "closing_notice",
}
"""Papers that are wanted only when a fact holds; all the others always are."""

_FORM = "request_form"
_ROUTES = {"credentials": ("pec", "appointment")}
_FITNESS = "police-fitness"
_PASSWORD = "police-password"  # noqa: S105 - the name of an instruction
_EFFECTS = ("bars", "bars", "may_bar")


class RequestPaper(NamedTuple):
    """A paper of the list, whether it is wanted here, and the fact on which that depends."""

    paper: PaperNeeded
    required: bool
    depends_on: str | None


class FitnessQuestion(NamedTuple):
    """A statement the applicant should be able to make; if not, it ``bars``, or ``may_bar`` (the office decides)."""

    text: Words
    effect: str
    article: str


class OfficeRequest(NamedTuple):
    """All that is needed to write to the office: which one, how, with what."""

    kind: str
    duty: str
    case: str
    office: Office | None
    routes: tuple[str, ...]
    papers: tuple[RequestPaper, ...]
    rules: tuple[Guidance, ...]
    questions: tuple[FitnessQuestion, ...]

    @property
    def unsure_papers(self) -> bool:
        """Whether the list is that of another office, and this one may want something else."""
        return any(entry.paper.status not in ("law", "official") for entry in self.papers)

    @property
    def missing_pec(self) -> bool:
        """Whether the address must be looked up first: none is known, or nobody vouches for it."""
        return self.office is None or not self.office.verified


def case_of(property: Property, *, flats: int = 1, agency: bool = False) -> str:
    """Which list of papers: ``single_flat``, ``management`` (an agency, or a person with more than one flat), ``accommodation``.

    Holiday homes run as a business have a start notice and count as accommodation: a choice of ours, no notice names them.
    """
    flat = property.type == "locazione_turistica" or (property.type == "cav" and not property.business)
    if not flat:
        return "accommodation"
    return "management" if agency or flats > 1 else "single_flat"


def papers(case: str, rules: Chain, on: date, facts: Collection[str] = ()) -> tuple[RequestPaper, ...]:
    """The papers of a list; ``facts`` are those of :data:`CONDITIONS` that hold."""
    found = []
    for entry in rules.documents(case, on):
        fact = CONDITIONS.get(entry.id)
        found.append(RequestPaper(entry, fact is None or fact in facts, fact))
    return tuple(found)


def request(
    kind: str,
    property: Property,
    *,
    rules: Chain,
    on: date,
    flats: int = 1,
    agency: bool = False,
    facts: Collection[str] = (),
) -> OfficeRequest:
    """What a request to the police office needs. Where a local duty details the national one, it is the local one."""
    national, case = REQUESTS[kind]
    duty = next((entry.id for entry in rules.obligations(on) if entry.refines == national), national)
    case = case or case_of(property, flats=flats, agency=agency)
    told = tuple(entry for entry in guidance(duty, on, rules) if (entry.id == _PASSWORD) == (kind == "password_reset"))
    new = kind == "credentials"
    questions = fitness_questions(rules, on) if new else ()
    asked_first = papers(_FORM, rules, on, facts) if new else ()
    return OfficeRequest(
        kind, duty, case, office_for(duty, rules.comune, on, rules=rules), _ROUTES.get(kind, ("pec",)),
        (*asked_first, *papers(case, rules, on, facts)), told, questions,
    )  # fmt: skip


def fitness_questions(rules: Chain, on: date) -> tuple[FitnessQuestion, ...]:
    """The self-check of TULPS art. 11, before asking."""
    entry = rules.instruction(_FITNESS, on)
    if entry is None:
        return ()
    return tuple(FitnessQuestion(step, effect, "TULPS art. 11") for step, effect in zip(entry.steps, _EFFECTS, strict=True))
