"""One view for every command on a ticket: GET shows its form, POST carries it out (422, 409, 404, 303)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ledger import clock
from ledger.errors import Refused
from ledger.idempotency import Answer, once, request_hash
from servicedesk.desk.conflict import conflict_context, keep_conflict, merged
from servicedesk.desk.forms.base import TicketForm
from servicedesk.desk.reading import last_seq, ticket_or_404
from servicedesk.desk.registry import BY_SLUG
from servicedesk.desk.seen import packed
from servicedesk.desk.standing import refusals
from servicedesk.desk.undoing import undo_tag
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other, swap, wants_piece
from tickets.models import Ticket

PAGE, PIECE = "desk/command.html", "desk/parts/command.html"


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(item=parameters.PUBLIC_ID)
def command(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Show or run the command `slug` on one ticket."""
    ticket = ticket_or_404(number, request.actor)
    kind, at = BY_SLUG[slug], clock.now()
    if request.method != "POST":
        saw = "" if kind.additive else packed(ticket, kind, at)
        initial = {"version": ticket.version, "seen": last_seq(ticket), "saw": saw, **_item(request, kind)}
        form = kind(initial=initial, ticket=ticket, actor=request.actor, at=at)
        return swap(request, PAGE, PIECE, _context(ticket, form, request.actor))
    said = merged(kind, request.POST, ticket=ticket, actor=request.actor, at=at)
    form = kind(said, request.FILES, ticket=ticket, actor=request.actor, at=at)
    if not form.is_valid():
        return swap(request, PAGE, PIECE, _context(ticket, form, request.actor), status=422)
    try:
        _run(request, form)
    except Refused as refusal:
        return _refused(request, ticket, form, refusal)
    messages.success(request, str(form.said), extra_tags=undo_tag(ticket, request.actor, at) if form.undoable else "")
    return see_other(request, after(ticket, slug))


def after(ticket: Ticket, slug: str) -> str:
    """Return where a finished command leads: back to the ticket."""
    return reverse("desk:ticket", args=[ticket.number])


def _run(request: HttpRequest, form: TicketForm) -> None:
    """Carry it out; the key of the form makes a double click one command."""
    key = form.cleaned_data.get("once")
    if not key:
        form.run()
        return

    def run() -> Answer:
        form.run()
        return Answer(status=303)

    digest = request_hash(request.path, {k: v for k, v in request.POST.items() if k != "csrfmiddlewaretoken"})
    once(client=request.actor.ref, key=f"desk:{key}", digest=digest, at=form.at, run=run)


def _refused(request: HttpRequest, ticket: Ticket, form: TicketForm, refusal: Refused) -> HttpResponse:
    if refusal.code == "unknown_ticket":
        raise Http404
    if refusal.code == "stale":
        return _stale(request, ticket, form)
    form.add_refusal(refusal)
    return swap(request, PAGE, PIECE, _context(ticket, form, request.actor), status=422)


def _stale(request: HttpRequest, ticket: Ticket, form: TicketForm) -> HttpResponse:
    """409 with both versions; a fragment cannot show a page, so it is sent there and the words wait in a draft."""
    if wants_piece(request):
        keep_conflict(request.user, ticket, form)
        where = reverse("desk:ticket-conflict", args=[ticket.number, form.slug])
        return HttpResponse(status=409, headers={"HX-Redirect": where})
    return render(request, "desk/conflict.html", conflict_context(ticket, form, request.actor), status=409)


def _context(ticket: Ticket, form: TicketForm, actor: Any) -> dict[str, Any]:
    off = refusals(ticket, actor).get(form.step) if form.step else None
    refusal = next(iter(form.non_field_errors()), "") if form.is_bound else ""
    return {"ticket": ticket, "form": form, "off": off if not refusal else None, "refusal": refusal}


def _item(request: HttpRequest, kind: type[TicketForm]) -> dict[str, str]:
    """The public id of the thing the form is about, from the address."""
    return {kind.item: request.GET.get("item", "")[:36]} if kind.item else {}
