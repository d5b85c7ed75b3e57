"""Letters as .eml: read back by the standard library, plain enough for certified mail, the same bytes every time."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.time import ROME
from locanda.letters.cover import cover_text
from locanda.letters.mail import Attachment, Letter, address_problem, eml, file_name

ON = datetime(2026, 11, 21, 9, 30, tzinfo=ROME)
LETTER = Letter(
    subject="Segnalazione guasto – «Il Trullo»",
    text="Spett.le Questura,\n\nil portale non risponde: perché è così?\n",
    to=("dipps19g.00n0@pecps.poliziadistato.it",),
    sender="ada.neri@pec.example.it",
    attachments=(Attachment("Schermata à 10:30.pdf", b"%PDF-1.7 \x00\xff", "application/pdf"),),
)


def back(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def test_comes_back_as_it_went() -> None:
    message = back(eml(LETTER, on=ON))
    assert message["Subject"] == LETTER.subject
    assert message["To"] == "dipps19g.00n0@pecps.poliziadistato.it"
    assert message["From"] == "ada.neri@pec.example.it"
    assert message["Date"] == "Sat, 21 Nov 2026 09:30:00 +0100"
    assert message["X-Unsent"] == "1"
    body = message.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.text
    assert body.get_content_type() == "text/plain"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "Schermata-a-10-30.pdf"
    assert attachment.get_content() == b"%PDF-1.7 \x00\xff"
    assert attachment["Content-Transfer-Encoding"] == "base64"


def test_bytes_are_those_of_mail() -> None:
    content = eml(LETTER, on=ON)
    assert content == eml(LETTER, on=ON.astimezone(UTC))
    assert content != eml(LETTER, on=ON + timedelta(seconds=1))
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b'boundary="limite"' in eml(LETTER, on=ON, boundary="limite")
    assert b"X-Unsent" not in eml(LETTER, on=ON, draft=False)


def test_an_unknown_address_is_left_open() -> None:
    message = back(eml(LETTER._replace(to=(), sender=None), on=ON))
    assert message["To"] is None
    assert message["From"] is None


def test_no_header_comes_in_through_a_name() -> None:
    message = back(eml(LETTER._replace(subject="Guasto\r\nBcc: tutti@example.it\n"), on=ON))
    assert message["Bcc"] is None
    assert message["Subject"] == "Guasto Bcc: tutti@example.it"
    with pytest.raises(ValueError, match="not an address"):
        eml(LETTER._replace(to=("a@example.it\r\nBcc: b@example.it",)), on=ON)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("ada@example.it", None),
        ("dipps110.00n0@pecps.poliziadistato.it", None),
        ("ada+locanda@sub.example.co.uk", None),
        ("", "letter.address.missing"),
        ("  ", "letter.address.missing"),
        ("ada@example", "letter.address.unfit"),
        ("ada", "letter.address.unfit"),
        ("ada@example.it, eva@example.it", "letter.address.unfit"),
        ("Ada <ada@example.it>", "letter.address.unfit"),
        ("a..b@example.it", "letter.address.unfit"),
        (".a@example.it", "letter.address.unfit"),
        ("a.@example.it", "letter.address.unfit"),
        ("ada@example.it\n", "letter.address.unfit"),
        ("ada@-example.it", "letter.address.unfit"),
    ],
)
def test_addresses(address: str, fault: str | None) -> None:
    problem = address_problem(address, "to")
    assert (problem and problem.code) == fault


@given(subject=st.text(max_size=200), text=st.text(max_size=400), name=st.text(max_size=200), content=st.binary(max_size=200))
def test_whatever_is_written_comes_back_whole(subject: str, text: str, name: str, content: bytes) -> None:
    letter = LETTER._replace(subject=subject, text=text, attachments=(Attachment(name, content, "application/pdf"),))
    message = back(eml(letter, on=ON))
    visible = "".join(character if character.isprintable() else " " for character in subject)
    assert str(message["Subject"] or "").split() == visible.split()
    (attachment,) = message.iter_attachments()
    assert attachment.get_content() == content
    assert attachment.get_filename() == file_name(name)
    body = message.get_body()
    assert body is not None
    kept = "".join(character for character in text if character in "\n\t" or character.isprintable())
    assert body.get_content().replace("\r\n", "\n").rstrip() == kept.rstrip()


@given(st.text(max_size=300))
def test_file_names_are_plain(name: str) -> None:
    plain = file_name(name)
    assert plain
    assert len(plain) <= 120
    assert plain.isascii()
    assert not set(plain) & set('/\\:*?"<>| ')
    assert not plain.startswith(".")
    assert file_name(plain) == plain


def test_a_cover_text_says_what_there_is_and_nothing_else() -> None:
    text = cover_text(
        office="Questura di Bari",
        paragraphs=["Ada Neri chiede " + "molto " * 30 + "https://bdsr.ministeroturismo.gov.it/" + "x" * 60, "Grazie."],
        facts=[("Struttura", "Il Trullo"), ("Account", "")],
        attached=["Carta d'identità (pag. 2)", "Visura (pag. 4)"],
        signature=["Ada Neri", ""],
        day=ON.date(),
    )
    blocks = text.split("\n\n")
    assert blocks[0] == "Spett.le Questura di Bari"
    assert blocks[2] == "Struttura: Il Trullo"
    assert blocks[3] == "Grazie."
    assert blocks[4] == "In allegato:\n1. Carta d'identità (pag. 2)\n2. Visura (pag. 4)"
    assert blocks[5:] == ["Distinti saluti", "21/11/2026\nAda Neri\n"]
    assert "Account" not in text
    assert "https://bdsr.ministeroturismo.gov.it/" + "x" * 60 in text  # a broken link leads nowhere
    assert [line for line in text.splitlines() if len(line) > 76 and "https" not in line] == []
    assert cover_text(office="Comune", paragraphs=["Sì."], closing=()) == "Spett.le Comune\n\nSì.\n"
