"""The command palette's answers: once opened what may be done here, then what is found for each word typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.desk.palette import found_for, offered
from servicedesk.desk.reading import RELATED
from servicedesk.desk.views.search import NUMBER
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from tickets.models import Ticket

LONGEST = 100


@staff_required
@require_safe
@parameters.takes(q=parameters.text(1000), on=parameters.matching(NUMBER))
def palette(request: HttpRequest) -> HttpResponse:
    """Without `q` the commands on ticket `on` and the places to go; with it what is found. A piece, never a page."""
    wanted, at = " ".join(request.GET.get("q", "").split())[:LONGEST], clock.now()
    if wanted:
        made = found_for(wanted, request.actor, at)
    else:
        rows = Ticket.objects.visible_to(request.actor).select_related(*RELATED)
        on = rows.filter(number=request.GET["on"]).first() if request.GET.get("on") else None
        made = offered(on, request.actor, at, request.path)
    context = {"groups": made, "prefix": "pf" if wanted else "po"}
    return render(request, "desk/parts/palette.html", context)
