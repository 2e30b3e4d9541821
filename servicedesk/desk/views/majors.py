"""Major incidents at the desk: the list, declaring one, its room, its customers as a file (V-09, V-19)."""

import csv
from io import StringIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.forms.major_talk import DeclareForm, NewsForm
from servicedesk.desk.majors import next_step, phases
from servicedesk.desk.reading import ticket_or_404
from servicedesk.desk.views.queue import safe
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other, swap
from tickets.commands.major_declare import declare_major
from tickets.major_access import require_may_declare
from tickets.models import MajorIncident, Ticket
from tickets.queries_major import Room, majors, majors_around

PER_PAGE = 50
VIEWS = {"running": _("Running"), "review": _("To be reviewed"), "closed": _("Closed"), "all": _("All")}
HEAD = ["customer", "account", "services", "not_working", "tickets", "by_hand", "reason"]


@staff_required
@require_safe
@parameters.takes(view=parameters.one_of(VIEWS), page=parameters.PAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """Incidents of the reader's reach, newest first."""
    view = request.GET.get("view") or "running"
    page = Paginator(majors(request.actor, view), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "view": view, "views": VIEWS, "page": page, "query": f"view={view}", "at": clock.now(),
        "may_declare": _may_declare(request.actor, None) is None,
    }  # fmt: skip
    return render(request, "desk/majors/list.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(ticket=parameters.text(16))
def declare(request: HttpRequest) -> HttpResponse:
    """Declare one; with `ticket` from a ticket, which is attached (V-09)."""
    number = request.GET.get("ticket") or request.POST.get("ticket") or ""
    ticket = ticket_or_404(number, request.actor) if number else None
    form = DeclareForm(request.POST or None, actor=request.actor, ticket=ticket)
    off = _may_declare(request.actor, ticket)
    if request.method == "POST" and form.is_valid():
        try:
            made = declare_major(
                declaration=form.declaration(), ticket_id=ticket.pk if ticket else None, actor=request.actor,
                at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            if refusal.code == "unknown_ticket":
                raise Http404
            form.add_refusal(refusal)
        else:
            messages.success(request, _t("%(number)s declared. Tell the customers next.") % {"number": made.number})
            return see_other(request, reverse("desk:major", args=[made.uuid]))
    running = [one for own, one in majors_around(ticket, request.actor) if not own] if ticket else []
    context = {"form": form, "ticket": ticket, "off": off, "running": running}
    return render(request, "desk/majors/declare.html", context, status=422 if form.errors else 200)


@staff_required
@require_safe
@parameters.takes(part=parameters.one_of(["log", "aside"]))
def show(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The room of one incident; htmx gets the live part alone, the composer stands outside of it."""
    incident = found(request, uuid)
    context = room_context(request, incident)
    if part := request.GET.get("part"):
        return render(request, f"desk/majors/_{part}.html", context)
    return swap(request, "desk/majors/show.html", "desk/majors/_log.html", context)


@staff_required
@require_safe
def customers_csv(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The affected customers as CSV; text that a spreadsheet would run as a formula is quoted."""
    incident = found(request, uuid)
    room = Room(incident, request.actor, clock.now())
    if not room.leads:
        raise Http404
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in room.affected:
        writer.writerow([
            safe(row.organisation.name), safe(row.organisation.account_number), row.services, row.down, row.tickets,
            "yes" if row.by_hand else "no", safe(row.reason),
        ])  # fmt: skip
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{incident.number}-customers.csv"'
    return response


@staff_required
@require_safe
def review_paper(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The post-incident review as a paper, its course of events drawn from the ledger."""
    incident = found(request, uuid)
    room = Room(incident, request.actor, clock.now())
    lasted = (incident.restored_at or room.at) - incident.since
    context = {"incident": incident, "room": room, "lasted": lasted, "events": list(reversed(room.log))}
    return render(request, "desk/majors/review.html", context)


def found(request: HttpRequest, uuid: Any) -> MajorIncident:
    """Return the incident as far as the reader may learn of it; anything else is 404."""
    rows = MajorIncident.objects.visible_to(request.actor).select_related("commander", "declared_by", "lead")
    return get_object_or_404(rows, uuid=uuid)


def room_context(request: HttpRequest, incident: MajorIncident, news: Any = None) -> dict[str, Any]:
    """Return what the room's templates need. news: the composer as it was sent, None = the draft."""
    at = clock.now()
    room = Room(incident, request.actor, at)
    if news is None:
        kept = room.draft
        words = {} if kept is None else {"body": kept.body("en"), "body_zh_hans": kept.bodies.get("zh-hans", "")}
        news = NewsForm(initial=words, incident=incident, actor=request.actor, at=at)
    return {
        "room": room, "incident": incident, "news": news, "phases": phases(incident), "next": next_step(room), "at": at,
        "address": reverse("desk:major", args=[incident.uuid]),
    }  # fmt: skip


def _may_declare(actor: Actor, ticket: Ticket | None) -> Refused | None:
    try:
        require_may_declare(actor, from_ticket=ticket is not None)
    except Refused as refusal:
        return refusal
    return None
