"""Requests that wait for a decision: suspensions (C-22), priorities, late reopenings, planned work (C-29)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.approval_forms import DecisionForm, HandForm
from servicedesk.supervisor.approval_kinds import DECIDERS, KINDS, Kind, Pending
from servicedesk.supervisor.approvals import Refusal, every, waiting
from servicedesk.supervisor.planned_approvals import windows_waiting
from servicedesk.web import parameters
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other
from tickets.commands.delegate import delegate_decision
from tickets.planned import DECIDERS as PLANNERS

PLANNED = "maintenance"
deciders = role_required(*dict.fromkeys(("supervisor", "duty_manager", "administrator", *DECIDERS, *PLANNERS)))
GONE = {"unknown_ticket", "unknown_suspension", "unknown_approval"}


@require_safe
@deciders
@parameters.takes(kind=parameters.one_of([PLANNED, *(kind.name for kind in KINDS)]))
def show(request: HttpRequest) -> HttpResponse:
    """Every open request the reader may see; `?kind=` for one kind."""
    return page(request)


@require_POST
@deciders
def decide(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Decide for one function; a refusal stays beside its form with the reason typed."""
    kind, asked = _found(request, uuid)
    form = DecisionForm(request.POST, asked=asked, kind=kind)
    if form.is_valid():
        data = form.cleaned_data
        said = {"function": data["function"], "approved": data["approved"] == "yes", "reason": data["reason"]}
        try:
            kind.decide(asked.key, **said, actor=request.actor, at=clock.now())
        except Refused as refusal:
            if refusal.code in GONE:
                raise Http404
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Decision recorded"))
            return see_other(request, reverse("supervisor:approvals"))
    return page(request, refused=(asked.uuid, form), status=422)


@require_POST
@deciders
def hand(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Hand a decision to another approver of the same function until a time."""
    kind, asked = _found(request, uuid)
    form = HandForm(request.POST, asked=asked, kind=kind, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        said = {"function": data["function"], "until": data["until"], "reason": data["reason"]}
        try:
            delegate_decision(
                subject=asked.uuid, to_user_id=data["taker"].pk, **said, actor=request.actor, at=clock.now()
            )
        except Refused as refusal:
            if refusal.code in GONE:
                raise Http404
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Handed on; it is on the ticket’s record"))
            return see_other(request, reverse("supervisor:approvals"))
    return page(request, refused=(asked.uuid, form), status=422)


def _found(request: HttpRequest, uuid: Any) -> tuple[Kind, Pending]:
    """The open request of an id the reader may see, else 404."""
    for kind, asked in every(request.actor, clock.now()):
        if asked.uuid == uuid:
            return kind, asked
    raise Http404


def page(
    request: HttpRequest, *, refused: Refusal | None = None, window: Any = None, status: int = 200
) -> HttpResponse:
    """The page; `refused` and `window` are the key of a request or of planned work and the form refused for it."""
    only = request.GET.get("kind", "")
    rows = waiting(request.actor, clock.now(), only=only, refused=refused)
    windows = windows_waiting(request.actor, refused=window) if only in ("", PLANNED) else []
    kinds = [*((kind.name, kind.label) for kind in KINDS), (PLANNED, _("Planned work"))]
    context = {"rows": rows, "windows": windows, "count": len(rows) + len(windows), "kinds": kinds, "only": only}
    return render(request, "supervisor/approvals/show.html", context, status=status)
