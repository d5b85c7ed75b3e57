"""The electronic receipt of a payment, RT, of both generations (pagoPA XSDs; spec imposta-di-soggiorno 13.5).

The older one is ``RT`` (6.2.0), the newer one ``receipt`` inside ``paSendRTReq`` or ``paSendRTV2Request``; either may come in an
envelope. Both give one plain value. Read leniently, by names without their prefix; what is missing or does not add up is told,
and nothing is guessed. Of the payer only the tax code is kept. Entities are never expanded: a document type is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from locanda.core.codes import check, check_iuv, iuv
from locanda.core.problems import Problem
from locanda.core.time import ROME
from locanda.portals.markup import Node, read_xml

__all__ = ["SIZE_MAX", "PaymentReceipt", "ReceiptItem", "read_receipt"]

SIZE_MAX = 1_000_000
"""Bytes. A real receipt has a few thousand; one with attached stamps stays far below."""
ITEMS_MAX = 5

_AMOUNT = re.compile(r"[0-9]{1,16}\.[0-9]{2}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_OUTCOMES = {"0": "done", "1": "not_done", "2": "partial", "3": "expired", "4": "partly_expired", "OK": "done", "KO": "not_done"}


class ReceiptItem(NamedTuple):
    """One of the one to five payments inside a receipt. Amounts in cents."""

    amount: int | None
    description: str = ""
    collection: str = ""
    day: date | None = None
    creditor: str = ""


class PaymentReceipt(NamedTuple):
    """What a receipt says, in either generation. None or empty: it does not say.

    ``outcome``: ``done``, ``not_done``, ``partial``, ``expired``, ``partly_expired``. ``paid_on`` is the day of the payment in
    Italy, ``issued_at`` when the receipt was made (only the older generation says it): from then on the payer is free towards the
    creditor.
    """

    generation: str
    creditor: str = ""
    creditor_name: str = ""
    notice: str | None = None
    iuv: str = ""
    outcome: str | None = None
    amount: int | None = None
    items: tuple[ReceiptItem, ...] = ()
    paid_on: date | None = None
    issued_at: datetime | None = None
    applied_on: date | None = None
    transferred_on: date | None = None
    collection: str = ""
    description: str = ""
    payer_kind: str = ""
    payer_code: str = ""
    fee: int | None = None


def read_receipt(data: bytes) -> tuple[PaymentReceipt | None, tuple[Problem, ...]]:
    """The receipt in a file, and everything that is missing or does not add up in it."""
    if len(data) > SIZE_MAX:
        return None, (Problem.of("pagopa.receipt.large", "", size=len(data), limit=SIZE_MAX),)
    if not data.strip():
        return None, (Problem("pagopa.receipt.empty"),)
    root = read_xml(data)
    if isinstance(root, Problem):
        return None, (root,)
    found = [node for node in _walk(root) if _is_old(node) or _is_new(node)]
    if len(found) != 1:
        return None, (Problem.of("pagopa.receipt.several" if found else "pagopa.receipt.none", "", count=len(found)),)
    reader = _Reader(found[0])
    receipt = reader.old() if _is_old(found[0]) else reader.new()
    return receipt, (*reader.problems, *_consistency(receipt))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _is_old(node: Node) -> bool:
    return node.name == "RT" and bool(node.children)


def _is_new(node: Node) -> bool:
    return node.name == "receipt" and bool(node.children)


class _Reader:
    """One receipt, element by element; notes what is missing or malformed."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.problems: list[Problem] = []

    def old(self) -> PaymentReceipt:
        """``RT``, elements in Italian."""
        items = []
        payment = self.find("datiPagamento")
        singles = list(payment.all("datiSingoloPagamento")) if payment else []
        for place, entry in enumerate(singles):
            where = f"datiPagamento.datiSingoloPagamento[{place}]"
            items.append(
                ReceiptItem(
                    self.cents("singoloImportoPagato", entry, where),
                    entry.text_of("causaleVersamento") or "",
                    entry.text_of("identificativoUnivocoRiscossione") or "",
                    self.day("dataEsitoSingoloPagamento", entry, where),
                    self.text("dominio", "identificativoDominio"),
                )
            )
        fees = [
            self.cents("commissioniApplicatePSP", entry, "datiPagamento") for entry in singles
            if entry.first("commissioniApplicatePSP")
        ]  # fmt: skip
        days = [item.day for item in items if item.day]
        issued = self.instant("dataOraMessaggioRicevuta")
        payer = ("soggettoPagatore", "identificativoUnivocoPagatore")
        return PaymentReceipt(
            "RT",
            creditor=self.wanted("dominio", "identificativoDominio"),
            creditor_name=self.text("enteBeneficiario", "denominazioneBeneficiario"),
            iuv=self.wanted("datiPagamento", "identificativoUnivocoVersamento"),
            outcome=self.outcome("datiPagamento", "codiceEsitoPagamento"),
            amount=self.cents("importoTotalePagato", payment, "datiPagamento"),
            items=tuple(items),
            paid_on=max(days, default=None),
            issued_at=issued,
            collection=", ".join(dict.fromkeys(item.collection for item in items if item.collection)),
            description="; ".join(dict.fromkeys(item.description for item in items if item.description)),
            payer_kind=self.text(*payer, "tipoIdentificativoUnivoco"),
            payer_code=self.text(*payer, "codiceIdentificativoUnivoco"),
            fee=sum(fee for fee in fees if fee is not None) if fees else None,
        )

    def new(self) -> PaymentReceipt:
        """``receipt``, elements in English."""
        items = []
        transfers = self.find("transferList")
        for place, entry in enumerate(transfers.all("transfer") if transfers else ()):
            where = f"transferList.transfer[{place}]"
            items.append(
                ReceiptItem(
                    self.cents("transferAmount", entry, where),
                    entry.text_of("remittanceInformation") or "",
                    creditor=entry.text_of("fiscalCodePA") or "",
                )
            )
        paid = self.instant("paymentDateTime") if self.find("paymentDateTime") else None
        payer = ("debtor", "uniqueIdentifier")
        return PaymentReceipt(
            "paSendRT",
            creditor=self.wanted("fiscalCode"),
            creditor_name=self.text("companyName"),
            notice=self.wanted("noticeNumber") or None,
            iuv=self.wanted("creditorReferenceId"),
            outcome=self.outcome("outcome"),
            amount=self.cents("paymentAmount", self.node, ""),
            items=tuple(items),
            paid_on=paid.astimezone(ROME).date() if paid else None,
            applied_on=self.day("applicationDate", self.node, "") if self.find("applicationDate") else None,
            transferred_on=self.day("transferDate", self.node, "") if self.find("transferDate") else None,
            collection=self.wanted("receiptId"),
            description=self.text("description"),
            payer_kind=self.text(*payer, "entityUniqueIdentifierType"),
            payer_code=self.text(*payer, "entityUniqueIdentifierValue"),
            fee=self.cents("fee", self.node, "") if self.find("fee") else None,
        )

    def find(self, *path: str) -> Node | None:
        node: Node | None = self.node
        for name in path:
            node = node.first(name) if node else None
        return node

    def text(self, *path: str) -> str:
        node = self.find(*path)
        return node.text if node else ""

    def wanted(self, *path: str) -> str:
        """The text of an element that every receipt has."""
        node = self.find(*path)
        if node is None or not (node.text or node.children):
            self.problems.append(Problem.of("pagopa.receipt.missing", ".".join(path), name=path[-1]))
            return ""
        return node.text

    def outcome(self, *path: str) -> str | None:
        text = self.wanted(*path)
        if text and text not in _OUTCOMES:
            self.problems.append(Problem.of("pagopa.outcome.unknown", ".".join(path), value=text))
        return _OUTCOMES.get(text)

    def cents(self, name: str, node: Node | None, where: str) -> int | None:
        """Exactly two decimals and a dot; anything else is told and not taken for an amount."""
        text = (node.text_of(name) or "") if node else ""
        path = f"{where}.{name}".lstrip(".")
        if not text:
            self.problems.append(Problem.of("pagopa.receipt.missing", path, name=name))
        elif not _AMOUNT.fullmatch(text):
            self.problems.append(Problem.of("pagopa.amount.shape", path, value=text))
        else:
            return int(text.replace(".", ""))
        return None

    def day(self, name: str, node: Node, where: str) -> date | None:
        text = node.text_of(name) or ""
        path = f"{where}.{name}".lstrip(".")
        if not text:
            self.problems.append(Problem.of("pagopa.receipt.missing", path, name=name))
            return None
        shape = _DAY.fullmatch(text)
        try:
            return date.fromisoformat(shape[1] if shape else "")
        except ValueError:
            self.problems.append(Problem.of("pagopa.receipt.day", path, value=text))
            return None

    def instant(self, name: str) -> datetime | None:
        """An instant; without offset it is Italian time."""
        text = self.wanted(name)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text))
            found = found if found.tzinfo else found.replace(tzinfo=ROME)
            found.astimezone(ROME)  # a year beyond the calendar overflows here
        except (ValueError, OverflowError):
            self.problems.append(Problem.of("pagopa.receipt.day", name, value=text))
            return None
        return found


def _consistency(receipt: PaymentReceipt) -> Iterator[Problem]:
    """What a receipt must agree about with itself."""
    if receipt.outcome in ("done", "partial") and not receipt.items:
        yield Problem("pagopa.receipt.no_items", "items")
    if len(receipt.items) > ITEMS_MAX:
        yield Problem.of("pagopa.receipt.many_items", "items", count=len(receipt.items))
    amounts = [item.amount for item in receipt.items]
    whole = sum(amount for amount in amounts if amount is not None)
    if receipt.items and receipt.amount is not None and None not in amounts and whole != receipt.amount:
        yield Problem.of("pagopa.receipt.sum", "amount", total=_euro(receipt.amount), items=_euro(whole))
    if receipt.notice:
        checked = check("pagopa-notice", receipt.notice)
        if not checked.usable:
            yield from (problem._replace(where="noticeNumber") for problem in checked.warnings)
        elif receipt.iuv and iuv(checked.normalised) != receipt.iuv:
            yield Problem.of("pagopa.receipt.iuv_differs", "creditorReferenceId", iuv=receipt.iuv, notice=receipt.notice)
    if receipt.iuv and not check_iuv(receipt.iuv).usable:
        yield from (problem._replace(where="iuv") for problem in check_iuv(receipt.iuv).warnings)
    if receipt.creditor and not check("partita-iva", receipt.creditor).usable:
        yield Problem.of("pagopa.creditor.invalid", "creditor", value=receipt.creditor)


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
