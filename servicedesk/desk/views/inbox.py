"""The inbox: what was told on screen, newest first; opening it marks nothing, a button does."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from escalation.models import Notification
from ledger import clock
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other

PER_PAGE = 40


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(page=parameters.PAGE)
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's own notices. POST marks one (`notice`) or all as seen; additive, never an acknowledgement."""
    mine = Notification.objects.filter(user_id=request.actor.user_id, channel="web")
    if request.method == "POST":
        chosen = _wanted(request.POST.get("notice", ""))
        rows = mine.filter(seen_at=None) if chosen is None else mine.filter(seen_at=None, uuid=chosen)
        rows.update(seen_at=clock.now())
        return see_other(request, reverse("desk:inbox"))
    rows = mine.select_related("ticket", "firing").order_by("-created_at", "-pk")
    return render(request, "desk/inbox.html", {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))})


def _wanted(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
