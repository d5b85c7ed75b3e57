"""Alloggiati Web, the guest register of the Polizia di Stato (TULPS art. 109; spec alloggiati-web)."""

from __future__ import annotations

from locanda.portals import Portal

__all__ = ["PORTAL"]

PORTAL = Portal(
    key="alloggiati",
    name="Alloggiati Web",
    resend="never",
    format_version="alloggiati-2022.01",
    endpoint="https://alloggiatiweb.poliziadistato.it/service/service.asmx",
    operations=(
        "GenerateToken",
        "Authentication_Test",
        "Test",
        "Send",
        "GestioneAppartamenti_Test",
        "GestioneAppartamenti_Send",
        "GestioneAppartamenti_FileUnico_Test",
        "GestioneAppartamenti_FileUnico_Send",
        "Tabella",
        "Ricevuta",
        "GestioneAppartamenti_AggiungiAppartamento",
        "GestioneAppartamenti_DisabilitaAppartamento",
    ),
    client="locanda.portals.alloggiati.client:Client",
    simulator="locanda.portals.alloggiati.simulator:Simulator",
)
