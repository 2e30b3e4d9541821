"""The calendar file of an appointment, for the agent's own calendar (V-07)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.web.access import staff_required
from tickets.invitation import invitation
from tickets.models import Appointment


@staff_required
@require_safe
def invite(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer with the appointment as it stands (RFC 5545); 404 for one of a ticket the reader may not see."""
    rows = Appointment.objects.visible_to(request.actor).select_related("ticket__reporter", "host")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    reporter = found.ticket.reporter
    invited = [(reporter.name, reporter.email)] if reporter else []
    if found.host is not None:
        invited.append((found.host.name, found.host.email))
    response = HttpResponse(
        invitation(found, at=clock.now(), attendees=invited), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
