"""Undo: one press takes back one's own last assignment, tags or snooze."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.reading import ticket_or_404
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other
from tickets.commands.undo import undo as run

MOST_DIGITS = 9


@staff_required
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take back the fact `seq` of the ticket; a refusal is said on the ticket."""
    found, said = ticket_or_404(number, request.actor), request.POST.get("seq", "")
    seq = int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else 0
    try:
        run(ticket_id=found.pk, seq=seq, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Undone"))
    return see_other(request, reverse("desk:ticket", args=[found.number]))
