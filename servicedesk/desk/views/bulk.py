"""Acts on many tickets: GET asks what they need, POST carries them out and says of each what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ledger import clock
from ledger.actor import Actor
from servicedesk.desk.bulk import BY_SLUG, MOST, carried_out
from servicedesk.desk.listing import NUMBER
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import said, swap, wants_piece
from tickets.models import Ticket

PAGE, PIECE = "desk/bulk.html", "desk/parts/bulk.html"


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(ticket=parameters.Several(NUMBER, most=MOST))
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for, or carry out, the act `slug` on the tickets named."""
    kind = BY_SLUG[slug]
    if request.method != "POST":
        form = kind(tickets=_chosen(request.GET.getlist("ticket"), request.actor))
        return swap(request, PAGE, PIECE, {"form": form, "off": form.off() if form.tickets else ""})
    form = kind(request.POST, tickets=_chosen(request.POST.getlist("ticket")[:MOST], request.actor))
    off = form.off() if form.tickets else ""
    if not form.tickets or off or not form.is_valid():
        return swap(request, PAGE, PIECE, {"form": form, "off": off}, status=422)
    return _answer(request, form, carried_out(form, actor=request.actor, at=clock.now()))


def _answer(request: HttpRequest, form: Any, told: list) -> HttpResponse:
    """All done: back to the list with a word. Some refused: which and why; the others are done all the same."""
    refused = [each for each in told if each.refusal]
    done = len(told) - len(refused)
    sentence = ngettext("%(what)s: %(n)d ticket done", "%(what)s: %(n)d tickets done", done)
    sentence %= {"what": form.title, "n": done}
    if refused:
        context = {"form": form, "told": told, "refused": refused, "done": done, "sentence": sentence}
        return swap(request, PAGE, PIECE, context, status=422 if not done else 200)
    if wants_piece(request):
        return said(HttpResponse(""), sentence)
    messages.success(request, sentence)
    return HttpResponse(status=303, headers={"Location": reverse("desk:queue")})


def _chosen(named: list[str], actor: Actor) -> list[Ticket]:
    """Return the tickets named that the reader may know of, as they were seen: "SD-000001" or "SD-000001.7", where
    7 is the version the reader saw. 1 query."""
    seen = dict(name.partition(".")[::2] for name in named if NUMBER(name.partition(".")[0]))
    found = list(Ticket.objects.visible_to(actor).filter(number__in=seen).order_by("pk"))
    for ticket in found:
        version = seen[ticket.number]
        if version.isascii() and version.isdigit() and len(version) < 10:
            ticket.version = int(version)
    return found
