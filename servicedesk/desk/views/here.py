"""Who else is at this ticket: the page says that it is open and hears who else has it open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from servicedesk.desk.presence import arrive, leave
from servicedesk.desk.reading import ticket_or_404
from servicedesk.web.access import staff_required


@staff_required
@require_POST
def here(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the ticket is open (`act` "write": and written on; "leave": closed); show the others. Changes no row."""
    ticket, act = ticket_or_404(number, request.actor), request.POST.get("act", "")
    if act == "leave":
        leave(ticket, request.actor)
        return HttpResponse(status=204)
    others = arrive(ticket, request.actor, writes=act == "write")
    return render(request, "desk/parts/here.html", {"others": others})
