"""Suspensions and planned work that wait for a decision (C-22, C-29)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.approvals import waiting
from servicedesk.supervisor.forms import DecisionForm
from servicedesk.supervisor.planned_approvals import windows_waiting
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other
from tickets.commands.suspend import decide_suspension
from tickets.models import Suspension, Ticket
from tickets.planned import DECIDERS

_ROLES = ("supervisor", "duty_manager", "approver_monitoring", "approver_service", "administrator", *DECIDERS)
deciders = role_required(*dict.fromkeys(_ROLES))


@require_safe
@deciders
def show(request: HttpRequest) -> HttpResponse:
    """Every open request on a ticket the reader may see."""
    return page(request)


@require_POST
@deciders
def decide(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Decide for one function; a refusal stays beside its form with the reason typed."""
    visible = Ticket.objects.visible_to(request.actor)
    suspension = get_object_or_404(Suspension.objects.filter(ticket__in=visible), uuid=uuid)
    form = DecisionForm(request.POST, auto_id=f"id_{suspension.uuid}_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            decide_suspension(
                suspension_id=suspension.pk,
                function=data["function"],
                approved=data["approved"] == "yes",
                reason=data["reason"],
                actor=request.actor,
                at=clock.now(),
            )
        except Refused as refusal:
            if refusal.code in {"unknown_ticket", "unknown_suspension"}:
                raise Http404
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Decision recorded"))
            return see_other(request, reverse("supervisor:approvals"))
    return page(request, refused=(suspension.pk, form), status=422)


def page(request: HttpRequest, *, refused: Any = None, window: Any = None, status: int = 200) -> HttpResponse:
    """The page; `refused` and `window` are the key of a suspension or of planned work and the form refused for it."""
    rows = waiting(request.actor, clock.now(), refused=refused)
    context = {"rows": rows, "windows": windows_waiting(request.actor, refused=window)}
    return render(request, "supervisor/approvals/show.html", context, status=status)
