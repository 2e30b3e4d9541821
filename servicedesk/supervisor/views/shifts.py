"""Who is on shift now and next, with what on their hands; breaks (A-04)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from escalation.commands.pauses import begin_break, end_break
from escalation.rosters.rules import LEADS
from escalation.shifts.board import on_shift, running_break, shift_rows
from ledger import clock
from ledger.errors import Refused
from servicedesk.web.access import staff_required, supervisor_required
from servicedesk.web.htmx import see_other
from servicedesk.web.shell_facts import forget


@require_safe
@staff_required
def index(request: HttpRequest) -> HttpResponse:
    """Every shift: its hours, who manages it, who follows; everybody on now."""
    at = clock.now()
    context = {
        "rows": shift_rows(request.actor, at), "people": on_shift(request.actor, at), "at": at,
        "mine": running_break(request.actor.user_id), "may": request.actor.has_role(*LEADS),
        "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip
    return render(request, "supervisor/shifts/show.html", context)


@require_POST
@staff_required
def pause(request: HttpRequest, command: str) -> HttpResponse:
    """Begin or end one's own break."""
    run = {"begin": begin_break, "end": end_break}.get(command)
    if run is None:
        raise Http404
    said = {"begin": _("Your break has begun"), "end": _("Your break is over")}[command]
    try:
        run(actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
        forget(request.actor)
    return see_other(request, reverse("supervisor:shifts"))


@require_POST
@supervisor_required
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End somebody's break that was forgotten."""
    user = get_object_or_404(User.objects.filter(kind=User.Kind.STAFF), uuid=uuid)
    try:
        end_break(user_id=user.pk, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Break ended"))
    return see_other(request, reverse("supervisor:shifts"))
