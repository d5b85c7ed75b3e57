"""The file for the police office: which papers a request needs, and the one PDF with its mail (spec adempimenti 6.3).

What is wanted comes from the packs, what it becomes from the letters. Nothing is sent from here: the operator sends it by PEC,
and what was built can be kept as the proof of the duty.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from locanda import places
from locanda.archive.models import DutyMark, Person, PoliceCredential, Property
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law import credentials
from locanda.letters import credential_request as letters
from locanda.letters.single_pdf import Scan, WantedPaper
from locanda.office.duty_facts import core_property
from locanda.office.duty_marks import File, mark_done
from locanda.office.overrides import rules_of

__all__ = ["KINDS", "Needed", "build", "keep", "needed"]

KINDS = tuple(credentials.REQUESTS)
"""``credentials``, ``added_property``, ``deactivation``, ``password_reset``."""

_FLATS = ("locazione_turistica", "cav")


class Needed(NamedTuple):
    """What a request needs, and what is known already."""

    request: credentials.OfficeRequest
    comune: str
    account: str

    @property
    def wanted(self) -> tuple[WantedPaper, ...]:
        """The papers as the builder of the PDF takes them."""
        return tuple(
            WantedPaper(
                entry.paper.id, entry.paper.it, entry.paper.en, entry.paper.condition.it if entry.paper.condition else "",
                applies=entry.required,
            )
            for entry in self.request.papers
        )  # fmt: skip


def needed(
    property: Property, kind: str, *, now: datetime, agency: bool = False, flats: int | None = None,
    facts: Collection[str] = (),
) -> Needed | None:  # fmt: skip
    """The office, the papers, the self-check and the rules of a request; None where the comune has no rules."""
    today = rome_day(now)
    rules = rules_of(property, today)
    if rules is None:
        return None
    asked = credentials.request(
        kind, core_property(property), rules=rules, on=today, flats=_flats(property) if flats is None else flats,
        agency=agency, facts=facts,
    )  # fmt: skip
    found = places.builtin().comune(property.comune, today)
    label = property.comune if isinstance(found, places.Unresolved) else found.label
    return Needed(asked, label, _account(property.credential))


def build(
    property: Property, kind: str, applicant: letters.Applicant, scans: Sequence[Scan], *, now: datetime, agency: bool = False,
    flats: int | None = None, facts: Collection[str] = (), account: str = "", in_person: bool = False,
) -> tuple[letters.Built | None, list[Problem]]:  # fmt: skip
    """The one PDF and the mail to the office, or everything that is missing, at once."""
    facts = {*facts, "company"} if applicant.firm.strip() else facts  # whoever asks for a firm shows that it is registered
    what = needed(property, kind, now=now, agency=agency, flats=flats, facts=facts)
    if what is None:
        return None, [Problem.of("duties.comune.unknown", "property.comune", value=property.comune)]
    office = what.request.office
    request = letters.CredentialRequest(
        case=what.request.case,  # type: ignore[arg-type]
        applicant=applicant,
        office=letters.OfficeAddress(office.name, office.pec, office.verified) if office else letters.OfficeAddress(""),
        property_name=property.name,
        comune=what.comune,
        address=property.address,
        regional_code=property.regional_code,
        cin=property.cin,
        account=account or what.account,
        in_person=in_person,
    )
    built, problems = letters.build(request, what.wanted, scans, day=rome_day(now))
    form = next((entry.paper.id for entry in what.request.papers if entry.depends_on == "office_form"), None)
    if built is not None and form is not None and form not in {scan.paper for scan in scans}:
        built = built._replace(notes=(*built.notes, Problem.of("request.form.absent", "papers")))
    return built, problems


def keep(
    property: Property, kind: str, built: letters.Built, *, now: datetime, person: Person | None, number: str = ""
) -> tuple[DutyMark | None, list[Problem]]:
    """It was sent: the duty is done, with the PDF as a proof; the two receipts of the PEC are added when they come.

    Asking for another password is no duty, and leaves no mark on that of asking for credentials.
    """
    if kind == "password_reset":
        return None, []
    what = needed(property, kind, now=now)
    duty = what.request.duty if what else credentials.REQUESTS[kind][0]
    file = File(f"{kind}.pdf", built.pdf.content)
    return mark_done(property, duty, f"property:{property.pk}", now=now, person=person, number=number, files=[file])


def _flats(property: Property) -> int:
    """How many flats the account lets: more than one is a management."""
    return Property.objects.of(property.account_id).filter(type__in=_FLATS, closed_at=None).count()


def _account(credential: PoliceCredential | None) -> str:
    """The user name at the portal, when there is one."""
    if credential is None or credential.sealed_keys is None:
        return ""
    return str(Vault(credential.account).open(credential.sealed_keys, "police keys")["user"])
