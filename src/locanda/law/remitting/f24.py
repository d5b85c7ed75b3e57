"""The rows of the F24 for the tourist tax (Agenzia delle Entrate, Res. 64/E of 30 May 2017; spec imposta-di-soggiorno 13.7).

Only for comuni that signed the agreement with the tax agency: one whose rules do not name the channel ``f24`` is refused here.
"""

from __future__ import annotations

from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.law.tourist_tax import TouristTax

__all__ = ["CHANNEL", "SECTION", "F24Row", "f24_rows"]

CHANNEL = "f24"
SECTION = "IMU e altri tributi locali"
_CODES = (("tax", "3936"), ("interest", "3937"), ("penalty", "3938"))


class F24Row(NamedTuple):
    """A row: the only amounts are in the column "importi a debito versati". ``what`` is ``tax``, ``interest`` or ``penalty``."""

    what: str
    section: str
    entity: str
    code: str
    year: int
    debit: int

    @property
    def debit_text(self) -> str:
        """The amount as the form is filled in."""
        return f"{self.debit // 100},{self.debit % 100:02}"


def f24_rows(
    rules: TouristTax, belfiore: str, year: int, tax: int, *, interest: int = 0, penalty: int = 0
) -> tuple[F24Row, ...] | Problem:
    """The rows of a payment, in cents: tax, and for one paid late interest and penalty. ``year`` is the one it refers to."""
    if rules.remittance is None or CHANNEL not in rules.remittance.channels:
        return Problem.of("remit.f24.not_used", "channel", comune=belfiore)
    amounts = {"tax": tax, "interest": interest, "penalty": penalty}
    return tuple(F24Row(what, SECTION, belfiore, code, year, amounts[what]) for what, code in _CODES if amounts[what])
