"""The page behind a contact duty's link. GET changes nothing and tells little; POST is the named human act (X-04)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escalation.board_link import LinkView, link_view
from escalation.commands.confirm import confirm_by_link
from escalation.commands.hand import hand_to_deputy
from escalation.models import Duty
from ledger import clock
from ledger.errors import Refused
from servicedesk.links.guard import caller_of, link_page

LONGEST_TOKEN = 200
GONE = 410


@link_page
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, priority and due time; on POST confirm, or hand to the deputy, once."""
    at = clock.now()
    view = link_view(token, at) if len(token) <= LONGEST_TOKEN else None
    zone = ZoneInfo(view.time_zone) if view else timezone.get_current_timezone()
    with translation.override(view.language if view else translation.get_language()), timezone.override(zone):
        if view is None or view.state != "open":
            return _dead(request, view)
        if request.method == "POST":
            return _posted(request, token, view, at)
        return render(request, "links/confirm.html", {"view": view, "at": at})


def _posted(request: HttpRequest, token: str, view: LinkView, at: datetime) -> HttpResponse:
    ip, agent = caller_of(request)
    try:
        if request.POST.get("act") == "deputy":
            duty, name = hand_to_deputy(token=token, ip=ip, user_agent=agent, at=at)
            return render(request, "links/handed.html", {"duty": duty, "deputy": name, "at": at})
        duty = confirm_by_link(token=token, ip=ip, user_agent=agent, at=at)
    except Refused as refusal:
        if refusal.code == "no_deputy":
            return render(request, "links/confirm.html", {"view": view, "at": at, "refused": refusal}, status=422)
        return _dead(request, link_view(token, at))
    return render(request, "links/confirmed.html", _after(duty, at))


def _after(duty: Duty, at: datetime) -> dict[str, Any]:
    """What may be told once it is confirmed; of a restricted ticket still number and time alone (decisions 10)."""
    escalation, ticket = duty.escalation, duty.escalation.ticket
    told = Duty.objects.filter(escalation=escalation, confirmed_at__isnull=False).exclude(pk=duty.pk)
    return {
        "duty": duty,
        "escalation": escalation,
        "ticket": ticket,
        "at": at,
        "open_details": not ticket.restricted,
        "told": told.select_related("confirmed_by").order_by("confirmed_at"),
        "deputy": duty.person.name if duty.person and duty.confirmed_by_id != duty.person_id else "",
    }


def _dead(request: HttpRequest, view: LinkView | None) -> HttpResponse:
    """One page of one shape for every link that does nothing any more."""
    said = {
        "used": (_("This link was used already"), _("Each link works once. What it did is on record.")),
        "confirmed": (_("Confirmed already"), _("This contact was confirmed in another way. Nothing is left to do.")),
        "expired": (_("This link has expired"), _("Sign in, or call the duty manager, to confirm.")),
        "closed": (_("The escalation is closed"), _("Nothing is left to confirm. Thank you for being there.")),
    }
    unknown = (_("We do not know this link"), _("Open it again from the message, or call the duty manager."))
    title, text = said.get(view.state if view else "", unknown)
    return render(request, "links/gone.html", {"title": title, "text": text}, status=GONE)
