"""A switch for everything that is not known of the real service (spec flussi-turistici 6.4, 6.6, 14)."""

from __future__ import annotations

from dataclasses import dataclass

from locanda.portals.switches import switch

__all__ = ["Behaviour"]


@dataclass(frozen=True)
class Behaviour:
    """What the service does where nobody knows what it does; the defaults are the prudent reading."""

    lists_case_sensitive: bool = switch("i valori delle liste vanno scritti con le stesse maiuscole", default=False)
    missing_removed: bool = switch("un ospite che manca da un giorno inviato di nuovo è tolto", default=False)
    key_is_id_and_arrival: bool = switch(
        "lo stesso idswh con un altro giorno di arrivo è un altro ospite, invece di sostituire il primo", default=False
    )
    old_departure_kept: bool = switch("una partenza spostata lascia anche quella di prima", default=False)
    type_may_change: bool = switch("il tipo di alloggiato si può cambiare inviando di nuovo l'ospite", default=False)
    removal_takes_members: bool = switch("eliminare un capo elimina anche i suoi membri", default=False)
    unknown_head_refused: bool = switch("un membro il cui capo non è noto è rifiutato", default=True)
    unknown_departure_refused: bool = switch("la partenza di un ospite non noto è rifiutata", default=True)
    unknown_removal_refused: bool = switch("l'eliminazione di un ospite non noto è rifiutata", default=True)
    future_refused: bool = switch("un giorno futuro è rifiutato", default=False)
    oldest_days: int = switch("quanti giorni indietro si può inviare (0: senza limite)", default=0)
    max_days: int = switch("giorni al massimo in una trasmissione (0: senza limite)", default=0)
    silent_days: str = switch(
        "un giorno senza ospiti nella risposta: elemento vuoto, oppure nessun elemento", default="empty",
        choices=("empty", "absent"),
    )  # fmt: skip
    outcomes: str = switch(
        "gli esiti: uno per ogni record, oppure solo quelli rifiutati, oppure nessuno", default="all",
        choices=("all", "refused", "none"),
    )  # fmt: skip
    dates_in_list: bool = switch("nella risposta a più strutture ogni giorno porta la sua data", default=True)
    foreign_structure: str = switch(
        "una struttura che non è dell'utente: soap:Fault, oppure un errore al suo posto", default="error",
        choices=("error", "fault"),
    )  # fmt: skip
    empty_list: str = switch(
        "una trasmissione senza strutture: risposta vuota, oppure soap:Fault", default="accept", choices=("accept", "fault")
    )
    auth_status: int = switch("stato HTTP quando utente o password non valgono", default=401, choices=(401, 403))
    fault_status: int = switch("stato HTTP di un soap:Fault", default=500, choices=(500, 200))
