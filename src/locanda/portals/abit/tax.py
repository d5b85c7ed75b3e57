"""The figures of the tourist-tax module of ABIT, for the municipalities that use it (spec flussi-turistici 8, SO-IDS-01).

The screen was not seen: the lines below are what a period is made of, in the order of the figures of the house, to be looked up.
"""

from __future__ import annotations

from locanda.law.remitting.figures import Figures
from locanda.law.remitting.ledger import euro
from locanda.portals.sheets import Section

__all__ = ["tax_section"]


def tax_section(figures: Figures) -> Section:
    """The table of a period: what was slept, what is taxed and why not, what is owed and paid."""
    nights, money = figures.presences, figures.money
    rows = [
        ("Periodo", figures.period.label),
        ("Arrivi", str(figures.arrivals)),
        ("Pernottamenti", str(nights.total)),
        ("Pernottamenti tassati per intero", str(nights.taxed)),
        *((f"Pernottamenti ridotti: {cause}", str(number)) for cause, number in nights.reduced),
        *((f"Pernottamenti esenti: {cause}", str(number)) for cause, number in nights.exempt),
        ("Pernottamenti oltre il limite di notti", str(nights.beyond_cap)),
        ("Pernottamenti fuori dal periodo d'imposta", str(nights.out_of_period)),
        ("Pernottamenti con imposta pagata al portale", str(nights.portal)),
        ("Imposta dovuta", euro(money.due)),
        ("Imposta incassata", euro(money.collected)),
        ("Imposta rifiutata dagli ospiti", euro(money.refused)),
        ("Da versare", euro(figures.to_pay)),
        ("Versato", euro(figures.paid)),
        ("Ancora da versare", euro(figures.still_to_pay)),
    ]
    return Section("Imposta di soggiorno", ("Voce", "Valore"), tuple(rows))
