"""The statistics of a property: which portal, by which code, in which format, with which user, by itself or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from locanda.archive.models import Account, FlowCredential, Installation, Property
from locanda.core.time import rome_day
from locanda.delivery.courier import NoKeys, RealPortalInDemo, SimulatorOutsideDemo
from locanda.delivery.flow_courier import NoAddress
from locanda.office.clock import now as office_now
from locanda.office.engine import flow_couriers, flow_loop
from locanda.office.statistics import jobs
from locanda.office.statistics.credentials import flow_settings, save, try_out
from locanda.office.statistics.home import FlowService, service_of
from locanda.web.flow_forms import FlowCredentialForm, FlowSettingsForm
from locanda.web.gate import MANAGER, Seat, door
from locanda.web.tax_look import tell
from locanda.web.words import language, say

__all__ = ["flow_credential", "flow_credential_new", "flow_credential_try", "property_flows"]


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def property_flows(request: HttpRequest, property: UUID) -> HttpResponse:
    """How the statistics of a property go."""
    seat: Seat = request.seat  # type: ignore[attr-defined]
    row: Property = seat.one(seat.properties().select_related("flow_credential"), property)
    service = service_of(row, rome_day(office_now()))
    credentials = _credentials(seat, service)
    data = request.POST if request.method == "POST" else None
    initial = FlowSettingsForm.initial_of(row, service)
    form = FlowSettingsForm(data, initial=initial, service=service, credentials=credentials, guard=initial)
    if data is not None and form.is_valid():
        told = form.cleaned_data
        chosen = next((one for one in credentials if str(one.pk) == told.get("credential")), None)
        format = told.get("format") or row.flow_format
        problems = flow_settings(
            row, code=told.get("code", ""), format="" if format == service.choices[0] else format,
            credential=chosen if service.sends else row.flow_credential, auto=bool(told.get("auto")), now=office_now(),
            by=seat.person,
        )  # fmt: skip
        if not problems:
            messages.success(request, say("form.saved"))
            jobs.hurry()
            flow_loop().wake()
            return redirect("property_flows", property=row.pk)
        for problem, words in zip(problems, tell(problems), strict=True):
            form.add_error(problem.where if problem.where in form.fields else None, f"{words.text} {words.hint}")
        row.refresh_from_db()
    context = {
        "property": row, "service": service, "form": form, "credentials": credentials, "english": language() == "en",
        "problems": tell(service.problems), "notes": tell(service.notes), "pack": service.pack,
        "format_status": service.format.status, "has_credential_field": "credential" in form.fields,
        "wants_credential": service.sends and row.flow_credential is None,
    }  # fmt: skip
    return render(request, "web/flows/settings.html", context, status=422 if form.errors else 200)


def _credentials(seat: Seat, service: FlowService) -> list[FlowCredential]:
    """The users of this portal that this person may choose: those of their own properties, where they are kept to some."""
    return list(seat.flow_credentials().filter(portal=service.portal).order_by("label", "pk"))


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def flow_credential_new(request: HttpRequest, property: UUID) -> HttpResponse:
    """A further user of the portal of a property, which uses it from now on."""
    seat: Seat = request.seat  # type: ignore[attr-defined]
    row = seat.one(seat.properties(), property)
    return _page(request, None, row, service_of(row, rome_day(office_now())))


@require_http_methods(["GET", "HEAD", "POST"])
@door(see=MANAGER, do=MANAGER)
def flow_credential(request: HttpRequest, flow_user: UUID) -> HttpResponse:
    """A user that is kept."""
    return _page(request, request.seat.one(request.seat.flow_credentials(), flow_user), None, None)  # type: ignore[attr-defined]


def _page(
    request: HttpRequest, row: FlowCredential | None, home: Property | None, service: FlowService | None
) -> HttpResponse:
    seat: Seat = request.seat  # type: ignore[attr-defined]
    data = request.POST if request.method == "POST" else None
    initial = {"label": row.label if row else ""}
    guard = initial | {"password": bytes(row.sealed_keys or b"")} if row else None
    form = FlowCredentialForm(data, initial=initial, kept=bool(row and row.sealed_keys), guard=guard)
    if data is not None and form.is_valid():
        label = form.cleaned_data["label"] or (row.label if row else service.name if service else "")
        portal = row.portal if row else service.portal if service else ""
        endpoint = row.endpoint if row else _endpoint_of(seat.account)
        saved = save(
            seat.account, label=label, portal=portal, keys=form.keys, now=office_now(), by=seat.person, credential=row,
            endpoint=endpoint,
        )  # fmt: skip
        if home is not None:
            Property.objects.of(seat.account).filter(pk=home.pk).update(flow_credential=saved)
        if form.keys is not None:
            _try(request, saved)
        else:
            messages.success(request, say("form.saved"))
        return redirect("property_flows", property=home.pk) if home is not None else redirect("flow_credential", saved.pk)
    used_by = list(seat.properties().filter(flow_credential=row)) if row else []
    context = {"credential": row, "form": form, "home": home, "service": service, "used_by": used_by}
    return render(request, "web/flows/credential.html", context, status=422 if form.errors else 200)


def _endpoint_of(account: Account) -> str:
    """In a demo the simulator that the account's other users speak to; elsewhere the address of the pack."""
    installation = Installation.current()
    if installation is None or not installation.demo:
        return ""
    found = FlowCredential.objects.of(account).exclude(endpoint="").values_list("endpoint", flat=True).first()
    return found or ""


@require_POST
@door(do=MANAGER)
def flow_credential_try(request: HttpRequest, flow_user: UUID) -> HttpResponse:
    """Try it now; nothing is sent."""
    row = request.seat.one(request.seat.flow_credentials(), flow_user)  # type: ignore[attr-defined]
    _try(request, row)
    return redirect("flow_credential", flow_user=row.pk)


def _try(request: HttpRequest, row: FlowCredential) -> None:
    """Say in words what came of it."""
    try:
        error = try_out(row, flow_couriers(), now=office_now())
    except NoKeys:
        messages.error(request, say("flow_cred.no_keys"))
        return
    except NoAddress:
        messages.error(request, say("flow_cred.no_address"))
        return
    except (RealPortalInDemo, SimulatorOutsideDemo):
        messages.error(request, say("credential_page.demo"))
        return
    if error is None:
        messages.success(request, say("flow_cred.works"))
        flow_loop().wake()
        return
    problem = error.problem()
    messages.error(request, f"{problem.message(language())} {problem.hint(language())}")
