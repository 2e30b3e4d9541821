"""Planned work on one's own services (C-29). Nothing of other customers stands here, not even that there are any."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.portal.door import PortalRequest, organisation_of, portal_page
from tickets.models import Maintenance, MaintenanceImpact

SHOWN = 50
State = Maintenance.State
# What customers read of a window that is not simply ahead of them; a moved one is being planned anew.
ANEW = (State.DRAFT, State.REQUESTED, State.APPROVED)


@portal_page
@require_safe
def listing(request: PortalRequest) -> HttpResponse:
    """What comes, and what was: at most fifty of each, each with the customer's own services. 3 queries."""
    rows = Maintenance.objects.visible_to(request.actor)
    coming = list(rows.exclude(state__in=Maintenance.OVER).order_by("starts_at", "pk")[:SHOWN])
    past = list(rows.filter(state__in=Maintenance.OVER).order_by("-starts_at", "-pk")[:SHOWN])
    own = _own(request, [*coming, *past])
    context = {
        "organisation": organisation_of(request), "at": clock.now(), "anew": ANEW,
        "coming": [(row, own.get(row.pk, [])) for row in coming], "past": [(row, own.get(row.pk, [])) for row in past],
    }  # fmt: skip
    return render(request, "portal/planned.html", context)


@portal_page
@require_safe
def show(request: PortalRequest, uuid: UUID) -> HttpResponse:
    """One window: when, which of the customer's services, what happens, how it ended."""
    window = get_object_or_404(Maintenance.objects.visible_to(request.actor), uuid=uuid)
    context = {"organisation": organisation_of(request), "window": window, "anew": window.state in ANEW,
               "services": _own(request, [window]).get(window.pk, [])}  # fmt: skip
    return render(request, "portal/planned_one.html", context)


def _own(request: PortalRequest, windows: list[Maintenance]) -> dict[int, list[MaintenanceImpact]]:
    """Return the customer's own affected services by window. 1 query."""
    rows = MaintenanceImpact.objects.filter(maintenance__in=windows, left_out=False)
    own = rows.filter(organisation_id__in=request.actor.organisation_ids or ())
    found: dict[int, list[MaintenanceImpact]] = {}
    for row in own.select_related("service").order_by("service__service_id"):
        found.setdefault(row.maintenance_id, []).append(row)
    return found
