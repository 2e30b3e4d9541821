"""The page behind the link of a page that only wants to be acknowledged. GET changes nothing; POST is the act."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escalation.board_ack import AckView, ack_view
from escalation.commands.acknowledge import acknowledge_by_link
from ledger import clock
from ledger.errors import Refused
from servicedesk.links.confirm import GONE, LONGEST_TOKEN
from servicedesk.links.guard import caller_of, link_page


@link_page
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, priority and due time; on POST acknowledge, once."""
    at = clock.now()
    view = ack_view(token, at) if len(token) <= LONGEST_TOKEN else None
    zone = ZoneInfo(view.time_zone) if view else timezone.get_current_timezone()
    with translation.override(view.language if view else translation.get_language()), timezone.override(zone):
        if view is None or view.state != "open":
            return _dead(request, view)
        if request.method == "POST":
            return _posted(request, token, view, at)
        return render(request, "links/acknowledge.html", {"view": view, "at": at})


def _posted(request: HttpRequest, token: str, view: AckView, at: datetime) -> HttpResponse:
    ip, agent = caller_of(request)
    try:
        acknowledge_by_link(token=token, ip=ip, user_agent=agent, at=at)
    except Refused:
        return _dead(request, ack_view(token, at))
    return render(request, "links/acknowledged.html", {"view": view, "at": at})


def _dead(request: HttpRequest, view: AckView | None) -> HttpResponse:
    said = {
        "used": (_("Acknowledged already"), _("Each link works once. What it did is on record.")),
        "closed": (_("This is over"), _("Nothing is left to acknowledge. Thank you for being there.")),
        "expired": (_("This link has expired"), _("Sign in to acknowledge, or call the duty manager.")),
    }
    unknown = (_("We do not know this link"), _("Open it again from the message, or call the duty manager."))
    title, text = said.get(view.state if view else "", unknown)
    return render(request, "links/gone.html", {"title": title, "text": text}, status=GONE)
