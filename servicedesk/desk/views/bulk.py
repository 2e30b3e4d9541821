"""Acts on many tickets: GET asks what they need, POST carries them out and says of each what became of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ledger import clock
from ledger.actor import Actor
from servicedesk.desk.bulk import BY_SLUG, MOST
from servicedesk.desk.bulk_run import carried_out, taken_back
from servicedesk.desk.listing import NUMBER
from servicedesk.desk.undoing import undo_tag
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import said, see_other, swap, wants_piece
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
    at = clock.now()
    return _answer(request, form, carried_out(form, actor=request.actor, at=at), at)


@staff_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was done with many tickets: `done` names each and the fact that is undone, "SD-000001.12"."""
    seqs = _named(request.POST.getlist("done")[:MOST])
    found = Ticket.objects.visible_to(request.actor).filter(number__in=seqs)
    pairs = [(ticket, seqs[ticket.number]) for ticket in found if seqs[ticket.number]]
    told = taken_back(pairs, actor=request.actor, at=clock.now())
    for each in told:
        if each.refusal:
            messages.error(request, f"{each.number}: {each.refusal}")
    done = sum(not each.refusal for each in told)
    if done:
        words = ngettext("%(n)d ticket is as it was", "%(n)d tickets are as they were", done)
        messages.success(request, words % {"n": done})
    return see_other(request, reverse("desk:queue"))


def _answer(request: HttpRequest, form: Any, told: list, at: datetime) -> HttpResponse:
    """All done: back to the list with a word. Some refused: which and why; the others are done all the same."""
    refused = [each for each in told if each.refusal]
    done = len(told) - len(refused)
    sentence = ngettext("%(what)s: %(n)d ticket done", "%(what)s: %(n)d tickets done", done)
    sentence %= {"what": form.title, "n": done}
    if refused:
        context = {"form": form, "told": told, "refused": refused, "done": done, "sentence": sentence}
        return swap(request, PAGE, PIECE, context, status=422 if not done else 200)
    if wants_piece(request):
        back = _ways_back(form, request.actor, at)
        if not back:
            return said(HttpResponse(""), sentence)
        return render(request, "desk/parts/bulk_undo.html", {"sentence": sentence, "back": back})
    messages.success(request, sentence)
    return HttpResponse(status=303, headers={"Location": reverse("desk:queue")})


def _chosen(named: list[str], actor: Actor) -> list[Ticket]:
    """Return the tickets named that the reader may know of, as they were seen: "SD-000001" or "SD-000001.7", where
    7 is the version the reader saw. 1 query."""
    seen = _named(named)
    found = list(Ticket.objects.visible_to(actor).filter(number__in=seen).order_by("pk"))
    for ticket in found:
        ticket.version = seen[ticket.number] or ticket.version
    return found


def _named(said: list[str]) -> dict[str, int]:
    """Return number → figure behind its dot, 0 where there is none; what is no number is left out."""
    parts = [one.partition(".") for one in said]
    return {
        number: int(figure) if figure.isascii() and figure.isdigit() and len(figure) < 10 else 0
        for number, _dot, figure in parts
        if NUMBER(number)
    }


def _ways_back(form: Any, actor: Actor, at: datetime) -> list[str]:
    """Return "SD-000001.12" for each ticket whose fact of that instant can be undone. 1 query a ticket."""
    marks = [undo_tag(ticket, actor, at) for ticket in form.tickets] if form.undoable else []
    return [".".join(mark.split(":")[1:]) for mark in marks if mark]
