"""My day: everything owed, by time; an unfinished call gets its disposition here (P-01)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from icalendar import Calendar, Event

from escalation.shifts.board import running_break, shift_of
from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.duties import KINDS, Duty, duties_of, groups, promises_of
from servicedesk.desk.forms.base import choice, line, moment, one_of, text
from servicedesk.desk.today import shift_end, today_of
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.forms import CommandForm
from servicedesk.web.htmx import see_other, swap
from servicedesk.web.navigation import address
from servicedesk.web.times import hm, state_of
from tickets.commands.interaction import end_interaction
from tickets.commands.plan import move_promise
from tickets.models import Commitment, Interaction

DURATION = timedelta(minutes=15)
DISPOSITIONS = [c for c in Interaction.Disposition.choices if c[0] != "joined"]


class MoveForm(CommandForm):
    """A promise of one's own, a new time, and why."""

    promise = one_of(_("Promise"), Commitment.objects.none())
    due_at = moment(_("New time"))
    explanation = line(_("Why, for the customer"), limit=2000)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields["promise"].queryset = promises_of(actor)

    def offer(self, duties: list[Duty]) -> None:
        """Give the choices as the page shows them; asks nothing more."""
        self.offered = bool(duties)
        self.fields["promise"].choices = [
            ("", _("Choose")), *((str(duty.promise), f"{hm(duty.due_at)} {duty.what}"[:80]) for duty in duties)
        ]  # fmt: skip


class DispositionForm(CommandForm):
    """What a call without a ticket was."""

    disposition: forms.ChoiceField = choice(_("What was it"), DISPOSITIONS)
    summary: forms.CharField = text(_("Summary"), rows=2, required=False, limit=2000)


@staff_required
@require_safe
@parameters.takes(kind=parameters.one_of(KINDS))
def my_day(request: HttpRequest) -> HttpResponse:
    """Everything the agent owes, soonest first; `kind` narrows."""
    return _day(request, MoveForm(actor=request.actor))


def _day(request: HttpRequest, form: "MoveForm", status: int = 200) -> HttpResponse:
    at, wanted = clock.now(), request.GET.get("kind", "")
    every, end = duties_of(request.actor, at), shift_end(request.actor, at)
    shown = [duty for duty in every if duty.kind == wanted] if wanted else every
    counts = {kind: sum(duty.kind == kind for duty in every) for kind in KINDS}
    form.offer([duty for duty in every if duty.promise and duty.due_at and duty.due_at > at])
    ahead = [duty for duty in shown if duty.due_at][:4]
    context: dict[str, Any] = {
        "groups": groups(shown, at, end), "kind": wanted, "counts": counts, "total": len(every), "form": form,
        "next": ahead, "next_state": state_of(ahead[0].due_at, at) if ahead else "",
        "today": today_of(request.actor, at), "shift_end": end,
        "after": sum(bool(end and duty.due_at and duty.due_at > end) for duty in every),
        "handover": address("supervisor:handover"), "shift": shift_of(request.actor, at),
        "pause": running_break(request.actor.user_id), "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip
    return swap(request, "desk/myday.html", "desk/parts/myday.html", context, status=status)


@staff_required
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move one of one's promises before it is due; the customer reads why (C-10). 422 keeps the text."""
    form = MoveForm(request.POST, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        said = {"due_at": data["due_at"], "explanation": data["explanation"]}
        try:
            move_promise(commitment_id=data["promise"].pk, **said, actor=request.actor, at=clock.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _t("Moved. The customer is told why."))
            return see_other(request, reverse("desk:my-day"))
    return _day(request, form, 422)


@staff_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What is owed as a calendar to take away: numbers and times, no customer's name."""
    at = clock.now()
    made = Calendar()
    made.add("prodid", "-//Service desk//My day//EN")
    made.add("version", "2.0")
    for duty in duties_of(request.actor, at):
        if duty.due_at is None:
            continue
        event = Event()
        event.add("uid", f"{duty.kind}-{duty.promise or duty.call or duty.number}-{duty.due_at:%Y%m%dT%H%M%S}")
        event.add("summary", f"{duty.label} {duty.number}".strip())
        event.add("dtstamp", at)
        event.add("dtstart", duty.due_at)
        event.add("duration", DURATION)
        made.add_component(event)
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="my-day.ics"'
    return response


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what an unfinished call was. 422 keeps the text."""
    rows = Interaction.objects.visible_to(request.actor).filter(uuid=uuid, ticket=None)
    call = rows.filter(agent_id=request.actor.user_id).first()
    if call is None:
        raise Http404
    form = DispositionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_interaction(
                interaction_id=call.pk, disposition=form.cleaned_data["disposition"],
                summary=form.cleaned_data["summary"], actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _t("The call is finished"))
            return see_other(request, reverse("desk:my-day"))
    status = 422 if form.errors else 200
    context = {"form": form, "call": call}
    return swap(request, "desk/call_dispose.html", "desk/parts/call_dispose.html", context, status=status)
