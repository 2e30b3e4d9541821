"""One window of planned work: its page, its draft, every command on it (C-29)."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.forms.planned import LeaveOutForm, MoveForm, PlanForm
from servicedesk.desk.planned import Page
from servicedesk.desk.planned_acts import ACTS
from servicedesk.desk.planned_words import STATES
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other
from tickets.commands.maintenance_plan import change_maintenance, plan_maintenance
from tickets.models import Maintenance


@staff_required
@require_safe
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page; it may be printed."""
    return _page(request, _found(request, uuid))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan work: a draft whose impact is computed at once."""
    form = PlanForm(request.POST or None, actor=request.actor, initial={"owner": request.actor.ref})
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_maintenance(plan=form.plan(), actor=request.actor, at=clock.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Planned. Look through whom it touches, then ask for approval."))
            return see_other(request, reverse("desk:maintenance-one", args=[made.uuid]))
    return render(request, "desk/maintenance/edit.html", {"form": form}, status=422 if form.errors else 200)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft; a refusal keeps every word."""
    window = _found(request, uuid)
    form = PlanForm(request.POST or None, actor=request.actor, initial=_initial(window))
    if request.method == "POST" and form.is_valid():
        try:
            change_maintenance(
                maintenance_id=window.pk, plan=form.plan(), version=form.cleaned_data["version"], actor=request.actor,
                at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Changed, impact computed anew"))
            return see_other(request, reverse("desk:maintenance-one", args=[uuid]))
    context = {"form": form, "window": window}
    return render(request, "desk/maintenance/edit.html", context, status=422 if form.errors else 200)


@staff_required
@require_POST
def act(request: HttpRequest, uuid: UUID, command: str) -> HttpResponse:
    """Run one command; a refusal opens its dialog again with what was typed (422)."""
    window = _found(request, uuid)
    chosen = ACTS.get(command)
    if chosen is None:
        raise Http404
    form = _form(command, window, request.POST)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        try:
            chosen.run(maintenance_id=window.pk, actor=request.actor, at=clock.now(), **data)
        except Refused as refusal:
            if refusal.code == "unknown_window":
                raise Http404 from None
            form.add_refusal(refusal)
        else:
            messages.success(request, chosen.said)
            return see_other(request, reverse("desk:maintenance-one", args=[uuid]))
    return _page(request, window, refused=(command, form), status=422)


def _found(request: HttpRequest, uuid: UUID) -> Maintenance:
    rows = Maintenance.objects.visible_to(request.actor).select_related("owner", "requested_by")
    return get_object_or_404(rows, uuid=uuid)


def _initial(window: Maintenance) -> dict[str, Any]:
    names = ("title", "kind", "words", "way_back", "down_minutes", "international", "version")
    services = " ".join(window.services.order_by("service_id").values_list("service_id", flat=True))
    zone = ZoneInfo(window.time_zone)
    walls = {name: getattr(window, name).astimezone(zone).replace(tzinfo=None) for name in ("starts_at", "ends_at")}
    held = {name: getattr(window, name) for name in names}
    return held | walls | {"services": services, "owner": window.owner.uuid, "zone": window.time_zone}


def _form(command: str, window: Maintenance, data: Any = None, page: Page | None = None) -> Any:
    form = ACTS[command].form
    more: dict[str, Any] = {"auto_id": f"id_{command}_%s", "initial": {"version": window.version}}
    if form is LeaveOutForm and page is not None:
        more["choices"] = [(row.uuid, row.service) for row in page.impacts if not row.left_out]
    if form is MoveForm:
        more["initial"] |= {"starts_at": window.starts_at, "ends_at": window.ends_at}
    return form(data, **more)


def _page(request: HttpRequest, window: Maintenance, *, refused: Any = None, status: int = 200) -> HttpResponse:
    page = Page(window, request.actor, clock.now())
    dialogs = []
    for slug, each in ACTS.items():
        bound = refused is not None and refused[0] == slug
        if bound or not each.off(window, request.actor):
            form = refused[1] if bound else _form(slug, window, page=page)
            dialogs.append({"slug": slug, "act": each, "form": form, "open": bound})
    state, mark = STATES[window.state]
    context = {"window": window, "page": page, "dialogs": dialogs, "state": state, "mark": mark,
               "may": {row["slug"] for row in dialogs}, "at": page.at}  # fmt: skip
    return render(request, "desk/maintenance/show.html", context, status=status)
