"""pagoPA as an operator meets it: the notice with its two symbols, the electronic receipt, the sheet of a spontaneous payment.

Nothing here pays, and nothing here asks a server: the operator pays on the comune's portal or at a PSP. What is written serves to
copy values by hand; what is read is judged offline, and what cannot be known offline is said (spec imposta-di-soggiorno 13).
"""

from __future__ import annotations

from locanda.portals.pagopa.checks import UNVERIFIABLE, Check, Expected, check_payment
from locanda.portals.pagopa.electronic_receipt import PaymentReceipt, ReceiptItem, read_receipt
from locanda.portals.pagopa.qr import QrCode, read_qr, write_qr
from locanda.portals.pagopa.slip import Slip, read_slip, write_slip
from locanda.portals.pagopa.spontaneous import Payable, Sheet, SheetField, sheets

__all__ = [
    "UNVERIFIABLE", "Check", "Expected", "Payable", "PaymentReceipt", "QrCode", "ReceiptItem", "Sheet", "SheetField", "Slip",
    "check_payment", "read_qr", "read_receipt", "read_slip", "sheets", "write_qr", "write_slip",
]  # fmt: skip
