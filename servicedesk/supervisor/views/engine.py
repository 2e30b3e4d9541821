"""The engine itself: does it keep time, who beats, what it raised; operators settle what they have dealt with."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escalation.commands.canary import last_heard
from escalation.commands.watch import OPERATORS, settle_alarm
from escalation.measures import measure
from escalation.models import Alarm, Engine, Gap
from ledger import clock
from ledger.errors import Refused
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other

SHOWN = 50


@require_safe
@role_required(*OPERATORS)
def show(request: HttpRequest) -> HttpResponse:
    """Figures of this moment, drivers, open alarms, gaps and the last settled alarms."""
    at = clock.database_now()
    alarms = Alarm.objects.select_related("timer__clock__ticket")
    seen = measure(at)
    context = {
        "seen": seen,
        "buckets": list(seen.lateness.items()),
        "total": seen.lateness["+Inf"],
        "engines": Engine.objects.order_by("-beat_at")[:10],
        "open": alarms.filter(settled_at=None)[:SHOWN],
        "settled": alarms.exclude(settled_at=None)[:10],
        "gaps": Gap.objects.order_by("-to_at")[:10],
        "heard": last_heard(),
        "at": at,
    }
    return render(request, "supervisor/engine/show.html", context)


@require_POST
@role_required(*OPERATORS)
def settle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Settle one alarm; one that another settled meanwhile says so."""
    alarm = Alarm.objects.filter(uuid=uuid).first()
    if alarm is None:
        raise Http404
    try:
        settle_alarm(alarm_id=alarm.pk, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Alarm settled"))
    return see_other(request, reverse("supervisor:engine"))
