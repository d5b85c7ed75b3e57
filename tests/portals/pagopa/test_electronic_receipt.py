"""Receipts of both generations give one plain value, and what is wrong in them is told (spec imposta-di-soggiorno 13.5)."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.time import ROME
from locanda.portals.pagopa import PaymentReceipt, ReceiptItem, read_receipt
from locanda.portals.pagopa.electronic_receipt import SIZE_MAX
from tests.portals.pagopa.receipts import CREDITOR, IUV, NEW, NOTICE, OLD


def read(text: str) -> PaymentReceipt:
    receipt, problems = read_receipt(text.encode())
    assert receipt is not None and problems == ()
    return receipt


def codes(text: str | bytes) -> list[str]:
    return [problem.code for problem in read_receipt(text if isinstance(text, bytes) else text.encode())[1]]


def without(text: str, name: str) -> str:
    cut = re.sub(rf"\s*<(?:pay_i:)?{name}>.*?</(?:pay_i:)?{name}>", "", text, flags=re.DOTALL)
    assert cut != text
    return cut


def test_the_older_generation() -> None:
    assert read(OLD) == PaymentReceipt(
        "RT", CREDITOR, "COMUNE INVENTATO", None, IUV, "done", 12345,
        (
            ReceiptItem(10000, "Imposta di soggiorno, Il Trullo", "IUR-1", date(2026, 4, 9), CREDITOR),
            ReceiptItem(2345, "Imposta di soggiorno, La Lamia", "IUR-2", date(2026, 4, 10), CREDITOR),
        ),
        date(2026, 4, 10), datetime(2026, 4, 10, 11, 12, 13, tzinfo=ROME), None, None, "IUR-1, IUR-2",
        "Imposta di soggiorno, Il Trullo; Imposta di soggiorno, La Lamia", "F", "RSSMRA80A41F205B", 150,
    )  # fmt: skip


def test_the_newer_generation() -> None:
    assert read(NEW) == PaymentReceipt(
        "paSendRT", CREDITOR, "COMUNE INVENTATO", NOTICE, IUV, "done", 12345,
        (ReceiptItem(12345, "Imposta di soggiorno 1 trimestre", "", None, CREDITOR),),
        date(2026, 4, 16), None, date(2026, 4, 17), date(2026, 4, 18), "c110729d258c4ab1b765fe902aae41d6", "Imposta di soggiorno",
        "G", CREDITOR, 200,
    )  # fmt: skip


def test_version_two_of_the_call_and_a_bare_receipt_say_the_same() -> None:
    assert read(NEW.replace("paSendRTReq", "paSendRTV2Request")) == read(NEW)
    assert read(NEW[NEW.index("<receipt>") : NEW.index("</receipt>") + 10]) == read(NEW)


def test_the_name_of_the_payer_is_not_kept() -> None:
    assert "ROSSI" not in repr(read(OLD)) and "srl" not in repr(read(NEW))


def test_the_day_of_the_payment_is_that_of_italy() -> None:
    assert read(NEW.replace("2026-04-16T23:30:00+02:00", "2026-04-16T22:30:00Z")).paid_on == date(2026, 4, 17)
    assert read(NEW.replace("2026-04-16T23:30:00+02:00", "2026-04-16T23:30:00.1234567")).paid_on == date(2026, 4, 16)


def test_what_may_be_left_out_is_none() -> None:
    short = NEW
    for name in ("fee", "paymentDateTime", "applicationDate", "transferDate"):
        short = without(short, name)
    receipt = read(short)
    assert (receipt.fee, receipt.paid_on, receipt.applied_on, receipt.transferred_on) == (None, None, None, None)
    assert read(without(OLD, "commissioniApplicatePSP")).fee is None


@pytest.mark.parametrize("name", ["receiptId", "noticeNumber", "fiscalCode", "outcome", "creditorReferenceId", "paymentAmount"])
def test_what_is_missing_in_the_newer_generation_is_told(name: str) -> None:
    [problem] = read_receipt(without(NEW, name).encode())[1]
    assert (problem.code, problem.where, problem.fact("name")) == ("pagopa.receipt.missing", name, name)


@pytest.mark.parametrize(
    "name",
    [
        "identificativoDominio", "identificativoUnivocoVersamento", "codiceEsitoPagamento", "importoTotalePagato",
        "dataOraMessaggioRicevuta",
    ],
)
def test_what_is_missing_in_the_older_generation_is_told(name: str) -> None:
    [problem] = read_receipt(without(OLD, name).encode())[1]
    assert (problem.code, problem.fact("name")) == ("pagopa.receipt.missing", name)


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        (OLD, "<pay_i:singoloImportoPagato>23.45", "<pay_i:singoloImportoPagato>23.46", ["pagopa.receipt.sum"]),
        (NEW, "<transferAmount>123.45", "<transferAmount>0.45", ["pagopa.receipt.sum"]),
        (NEW, "<paymentAmount>123.45", "<paymentAmount>123,45", ["pagopa.amount.shape"]),
        (NEW, "<paymentAmount>123.45", "<paymentAmount>123.4", ["pagopa.amount.shape"]),
        (NEW, "<paymentAmount>123.45", "<paymentAmount>-123.45", ["pagopa.amount.shape"]),
        (NEW, "<outcome>OK", "<outcome>ok?", ["pagopa.outcome.unknown"]),
        (OLD, "<pay_i:codiceEsitoPagamento>0", "<pay_i:codiceEsitoPagamento>7", ["pagopa.outcome.unknown"]),
        (NEW, f"<creditorReferenceId>{IUV}", "<creditorReferenceId>01000000000099999", ["pagopa.receipt.iuv_differs"]),
        (NEW, f"<noticeNumber>{NOTICE}", "<noticeNumber>301000000000123469", ["code.pagopa_notice.check_digits"]),
        (NEW, f"<fiscalCode>{CREDITOR}", "<fiscalCode>12345670018", ["pagopa.creditor.invalid"]),
        (OLD, f"Versamento>{IUV}", "Versamento>RF19539007547034", ["code.rf.check_digits"]),
        (OLD, "2026-04-09", "2026-04-31", ["pagopa.receipt.day"]),
        (OLD, "2026-04-10T11:12:13", "domani", ["pagopa.receipt.day"]),
        (NEW, "2026-04-16T23:30:00+02:00", "9999-12-31T23:59:59-12:00", ["pagopa.receipt.day"]),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_told(text: str, old: str, new: str, expected: list[str]) -> None:
    assert old in text
    assert codes(text.replace(old, new)) == expected


def test_a_payment_done_lists_its_items_and_not_more_than_five() -> None:
    assert codes(without(OLD, "datiSingoloPagamento")) == ["pagopa.receipt.no_items"]
    single = OLD[OLD.index("<pay_i:datiSingoloPagamento>") : OLD.rindex("</pay_i:datiPagamento>")]
    many = OLD.replace(single, single * 3).replace("123.45", "370.35")
    assert codes(many) == ["pagopa.receipt.many_items"]


@pytest.mark.parametrize(("code", "outcome"), [("1", "not_done"), ("2", "partial"), ("3", "expired"), ("4", "partly_expired")])
def test_every_outcome(code: str, outcome: str) -> None:
    text = OLD.replace("<pay_i:codiceEsitoPagamento>0", f"<pay_i:codiceEsitoPagamento>{code}")
    assert read(text).outcome == outcome
    assert read(NEW.replace("<outcome>OK", "<outcome>KO")).outcome == "not_done"


# files of other people ------------------------------------------------------------------------------------------------------

LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY a{number} "{f"&a{number - 1 if number > 1 else str()};" * 10}">' for number in range(1, 10))
    + "]><receipt><receiptId>&a9;</receiptId></receipt>"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["pagopa.receipt.empty"]),
        (b"   \n", ["pagopa.receipt.empty"]),
        (b"%PDF-1.7", ["portal.xml.broken"]),
        (OLD.encode()[:700], ["portal.xml.broken"]),
        (b"<html><body>404</body></html>", ["pagopa.receipt.none"]),
        (b"<receipt/>", ["pagopa.receipt.none"]),
        (f"<all>{NEW}{NEW}</all>".encode(), ["pagopa.receipt.several"]),
        (b"<a>" * 5000 + b"</a>" * 5000, ["portal.xml.too_deep"]),
        (b" " * SIZE_MAX + NEW.encode(), ["pagopa.receipt.large"]),
        (LAUGHS.encode(), ["portal.xml.doctype"]),
        (LAUGHS.encode("utf-16"), ["portal.xml.doctype"]),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><receipt><a>&x;</a></receipt>', ["portal.xml.doctype"]),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><receipt><a>a</a></receipt>', ["portal.xml.doctype"]),
        (b"<receipt><receiptId>&unknown;</receiptId></receipt>", ["portal.xml.broken"]),
    ],
    ids=[str(number) for number in range(14)],
)  # fmt: skip
def test_hostile_and_broken_files_are_told_and_never_opened_further(data: bytes, expected: list[str]) -> None:
    receipt, problems = read_receipt(data)
    assert receipt is None and [problem.code for problem in problems] == expected
    assert all("root:" not in problem.message() for problem in problems)


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data: bytes) -> None:
    receipt, problems = read_receipt(data)
    assert receipt is None and problems


@given(st.integers(0, len(NEW) - 1), st.characters(codec="utf-8"))
def test_any_slip_in_a_receipt_is_answered(place: int, letter: str) -> None:
    receipt, problems = read_receipt((NEW[:place] + letter + NEW[place + 1 :]).encode())
    assert receipt is not None or problems
    for problem in problems:
        assert problem.message("it") and problem.message("en")
