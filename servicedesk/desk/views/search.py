"""Search: an exact number goes straight there; else tickets by title and service, and customers by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from tickets.models import Ticket

SHOWN = 25


@staff_required
@require_safe
@parameters.takes(q=parameters.text(1000))
def search(request: HttpRequest) -> HttpResponse:
    """Find `q`: a ticket's number, the beginning of a title, of a customer's name or of a service ID."""
    wanted = " ".join(request.GET.get("q", "").split())[:80]
    tickets = Ticket.objects.visible_to(request.actor)
    number = number_of(wanted)
    if number and tickets.filter(number=number).exists():
        return redirect(reverse("desk:ticket", args=[number]))
    found, customers = [], []
    if len(wanted) > 1:
        rows = tickets.select_related("organisation", "service", "owner")
        by = rows.filter(title__istartswith=wanted) | rows.filter(organisation__name__istartswith=wanted)
        found = list((by | rows.filter(service__service_id__istartswith=wanted)).order_by("-pk")[:SHOWN])
        customers = list(Organisation.objects.visible_to(request.actor).filter(name__istartswith=wanted)[:SHOWN])
    return render(request, "desk/search.html", {"q": wanted, "tickets": found, "customers": customers})


def number_of(text: str) -> str:
    """Return the ticket number somebody may mean ("sd-12", "12"), "" for none."""
    digits = text.upper().removeprefix("SD-").removeprefix("SD")
    return f"SD-{int(digits):06d}" if digits.isascii() and digits.isdigit() and len(digits) <= 9 else ""
