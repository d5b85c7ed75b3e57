"""Visitor statistics (movimento dei clienti, ISTAT C/59): who came, left and slept, day by day (spec flussi-turistici).

    told = movement(home, stays, days, first, last, needs={"sex", "birth_date"})
    told.movement or told.problems
    for month in month_counts(told.movement): ...
"""

from __future__ import annotations

from locanda.law.statistics.changes import Stretch, changed_days, touches
from locanda.law.statistics.closings import LEAST_CLOSED, Closing, ClosingCount, closing_counts, closings
from locanda.law.statistics.counts import DayCount, MonthCount, RowCount, c59_row, day_counts, month_counts, total
from locanda.law.statistics.facts import FACTS, derived_flow_id
from locanda.law.statistics.heads import HeadCount, head_counts
from locanda.law.statistics.movement import Told, movement
from locanda.law.statistics.request import Request, parse_request, told
from locanda.law.statistics.residences import FOREIGN_ROWS, ITALIAN_ROWS, Residence, ResidenceRow, row_of_province, row_of_state
from locanda.law.statistics.rooms import rooms_slept_in
from locanda.law.statistics.spans import EARLY
from locanda.law.statistics.values import FlowDay, FlowGuest, Movement, RoomUse
from locanda.law.statistics.vocabulary import LISTS, Term, term, terms

__all__ = [
    "EARLY", "FACTS", "FOREIGN_ROWS", "ITALIAN_ROWS", "LEAST_CLOSED", "LISTS", "Closing", "ClosingCount", "DayCount", "FlowDay",
    "FlowGuest", "HeadCount", "MonthCount", "Movement", "Request", "Residence", "ResidenceRow", "RoomUse", "RowCount",
    "Stretch", "Term", "Told", "c59_row", "changed_days", "closing_counts", "closings", "day_counts", "derived_flow_id",
    "head_counts", "month_counts", "movement", "parse_request", "rooms_slept_in", "row_of_province", "row_of_state", "term",
    "terms", "told", "total", "touches",
]  # fmt: skip
