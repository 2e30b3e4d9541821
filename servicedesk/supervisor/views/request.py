"""Request an escalation of a ticket from the board (A-06)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escalation.commands.request import request_escalation
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.forms import RequestForm
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@parameters.takes(ticket=parameters.text(20))
def new(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST open the escalation, or join the open one, and go to it."""
    if request.method != "POST":
        start = {"ticket": request.GET.get("ticket", ""), "relation": "agent"}
        return render(request, "supervisor/escalations/new.html", {"form": RequestForm(initial=start)})
    form = RequestForm(request.POST)
    ticket = form.find(request.actor) if form.is_valid() else None
    if ticket is not None:
        data = {key: form.cleaned_data[key] for key in ("relation", "requester_name", "reason")}
        try:
            made = request_escalation(ticket_id=ticket.pk, **data, actor=request.actor, at=clock.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return see_other(request, reverse("supervisor:escalation", args=[made.uuid]))
    context = {"form": form, "title": _("Request an escalation")}
    return render(request, "supervisor/escalations/new.html", context, status=422)
