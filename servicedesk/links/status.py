"""How one major incident stands for one customer, by the link in its news: no name, no service, no ticket on it."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.links.confirm import GONE
from servicedesk.web import parameters
from servicedesk.web.incident import shown
from tickets.major_links import status_row


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Read only; never kept, never indexed. Broken, ended and unknown links get one page."""
    parameters.check(request, page)
    at = clock.now()
    row = status_row(token, at=at)
    language = translation.get_language() or "en"
    if row is None:
        title, text = _t("This link no longer works"), _t("The incident is over, or the link is not whole.")
        response = render(request, "links/gone.html", {"title": title, "text": text}, status=GONE)
    else:
        with timezone.override(ZoneInfo(row.organisation.time_zone)):
            made = shown(row.incident, row.organisation_id, language)
            response = render(request, "links/status.html", {"shown": made, "at": at})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


page.who = "holder of the link"
