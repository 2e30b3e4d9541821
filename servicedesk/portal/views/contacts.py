"""Whom to call, in order (X-01, X-03)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Contact
from ledger import clock
from servicedesk.portal import people
from servicedesk.portal.door import PortalRequest, organisation_of, portal_page
from servicedesk.portal.words import AUTHORITIES


@portal_page
@require_safe
def contacts(request: PortalRequest) -> HttpResponse:
    """The order of contacts, what was promised, who of the customer may do what, the duty manager of this minute."""
    organisation, at = organisation_of(request), clock.now()
    own = Contact.objects.visible_to(request.actor).filter(active=True, erased_at=None)[:200]
    context = {
        "organisation": organisation,
        "ladder": people.ladder(organisation, at),
        "duty": people.duty_manager(organisation, at),
        "promises": people.promises(organisation, at),
        "own": [(c, [AUTHORITIES[a] for a in Contact.AUTHORITIES if a in c.authorities]) for c in own],
        "may_report": "report" in request.actor.authorities,
    }
    return render(request, "portal/contacts.html", context)
