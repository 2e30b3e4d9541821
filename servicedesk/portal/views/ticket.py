"""One ticket: the page, its live pieces, and what the customer does on it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.portal import fragments
from servicedesk.portal.acts import ACTS, run_once
from servicedesk.portal.door import PortalRequest, organisation_of, portal_page, ticket_or_404
from servicedesk.portal.reading import TicketPage
from servicedesk.web import parameters
from servicedesk.web.htmx import see_other, wants_piece
from servicedesk.web.why import for_customer, timer_of
from tickets.models import Ticket

PIECES = {"now": "portal/_now.html", "asks": "portal/_asks.html", "notes": "portal/_notes.html",
          "plan": "portal/_plan.html"}  # fmt: skip
WHOLE = "portal/ticket.html"


def _page(request: PortalRequest, ticket: Ticket) -> TicketPage:
    return TicketPage(ticket, request.contact, request.actor, clock.now())


def _context(request: PortalRequest, page: TicketPage, bound: dict | None = None, *, once: str = "") -> dict:
    """Return the page's context; `bound` puts a refused form in the place of a fresh one, `once` names the keys."""
    forms = {slug: act.form(**({"initial": {"once": once}} if once else {})) for slug, act in ACTS.items()}
    return {
        "organisation": organisation_of(request),
        "page": page,
        "ticket": page.ticket,
        "forms": {**forms, **(bound or {})},
    }


@portal_page
@require_safe
@parameters.takes(part=parameters.one_of(PIECES))
def ticket(request: PortalRequest, number: str) -> HttpResponse:
    """The page; `?part=` gives one of its live pieces to a page that is open already."""
    page, piece = _page(request, ticket_or_404(request, number)), request.GET.get("part", "")
    if wants_piece(request) and piece in PIECES:
        parts = (fragments.ticket_scope(page, piece), fragments.ticket_version(page.ticket, page.at))
        return fragments.serve(request, PIECES[piece], parts, lambda once: _context(request, page, once=once))
    response = render(request, WHOLE, _context(request, page))
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


@portal_page
@require_safe
def why(request: PortalRequest, number: str, clock_uuid: UUID, code: str) -> HttpResponse:
    """Answer "why by 14:35?" in the customer's words, for promises that have such words."""
    found = ticket_or_404(request, number)
    timer = timer_of(found, clock_uuid, code)
    if timer is None or not timer.rule.customer_label:
        raise Http404
    return render(request, "portal/why.html", {"ticket": found, "why": for_customer(timer, clock.now())})


@portal_page
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: PortalRequest, number: str, slug: str) -> HttpResponse:
    """Run one act; a refusal gives the page back with what was typed (422). GET leads to the ticket."""
    found = ticket_or_404(request, number)
    if slug not in ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("portal:ticket", number=number)
    chosen, at = ACTS[slug], clock.now()
    form = chosen.form(request.POST, request.FILES)
    if form.is_valid():
        try:
            to, fresh = run_once(request, form, at, lambda: chosen.run(found, form.cleaned_data, request.actor, at))
        except Refused as refusal:
            if refusal.code == "unknown_ticket":
                raise Http404 from None
            form.add_refusal(refusal)
        else:
            if fresh:
                messages.success(request, chosen.said)
            return see_other(request, to)
    page = _page(request, ticket_or_404(request, number))
    return render(request, WHOLE, _context(request, page, {slug: form}), status=422)
