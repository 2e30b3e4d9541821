"""Status of the customer's services (V-19, X-06)."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.portal import status as reading
from servicedesk.portal.door import PortalRequest, organisation_of, portal_page
from servicedesk.web.htmx import swap

WHOLE, PIECE = "portal/status.html", "portal/_status.html"


@portal_page
@require_safe
def status(request: PortalRequest) -> HttpResponse:
    """Incidents, services over 90 days, planned work, past incidents: this customer's alone."""
    organisation, at, actor = organisation_of(request), clock.now(), request.actor
    language = get_language() or "en"
    context = {
        "organisation": organisation, "at": at, "incidents": reading.incidents(actor, organisation, at, language),
        "groups": reading.groups(organisation, at), "planned": reading.planned(actor, at),
        "past": reading.past(actor, at, language),
    }  # fmt: skip
    return swap(request, WHOLE, PIECE, context)
