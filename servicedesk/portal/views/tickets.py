"""The lists and their export."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.portal import export, fragments, lists
from servicedesk.portal.door import PortalRequest, organisation_of, portal_page
from servicedesk.web import parameters
from servicedesk.web.htmx import swap, wants_piece

PIECE = "portal/_lists.html"


def _chosen(request: PortalRequest) -> str:
    view = request.GET.get("view", "open")
    return view if view in lists.VIEWS else "open"


@portal_page
@require_safe
@parameters.takes(view=parameters.one_of(lists.VIEWS), after=parameters.matching(r"SD-[0-9]{1,12}"))
def listing(request: PortalRequest) -> HttpResponse:
    """The customer's tickets: what needs this person first, then one of four lists, 25 a page."""
    if not wants_piece(request):
        return swap(request, "portal/tickets.html", PIECE, _context(request))
    scope = fragments.lists_scope(request.actor, _chosen(request))
    parts = (scope, request.GET.urlencode(), fragments.lists_version(clock.now()))
    return fragments.serve(request, PIECE, parts, lambda _once: _context(request))


def _context(request: PortalRequest) -> dict:
    view, actor = _chosen(request), request.actor
    held = lists.counts(actor)
    here = reverse("portal:tickets")
    return {
        "organisation": organisation_of(request),
        "view": view,
        "view_name": lists.VIEWS[view],
        "tabs": [(name, label, held[name]) for name, label in lists.VIEWS.items()],
        "page": lists.page(actor, view, request.GET.get("after", "")),
        "needs": lists.needs(actor),
        "may_report": "report" in actor.authorities,
        "live": f"{here}?{request.GET.urlencode()}" if request.GET else here,
    }


@portal_page
@require_safe
@parameters.takes(view=parameters.one_of(lists.VIEWS))
def export_csv(request: PortalRequest) -> HttpResponse:
    """The chosen list as CSV, at most 10,000 rows, times in the organisation's zone."""
    view = _chosen(request)
    rows = lists.tickets(request.actor, view)[: export.MOST]
    body = export.as_csv(rows, organisation_of(request).time_zone)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="tickets-{view}.csv"'
    return response
