"""One ticket read beside the queue, without opening it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ledger import clock
from ledger.models import Entry
from servicedesk.desk.reading import ticket_or_404
from servicedesk.desk.workspace import Workspace
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import swap
from tickets.models import Note

NOTES = 2


@staff_required
@require_safe
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What must happen next, by when, who reported it, the last notes."""
    found = ticket_or_404(number, request.actor)
    notes = Note.objects.visible_to(request.actor).filter(ticket=found, retracted_at=None).select_related("text")
    context = {
        "ticket": found,
        "space": Workspace(found, request.actor, clock.now()),
        "notes": notes.order_by("-at", "-pk")[:NOTES],
        "facts": Entry.objects.filter(chain=found.chain).count(),
    }
    return swap(request, "desk/preview.html", "desk/parts/preview.html", context)
