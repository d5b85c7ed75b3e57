"""ROSS1000, the product of GIES for the visitor statistics of about thirteen regions (spec flussi-turistici 6)."""

from __future__ import annotations

from locanda.portals import Portal
from locanda.portals.flows import FlowFormat

__all__ = ["FLOWS", "PORTAL"]

PORTAL = Portal(
    key="ross1000",
    name="ROSS1000",
    resend="overwrites",
    format_version="ross1000-xml-3",
    # one installation of thirteen, that whose description was read; each region's address is a setting of its territory
    endpoint="https://datiturismo.regione.emilia-romagna.it/ws/checkinV2",
    operations=("inviaMovimentazione", "inviaMovimentazioneList"),
    client="locanda.portals.ross1000.client:Client",
    simulator="locanda.portals.ross1000.simulator:Simulator",
    rehearses=False,
    receipts=False,
)

_NEEDS = frozenset({"flow_id", "role", "sex", "birth_date", "citizenship"})
_USES = frozenset({"tourism", "transport"})

FLOWS = (
    FlowFormat(
        key="ross1000",
        name="ROSS1000",
        mode="WS",
        version="XML 3, 18/03/2026",
        status="official",
        module="locanda.portals.ross1000.movements",
        suffix=".xml",
        needs=_NEEDS,
        uses=_USES | {"birth_place", "channel", "education", "profession", "tax_exemption"},
        portal_id="ross1000",
    ),
    FlowFormat(
        key="ross1000-txt",
        name="ROSS1000 TXT",
        mode="FILE",
        version="TXT 4, 20/10/2022",
        status="press",
        module="locanda.portals.ross1000.text",
        suffix=".txt",
        needs=_NEEDS | {"birth_place", "rooms"},
        uses=_USES | {"tax_exemption"},
        encoding="ascii",
    ),
)
