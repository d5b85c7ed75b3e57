"""A house with every state a party can be in, seen through the pages: invented guests, a simulated portal."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from locanda.archive.models import Delivery, Installation, Membership, Stay
from locanda.archive.vault import Vault
from locanda.letters.credential_request import Applicant
from locanda.letters.single_pdf import Scan
from locanda.office import accounts, check_in, clock, credential_file, engine, prepared_requests, sending
from tests.world import NOON, World, family, guest, world

PASSWORD = "una-password-lunga"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@contextmanager
def scene() -> Iterator[World]:
    """A world whose pages live at the same time as its portal."""
    with world(NOON) as made:
        made.property.send_on_check_in = False
        made.property.save()
        clock.set_demo_clock(made.now + timedelta(seconds=30))  # it is kept in whole seconds: never before the world's own
        engine.couriers.cache_clear()
        engine.engine.cache_clear()
        try:
            yield made
        finally:
            clock._offset = None


def as_role(made: World, role: str, email: str | None = None) -> Membership:
    """Another person of the account."""
    return accounts.add_person(
        made.account, email=email or f"{role}@example.org", full_name=role.title(), role=role, now=made.now, by=made.person,
        password=PASSWORD,
    )  # fmt: skip


def prepared(made: World) -> UUID:
    """A request to the police office that waits to be sent."""
    needed = credential_file.needed(made.property, "credentials", now=made.now)
    assert needed is not None
    papers = [Scan(paper.key, PNG, "a.png") for paper in needed.wanted if paper.applies]
    asker = Applicant("Vito Oste", email="vito@example.org", meets_article_11=True)
    built, problems = credential_file.build(made.property, "credentials", asker, papers, now=made.now)
    assert built is not None, problems
    return prepared_requests.put_away(made.property, "credentials", built, now=made.now, person=made.person).pk


def turn(made: World) -> None:
    """One round of the engine, a little after whatever the pages did just now."""
    made.now = clock.now() + timedelta(seconds=1)
    made.engine.round()


def break_row(delivery: Delivery, index: int, surname: str) -> None:
    """Bytes that no rule of ours would write, so that the portal refuses them."""
    box = Vault(delivery.account).party(delivery.party)
    inside = box.open(delivery.sealed_text, "delivery text")
    lines = inside["text"].split("\r\n")
    lines[index] = lines[index][:14] + surname.ljust(50) + lines[index][64:]
    delivery.sealed_text = box.seal({**inside, "text": "\r\n".join(lines)}, "delivery text")
    delivery.save()


def foreigner(surname: str, name: str, state: str, role: str = "single", **more: Any) -> dict[str, Any]:
    """A guest born abroad, with a passport."""
    shape = guest(surname, name, role, birth_state=state, citizenship=state, **more)
    del shape["birth_comune"]
    if "document" in shape:
        shape["document"] = {"type": "PASOR", "number": f"C4J8{len(surname)}L{len(name)}M", "issued_in": state}
    return shape


def full(made: World) -> dict[str, Stay]:
    """One stay of each kind; a receipt of yesterday; a draft; the engine awake."""
    found: dict[str, Stay] = {}

    def send(name: str, *, breaks: bool = False, fault: str = "") -> None:
        delivery = made.delivery(found[name])
        if breaks:
            break_row(delivery, 0, "BAD—NAME")
        if fault:
            made.sim.faults.next(fault, operation="Send")
        sending.send_now(delivery, now=made.now, person=made.person)
        made.engine.round()

    today = made.now
    made.now = today - timedelta(days=1)
    found["erased"] = made.check_in(*family())
    send("erased")
    made.now = today
    made.engine.round()
    made.now = today - timedelta(hours=3)
    found["refused"] = made.check_in(foreigner("O'NEILL", "MARY ANN", "US"))
    send("refused", breaks=True)
    found["doubt"] = made.check_in(
        guest("DELL'ACQUA", "SOFIA", "head_of_family"),
        guest("DELL'ACQUA", "NOÈ", "family_member", sex="M", birth_date="2016-03-01"),
    )
    send("doubt", fault="drop_after_storing")
    made.now = today
    found["waiting"] = made.check_in(
        foreigner("Müller", "Jürgen", "DE", "head_of_family", sex="M"),
        foreigner("Müller", "Käthe", "DE", "family_member"),
        nights=4,
    )
    found["by_hand"] = made.check_in(guest("GRECO", "PAOLO", sex="M"), nights=1)
    sending.by_hand(made.delivery(found["by_hand"]), now=made.now, person=made.person)
    found["long"] = made.check_in(guest("FERRANTE", "ELISA", birth_date="1988-11-04"), nights=45)
    send("long")
    shape = made.shape(guest("RUSSO", "ADA"))
    found["draft"] = check_in.save_draft(made.property, shape, now=made.now, person=made.person)
    Installation.objects.filter(id=1).update(engine_seen_at=made.now)
    return found
