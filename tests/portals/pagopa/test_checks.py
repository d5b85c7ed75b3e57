"""What of a payment is verified offline, and what is said not to be (spec imposta-di-soggiorno 13.6)."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from locanda.portals.pagopa import UNVERIFIABLE, Expected, QrCode, Slip, check_payment, read_receipt
from locanda.portals.pagopa.checks import question
from tests.portals.pagopa.receipts import CREDITOR, IUV, NEW, NOTICE, OLD

DUE = date(2026, 4, 16)
FULL = Expected(12345, CREDITOR, NOTICE, due=DUE)
QR = QrCode(NOTICE, CREDITOR, 12345)
SLIP = Slip(NOTICE, "000000000001", 12345, CREDITOR)
OF_RECEIPT = ["outcome", "creditor", "iuv", "amount", "items", "on_time", "unused"]


def states(expected: Expected, text: str | None = NEW, **more: Any) -> dict[str, str]:
    receipt = read_receipt(text.encode())[0] if text else None
    return {check.id: check.state for check in check_payment(expected, receipt=receipt, **more)}


@pytest.mark.parametrize("text", [OLD, NEW])
def test_a_payment_in_order_passes_every_check(text: str) -> None:
    told = states(FULL, text, qr=QR, slip=SLIP)
    assert list(told) == ["notice", "creditor_code", "qr", "data_matrix", *OF_RECEIPT] and set(told.values()) == {"passed"}


def test_before_there_is_a_receipt_its_checks_are_unknown_and_not_passed() -> None:
    told = states(FULL, None, qr=QR)
    assert told == {"notice": "passed", "creditor_code": "passed", "qr": "passed"} | dict.fromkeys(OF_RECEIPT, "unknown")


def test_what_the_books_do_not_know_stays_unknown() -> None:
    told = states(Expected(12345), NEW, qr=QR)
    assert {name for name, state in told.items() if state == "unknown"} == {
        "notice", "creditor_code", "qr", "creditor", "iuv", "on_time",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "text", "failed"),
    [
        (FULL._replace(amount=12346), NEW, {"amount": "pagopa.receipt.amount"}),
        (
            FULL._replace(creditor="12345670018"), NEW,
            {"creditor_code": "pagopa.creditor.invalid", "creditor": "pagopa.receipt.creditor"},
        ),
        (FULL._replace(due=date(2026, 4, 15)), NEW, {"on_time": "pagopa.receipt.late"}),
        (FULL._replace(used=frozenset({IUV})), NEW, {"unused": "pagopa.receipt.used"}),
        (FULL._replace(notice="301000000000123469"), NEW, {"notice": "code.pagopa_notice.check_digits"}),
        (FULL._replace(notice="301000000000012373"), NEW, {"iuv": "pagopa.receipt.iuv"}),
        (Expected(12345, CREDITOR, iuv="RF18539007547034", due=DUE), OLD, {"iuv": "pagopa.receipt.iuv"}),
        (FULL, NEW.replace("<outcome>OK", "<outcome>KO"), {"outcome": "pagopa.outcome.not_done"}),
        (FULL, OLD.replace("Pagamento>0<", "Pagamento>2<"), {"outcome": "pagopa.outcome.partial"}),
        (FULL, OLD.replace("Pagamento>0<", "Pagamento>3<"), {"outcome": "pagopa.outcome.expired"}),
        (FULL, OLD.replace("Pagamento>0<", "Pagamento>4<"), {"outcome": "pagopa.outcome.partly_expired"}),
        (FULL, OLD.replace(">23.45<", ">23.44<"), {"items": "pagopa.receipt.sum"}),
    ],
)  # fmt: skip
def test_each_check_fails_alone_and_says_why(expected: Expected, text: str, failed: dict[str, str]) -> None:
    receipt = read_receipt(text.encode())[0]
    told = {check.id: check.why for check in check_payment(expected, receipt=receipt) if check.state == "failed"}
    assert {name: why.code for name, why in told.items() if why} == failed
    for why in told.values():
        assert why is not None and "{" not in why.message("it") + why.message("en") + why.hint("it") + why.hint("en")


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        (QR._replace(notice="301000000000012373"), "pagopa.symbol.notice"), (QR._replace(amount=1), "pagopa.symbol.amount"),
        (QR._replace(creditor="x"), "pagopa.symbol.creditor"),
    ],
)  # fmt: skip
def test_a_symbol_that_says_something_else(symbol: QrCode, code: str) -> None:
    found = next(check for check in check_payment(FULL, qr=symbol) if check.id == "qr")
    assert found.state == "failed" and found.why is not None and found.why.code == code
    slip = Slip(symbol.notice, "1", symbol.amount, symbol.creditor)
    assert next(check.why for check in check_payment(FULL, slip=slip) if check.id == "data_matrix") == found.why


def test_a_notice_typed_in_groups_agrees_too() -> None:
    told = states(FULL._replace(notice="3010 0000 0000 1234 68"), NEW, qr=QR)
    assert set(told.values()) == {"passed"}


def test_the_day_of_the_term_itself_is_on_time() -> None:
    assert states(FULL, NEW)["on_time"] == "passed"  # paid on 16 April at 23.30


def test_without_the_day_of_payment_the_day_of_issue_counts() -> None:
    text = OLD.replace("<pay_i:dataEsitoSingoloPagamento>2026-04-09</pay_i:dataEsitoSingoloPagamento>", "").replace(
        "<pay_i:dataEsitoSingoloPagamento>2026-04-10</pay_i:dataEsitoSingoloPagamento>", ""
    )
    assert states(FULL, text)["on_time"] == "passed"
    assert states(FULL._replace(due=date(2026, 4, 9)), text)["on_time"] == "failed"


def test_every_question_and_what_cannot_be_verified_has_words() -> None:
    words = tomllib.loads((files("locanda.portals.pagopa") / "checks.toml").read_text(encoding="utf-8"))
    asked = {check.id for check in check_payment(FULL, qr=QR, slip=SLIP)} | set(UNVERIFIABLE)
    assert asked == set(words) and len(UNVERIFIABLE) == 3
    for ident in asked:
        assert question(ident, "it") != question(ident, "en")
    assert "non verificata" in question("data_matrix") and check_payment(FULL)[0].question("en") == question("notice", "en")
