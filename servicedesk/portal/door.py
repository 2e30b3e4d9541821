"""What every portal page begins with: the customer's contact, the organisation and its time zone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Contact, Organisation
from ledger.actor import Actor
from servicedesk.web.access import customer_required
from tickets.models import Ticket

View = Callable[..., HttpResponse]


class PortalRequest(HttpRequest):
    """What a view of the portal gets: the actor of the middleware and the contact of `portal_page`."""

    actor: Actor
    contact: Contact


def portal_page(view: View) -> View:
    """A door for customers: sets `request.contact` (with its organisation), times in the organisation's zone.

    One query. Strangers go to sign-in, staff and tokens get 404.
    """

    @wraps(view)
    def inner(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.contact = Contact.objects.select_related("organisation").get(uuid=request.actor.ref)
        with timezone.override(ZoneInfo(request.contact.organisation.time_zone)):
            return view(request, *args, **kwargs)

    return customer_required(inner)


def organisation_of(request: PortalRequest) -> Organisation:
    """Return the organisation of the signed-in contact."""
    return request.contact.organisation


def ticket_or_404(request: PortalRequest, number: str) -> Ticket:
    """Return the ticket by number. Absent, foreign and restricted ones raise the same Http404."""
    rows = Ticket.objects.visible_to(request.actor).select_related(
        "reporter", "service", "site", "owner", "team", "merged_into"
    )
    ticket = rows.filter(number=number).first()
    if ticket is None:
        raise Http404
    ticket.organisation = organisation_of(request)
    return ticket
