"""Police credentials: kept sealed, shared by as many properties as they serve, tried with calls that change nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Account, Apartment, Installation, PoliceCredential
from locanda.delivery.courier import NoKeys, RealPortalInDemo, SimulatorOutsideDemo
from locanda.office import accounts
from locanda.office.clock import now as office_now
from locanda.office.engine import couriers, engine
from locanda.web.forms import CredentialForm
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.words import language, say

__all__ = ["asked", "credential", "new", "try_again"]


def asked(
    request: HttpRequest, row: PoliceCredential | None, *, label: str = ""
) -> tuple[CredentialForm, PoliceCredential | None]:
    """The one form of credentials, wherever it stands: kept and tried when it was sent and is right, else to be filled in.

    Secrets are never shown again; those left empty stay as they are. ``label`` is for credentials without a name.
    """
    initial = {"status": row.status, "label": row.label, "category": row.category} if row else {}
    guard = initial | {"wskey": bytes(row.sealed_keys or b"")} if row else None
    form = CredentialForm(request.POST or None, initial=initial, kept=bool(row and row.sealed_keys), guard=guard)
    if request.method != "POST" or not form.is_valid():
        return form, None
    seat, told = request.seat, form.cleaned_data
    category = told["category"] or (row.category if row else PoliceCredential.Category.HOTEL)
    saved = accounts.save_credential(
        seat.account, label=told["label"] or label or "Alloggiati Web", category=category, status=told["status"], keys=form.keys,
        now=office_now(), by=seat.person, credential=row, endpoint=row.endpoint if row else _endpoint_of(seat.account),
        province=row.province if row else "",
    )  # fmt: skip
    if saved.status == PoliceCredential.Status.ACTIVE and (form.keys is not None or saved.tested_ok is None):
        try_out(request, saved)
    else:
        messages.success(request, say("form.saved"))
    return form, saved


def _endpoint_of(account: Account) -> str:
    """In a demo the simulator that the account's other credentials speak to; elsewhere the portal's own address."""
    installation = Installation.current()
    if installation is None or not installation.demo:
        return ""
    found = PoliceCredential.objects.of(account).exclude(endpoint="").values_list("endpoint", flat=True).first()
    return found or ""


def try_out(request: HttpRequest, row: PoliceCredential) -> bool:
    """Try the credentials, and say in words what came of it and what to do."""
    try:
        came = accounts.test_connection(row, couriers(), now=office_now())
    except NoKeys:
        messages.error(request, say("credential_page.no_keys"))
        return False
    except (RealPortalInDemo, SimulatorOutsideDemo):
        messages.error(request, say("credential_page.demo"))
        return False
    if came.error is None:
        messages.success(request, say("credential_page.works", tables=len(came.loaded)))
        engine().wake()
        return True
    problem = came.error.problem()
    messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
    return False


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def new(request: HttpRequest) -> HttpResponse:
    """Further credentials."""
    return _page(request, None)


@require_http_methods(["GET", "POST"])
@door(see=MANAGER, do=MANAGER)
def credential(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Credentials that are kept."""
    return _page(request, request.seat.one(request.seat.credentials(), credential))


def _page(request: HttpRequest, row: PoliceCredential | None) -> HttpResponse:
    seat: Seat = request.seat
    if row is None and not seat.sees_all:
        raise PermissionDenied  # nobody would have given it to them
    form, saved = asked(request, row)
    if saved is not None:
        return redirect("credential", credential=saved.pk)
    context = {
        "form": form, "credential": row,
        "used_by": list(seat.properties().filter(credential=row)) if row else [],
        "flats": list(Apartment.objects.of(seat.account).filter(credential=row)) if row else [],
    }  # fmt: skip
    return render(request, "web/credential.html", context, status=422 if form.errors else 200)


@require_POST
@door(do=MANAGER)
def try_again(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Try them now."""
    row = request.seat.one(request.seat.credentials(), credential)
    try_out(request, row)
    return redirect("first_done" if request.POST.get("back") == "first" else "credential", **(
        {} if request.POST.get("back") == "first" else {"credential": row.pk}
    ))  # fmt: skip
