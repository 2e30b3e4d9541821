"""Who is on now and next for each role, and overrides of the roster (A-04)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escalation.board_roster import on_call, roles, slots
from escalation.commands.roster import override
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.forms import OverrideForm
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def show(request: HttpRequest) -> HttpResponse:
    """Show who is on now and next; on POST add an override (supervisors and duty managers)."""
    may = request.actor.has_role("supervisor", "duty_manager")
    at = clock.now()
    known = roles(at)
    status = 200
    form = OverrideForm(request.POST or None, roles=known, actor=request.actor) if may else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _added(form, request, at):
            messages.success(request, _("Override saved"))
            return see_other(request, reverse("supervisor:on-call"))
        status = 422
    words = dict(known)
    roster = [(slot, words.get(slot.role, slot.role)) for slot in slots(at)]
    context = {"rows": on_call(at, known), "slots": roster, "form": form, "at": at}
    return render(request, "supervisor/on_call/show.html", context, status=status)


def _added(form: OverrideForm, request: HttpRequest, at) -> bool:
    data = form.cleaned_data
    wanted = {key: data[key] for key in ("role", "scope", "from_at", "to_at", "reason")}
    try:
        override(user_id=data["user"].pk, **wanted, actor=request.actor, at=at)
    except Refused as refusal:
        form.add_refusal(refusal)
        return False
    return True
