"""Search: an exact number goes straight there; else tickets by their words and filters, and customers by name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalogue.queries import find_customers
from ledger import clock
from ledger.errors import Refused
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import swap
from tickets.models import Ticket
from tickets.queries_search import search_tickets
from tickets.searching import FILTERS, example

LONGEST, NUMBER = 200, r"[A-Z]{2}-[0-9]{6,12}"
CUSTOMERS = 8


@staff_required
@require_safe
@parameters.takes(q=parameters.text(1000), after=parameters.matching(NUMBER))
def search(request: HttpRequest) -> HttpResponse:
    """Find `q`: a ticket's number, words of tickets and notes, filters; customers, contacts and services by name."""
    wanted, after = " ".join(request.GET.get("q", "").split())[:LONGEST], request.GET.get("after", "")
    number = number_of(wanted)
    if number and Ticket.objects.visible_to(request.actor).filter(number=number).exists():
        return redirect(reverse("desk:ticket", args=[number]))
    context: dict[str, Any] = {
        "q": wanted,
        "page": None,
        "customers": [],
        "refusal": "",
        "examples": [example(n) for n in FILTERS],
    }
    try:
        if len(wanted) > 1:
            context["page"] = search_tickets(wanted, request.actor, clock.now(), after=after)
    except Refused as refusal:
        context["refusal"] = refusal.message
    page = context["page"]
    if page and not after and not page.asked.filters:
        context["customers"] = find_customers(page.asked.text, request.actor, CUSTOMERS)
    return swap(request, "desk/search.html", "desk/parts/found.html", context)


def number_of(text: str) -> str:
    """Return the ticket number somebody may mean ("sd-12", "12"), "" for none."""
    digits = text.upper().removeprefix("SD-").removeprefix("SD")
    return f"SD-{int(digits):06d}" if digits.isascii() and digits.isdigit() and len(digits) <= 9 else ""
