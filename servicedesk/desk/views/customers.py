"""Customers: a list to search, and one record: facts, people without their secrets, services, open tickets."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import Contact, Organisation
from catalogue.models import Service
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from tickets.models import Ticket

PER_PAGE = 50
SHOWN = 25


@staff_required
@require_safe
@parameters.takes(q=parameters.text(1000), page=parameters.PAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """The organisations the reader may know of, by name; `q` narrows by name or account number."""
    wanted = request.GET.get("q", "").strip()[:80]
    rows = Organisation.objects.visible_to(request.actor)
    if wanted:
        rows = rows.filter(name__icontains=wanted) | rows.filter(account_number__istartswith=wanted)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "desk/customers.html", {"page": page, "q": wanted, "query": urlencode({"q": wanted}) if wanted else ""}
    )


@staff_required
@require_safe
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One organisation. 404 for those the reader may not know of."""
    organisation = Organisation.objects.visible_to(request.actor).filter(uuid=uuid).first()
    if organisation is None:
        raise Http404
    people = Contact.objects.visible_to(request.actor).filter(organisation=organisation, active=True)
    services = Service.objects.visible_to(request.actor).filter(organisation=organisation).select_related("site")
    tickets = Ticket.objects.visible_to(request.actor).open().filter(organisation=organisation)
    return render(
        request,
        "desk/customer.html",
        {
            "organisation": organisation,
            "people": people[:SHOWN],
            "services": services[:SHOWN],
            "tickets": tickets.select_related("service", "owner").order_by("next_due_at", "-pk")[:SHOWN],
            "open_count": tickets.count(),
            "service_count": services.count(),
            "account_team": organisation.account_team.select_related("user"),
            "entitlements": organisation.entitlements.select_related("calendar").order_by("-valid_from"),
        },
    )
