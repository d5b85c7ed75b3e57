"""The demo: an invented B&B in Monopoli and a flat in Alghero on simulated portals, in a database of its own whose mark stays."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from locanda.archive.models import Account, Membership, Person, PoliceCredential, Property
from locanda.core.time import ROME
from locanda.delivery.engine import Engine
from locanda.delivery.flows import FlowLoop
from locanda.office import accounts, clock
from locanda.office.engine import couriers, flow_couriers, flow_loop
from locanda.office.engine import engine as the_engine
from locanda.office.statistics import credentials as flow_credentials
from locanda.office.tax import operators
from locanda.portals.alloggiati.check import Strictness
from locanda.portals.alloggiati.simulator import Account as PortalAccount
from locanda.portals.alloggiati.simulator import Behaviour, SimClock, Simulator
from locanda.portals.ross1000.simulator import Account as FlowAccount
from locanda.portals.ross1000.simulator import Simulator as FlowSimulator

__all__ = ["EMAIL", "FLAT_GUESTS", "GUESTS", "PASSWORD", "Demo", "demo"]

EMAIL = "oste@example.org"
PASSWORD = "trullo-di-prova"  # noqa: S105 - printed on the screen of an invented house
FLAT_COMUNE = "420090003"
FLAT_CODE = "A00001"
"""By which the simulated portal of the region knows the flat."""
OPERATOR = {
    "name": "Vito Oste", "tax_code": "STOVTI70A01F376H", "address": "Contrada Inventata 7, 70043 Monopoli (BA)", "role": "owner",
    "signer_surname": "Oste", "signer_name": "Vito",
}  # fmt: skip

# every guest is invented; each party is here for a reason, told by the story. No surname is the name of a comune, so that a
# search of the raw bytes for a guest does not find the portal's table of places
GUESTS: dict[str, dict[str, Any]] = {
    "accents": {
        "nights": 4,
        "guests": [
            {"role": "head_of_family", "surname": "D’Angiò", "name": "Nicolò", "sex": "M", "birth_date": "1984-03-09",
             "birth_state": "IT", "birth_comune": "FORLI' (FO)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "BOLOGNA (BO)",
             "document": {"type": "IDELE", "number": "CA48213ZQ", "issued_in": "BOLOGNA (BO)"}},
            {"role": "family_member", "surname": "Dell’Èrice", "name": "Lucrezia", "sex": "F", "birth_date": "1986-11-30",
             "birth_state": "IT", "birth_comune": "BOLOGNA (BO)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "BOLOGNA (BO)"},
            {"role": "family_member", "surname": "D’Angiò", "name": "Zoë", "sex": "F", "birth_date": "2019-02-14",
             "birth_state": "IT", "birth_comune": "BOLOGNA (BO)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "BOLOGNA (BO)"},
        ],
    },
    "german": {
        "nights": 6,
        "guests": [
            {"role": "head_of_family", "surname": "Großmüller-Öhlenschläger", "name": "Jürgen", "sex": "M",
             "birth_date": "1971-07-02", "birth_state": "AT", "citizenship": "DE", "residence_state": "DE",
             "document": {"type": "PASOR", "number": "C4J8 K2L9M", "issued_in": "DE"}},
            {"role": "family_member", "surname": "Großmüller", "name": "Käthe", "sex": "F", "birth_date": "1974-01-19",
             "birth_state": "DE", "citizenship": "DE", "residence_state": "DE"},
        ],
    },
    "ceased": {
        "nights": 2,
        "guests": [
            {"role": "single", "surname": "Terralavoro", "name": "Immacolata", "sex": "F", "birth_date": "1961-05-01",
             "birth_state": "IT", "birth_comune": "MONTORO INFERIORE (AV)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "SALERNO (SA)",
             "document": {"type": "IDENT", "number": "AR7718205", "issued_in": "SALERNO (SA)"}},
        ],
    },
    "long": {
        "nights": 45,
        "guests": [
            {"role": "single", "surname": "Wiśniewski", "name": "Łukasz", "sex": "M", "birth_date": "1990-10-23",
             "birth_state": "PL", "citizenship": "PL", "residence_state": "PL",
             "document": {"type": "PASOR", "number": "EJ7730914", "issued_in": "PL"}},
        ],
    },
    "refused": {
        "nights": 5,
        "guests": [
            {"role": "head_of_family", "surname": "Quattromani", "name": "Ferdinando", "sex": "M", "birth_date": "1979-08-17",
             "birth_state": "IT", "birth_comune": "COSENZA (CS)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "COSENZA (CS)",
             "document": {"type": "PATEN", "number": "U1K44Z902B", "issued_in": "COSENZA (CS)"}},
            {"role": "family_member", "surname": "Malventura", "name": "Ortensia", "sex": "F", "birth_date": "1981-12-05",
             "birth_state": "IT", "birth_comune": "LECCE (LE)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "COSENZA (CS)", "leaves_after": 3},
        ],
    },
    "lost": {
        "nights": 3,
        "guests": [
            {"role": "single", "surname": "Castagnetti", "name": "Benedetta", "sex": "F", "birth_date": "1995-04-28",
             "birth_state": "IT", "birth_comune": "TORINO (TO)", "citizenship": "IT",
             "residence_state": "IT", "residence_comune": "TORINO (TO)",
             "document": {"type": "IDELE", "number": "CB90311XK", "issued_in": "TORINO (TO)"}},
        ],
    },
}  # fmt: skip


# to the flat: what its region asks beside the police, why and how they travel, is there too
FLAT_GUESTS: dict[str, Any] = {
    "nights": 3,
    "guests": [
        {"role": "head_of_family", "surname": "Lefèvre", "name": "Noëlle", "sex": "F", "birth_date": "1990-04-23",
         "birth_state": "FR", "citizenship": "FR", "residence_state": "FR", "residence_place": "Lyon",
         "tourism": "seaside", "transport": "ferry", "document": {"type": "IDENT", "number": "X4RTBPFW46", "issued_in": "FR"}},
        {"role": "family_member", "surname": "Lefèvre", "name": "Théo", "sex": "M", "birth_date": "2021-09-12",
         "birth_state": "FR", "citizenship": "FR", "residence_state": "FR", "residence_place": "Lyon",
         "tourism": "seaside", "transport": "ferry"},
    ],
}

ROOMS = ("Ulivo", "Mandorlo", "Carrubo", "Melograno", "Fico", "Gelso")
"""One for each party, so that the statistics know who sleeps where."""


class Demo(NamedTuple):
    """The invented house and flat, with their simulated portals and their clock."""

    account: Account
    person: Person
    property: Property
    credential: PoliceCredential
    portal: Simulator
    engine: Engine
    flat: Property
    statistics: FlowSimulator
    flow_loop: FlowLoop

    def set_clock(self, instant: datetime) -> None:
        """Make it be that instant, for the house and the portals alike."""
        clock.set_demo_clock(instant)
        self.portal.clock.set(instant)
        self.statistics.clock.set(instant)


def shape_of(key: str, arrival: datetime) -> dict[str, Any]:
    """One of the invented parties as a stay of ``interfaces.md``, arriving now."""
    party = FLAT_GUESTS if key == "flat" else GUESTS[key]
    day = arrival.astimezone(ROME).date()
    guests = []
    for index, guest in enumerate(party["guests"]):
        shape = {"id": f"{key}{index}", **guest}
        if (after := shape.pop("leaves_after", None)) is not None:
            shape["departure"] = (day + timedelta(days=after)).isoformat()
        guests.append(shape)
    return {
        "id": key,
        "arrival": arrival.isoformat(),
        "departure": (day + timedelta(days=party["nights"])).isoformat(),
        "guests": guests,
    }


@contextmanager
def demo(start: datetime, *, port: int = 0) -> Iterator[Demo]:
    """Build the invented house in an empty database, with its portal listening on this machine."""
    user, password, wskey = "BA009999", secrets.token_urlsafe(9), secrets.token_urlsafe(24) + "=="
    # a severe reading of something nobody has verified, so that the portal has a reason to refuse a row of ours
    behaviour = Behaviour(strictness=Strictness(member_days_refused=True), receipt_hour=5)
    portal_account = PortalAccount(user, password, wskey, structure="IL TRULLO DI PROVA", address="CONTRADA INVENTATA, 7")
    flat_account = PortalAccount(
        "SS009999", secrets.token_urlsafe(9), secrets.token_urlsafe(24) + "==", province="SS", comune="ALGHERO",
        structure="CASA GINEPRO DI PROVA", address="VIA INVENTATA, 3",
    )  # fmt: skip
    flow_account = FlowAccount("ginepro", secrets.token_urlsafe(12), (FLAT_CODE,))
    with (
        Simulator([portal_account, flat_account], clock=SimClock(start, running=True), behaviour=behaviour, port=port) as portal,
        FlowSimulator([flow_account], clock=SimClock(start, running=True)) as statistics,
    ):
        accounts.install(now=start, demo=True)
        clock.set_demo_clock(start)
        member = accounts.open_account(
            "Il Trullo di prova", email=EMAIL, password=PASSWORD, full_name="Vito Oste (inventato)", now=start
        )
        credential = accounts.save_credential(
            member.account, label="Alloggiati Web (simulato)", category="hotel", status="active",
            keys={"user": user, "password": password, "wskey": wskey}, now=start, by=member.person, endpoint=portal.url,
            province="BA",
        )  # fmt: skip
        property = accounts.add_property(
            member.account,
            {"name": "Il Trullo di prova", "type": "bb", "comune": "416072030", "credential": credential, "rooms": 6,
             "beds": 12, "address": "Contrada Inventata 7", "send_on_check_in": True},
            now=start, by=member.person,
        )  # fmt: skip
        operator, _ = operators.save_operator(member.account, OPERATOR, now=start, by=member.person)
        property.operator = operator
        property.save(update_fields=["operator"])
        for room in ROOMS:
            accounts.add_unit(property, room)
        accounts.test_connection(credential, couriers(), now=start)
        flat = _flat(member, flat_account, flow_account, portal.url, statistics.url, start)
        yield Demo(
            member.account, member.person, property, credential, portal, the_engine(), flat, statistics, flow_loop()
        )  # fmt: skip


def _flat(
    member: Membership, police: PortalAccount, flows: FlowAccount, police_url: str, flows_url: str, start: datetime
) -> Property:
    """The flat in Sardegna, where each day of the statistics goes by itself the morning after."""
    more: dict[str, Any] = {"now": start, "by": member.person}
    credential = accounts.save_credential(
        member.account, label="Alloggiati Web, Sassari (simulato)", category="hotel", status="active",
        keys={"user": police.user, "password": police.password, "wskey": police.wskey}, endpoint=police_url, province="SS",
        **more,
    )  # fmt: skip
    user = flow_credentials.save(
        member.account, label="ROSS1000 Sardegna (simulato)", portal="ROSS1000-SA",
        keys={"user": flows.user, "password": flows.password}, endpoint=flows_url, **more,
    )  # fmt: skip
    flat = accounts.add_property(
        member.account,
        {"name": "Casa Ginepro di prova", "type": "locazione_turistica", "comune": FLAT_COMUNE, "credential": credential,
         "rooms": 1, "beds": 4, "let_as": "whole", "address": "Via Inventata 3", "send_on_check_in": True,
         "portal_ids": {"ross1000": FLAT_CODE}, "flow_credential": user, "flow_auto": True},
        **more,
    )  # fmt: skip
    accounts.test_connection(credential, couriers(), now=start)
    flow_credentials.try_out(user, flow_couriers(), now=start)
    return flat
