"""What helps to write a note: text blocks with their places filled, colleagues to mention."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from ledger import clock
from servicedesk.desk.reading import ticket_or_404
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import swap
from tickets.blocks import fill, offered, places
from tickets.models import Commitment

SHOWN = 8


@staff_required
@require_safe
@parameters.takes()
def blocks(request: HttpRequest, number: str) -> HttpResponse:
    """List the blocks for this ticket; {due} is the next news promised to the customer, open where none is."""
    ticket, at = ticket_or_404(number, request.actor), clock.now()
    news = ticket.commitments.filter(state="open", kind=Commitment.Kind.NEXT_UPDATE, due_at__gt=at)
    due_at = news.values_list("due_at", flat=True).first()
    found = [
        (block, fill(block.body, places(ticket, request.actor, block, due_at=due_at, at=at)))
        for block in offered(ticket, request.actor)
    ]
    return swap(request, "desk/blocks.html", "desk/parts/blocks.html", {"ticket": ticket, "blocks": found})


@staff_required
@require_safe
@parameters.takes(q=parameters.text(60))
def colleagues(request: HttpRequest) -> HttpResponse:
    """List active colleagues whose name, or a later part of it, begins with `q`; at most eight."""
    wanted = " ".join(request.GET.get("q", "").split())
    rows = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")
    begins = rows.filter(name__istartswith=wanted) | rows.filter(name__icontains=f" {wanted}")
    found = list(begins.values("name", "uuid")[:SHOWN]) if wanted else []
    return swap(request, "desk/colleagues.html", "desk/parts/colleagues.html", {"people": found, "q": wanted})
