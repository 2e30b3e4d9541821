"""The inbox: what was told on screen, newest first; opening it marks nothing, a button does. Desktop notices too."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from channels.outbound import web
from escalation.commands.acknowledge import acknowledge
from escalation.models import Ack, Notification
from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.notices import as_json, lines
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other

PER_PAGE = 40


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(page=parameters.PAGE)
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's own notices. POST marks one (`notice`) or all as seen, which acknowledges nothing; with `act`
    "acknowledge" it acknowledges the page of that one."""
    mine = Notification.objects.filter(user_id=request.actor.user_id, channel="web")
    if request.method == "POST":
        chosen = _wanted(request.POST.get("notice", ""))
        if chosen is not None and request.POST.get("act") == "acknowledge":
            _acknowledge(request, mine.filter(uuid=chosen))
        rows = mine.filter(seen_at=None) if chosen is None else mine.filter(seen_at=None, uuid=chosen)
        rows.update(seen_at=clock.now())
        return see_other(request, reverse("desk:inbox"))
    rows = mine.select_related("ticket", "firing__rule").order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    pages = [row.firing_id for row in page.object_list if row.firing_id]
    known = Ack.objects.filter(firing__in=pages, user_id=request.actor.user_id).values_list("firing_id", flat=True)
    context = {"page": page, "lines": lines(page.object_list), "acknowledged": set(known)}
    return render(request, "desk/inbox.html", context)


@staff_required
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Hand what is new to the one tab that asks first, as JSON; `seen` marks one that was clicked."""
    at = clock.now()
    seen = _wanted(request.POST.get("seen", ""))
    if seen is not None:
        web.mark_clicked(str(seen), actor=request.actor, at=at)
        return JsonResponse({"notices": []})
    return JsonResponse({"notices": [as_json(row) for row in web.claim_push(request.actor, at=at)]})


def _acknowledge(request: HttpRequest, rows: QuerySet[Notification]) -> None:
    """Acknowledge the page behind a notice of the reader's own, and say how it went."""
    for firing_id in rows.exclude(firing=None).values_list("firing_id", flat=True):
        try:
            acknowledge(firing_id=firing_id, actor=request.actor, at=clock.now())
            messages.success(request, _("Acknowledged"))
        except Refused as refusal:
            messages.error(request, refusal.message)


def _wanted(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
