"""One escalation: its page, its live part, and the commands taken on it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escalation.board_detail import detail
from escalation.models import Duty, Escalation
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.actions import DUTY_ACTIONS, ESCALATION_ACTIONS, Action, dialogs, phone_forms
from servicedesk.supervisor.drawing import drawn
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other, swap

WHOLE, LIVE = "supervisor/escalations/show.html", "supervisor/escalations/_live.html"
GONE = {"unknown_escalation", "unknown_duty"}


@require_safe
@staff_required
def show(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The ladder, the duties and everything recorded; htmx gets the live part alone."""
    return _page(request, _found(request, uuid))


@require_POST
@staff_required
def act(request: HttpRequest, uuid: Any, command: str) -> HttpResponse:
    """Take one command on the escalation; a refusal shows the page again with the dialog open and the text kept."""
    escalation, action = _found(request, uuid), ESCALATION_ACTIONS.get(command)
    if action is None:
        raise Http404
    form = action.form(request.POST, escalation=escalation, actor=request.actor)
    return _run(request, escalation, action, form, escalation)


@require_POST
@staff_required
def act_on_duty(request: HttpRequest, uuid: Any, command: str) -> HttpResponse:
    """Confirm one's own duty, or record a call to the person named."""
    user_id = request.actor.user_id
    mine = (
        Q(person_id=user_id)
        | Q(notifications__user_id=user_id)
        | Q(escalation__in=Escalation.objects.visible_to(request.actor))
    )
    rows = Duty.objects.filter(mine).select_related("escalation__ticket__organisation", "person")
    duty, action = get_object_or_404(rows.distinct(), uuid=uuid), DUTY_ACTIONS.get(command)
    if action is None:
        raise Http404
    return _run(request, duty.escalation, action, action.form(request.POST, duty=duty), duty)


def _run(request: HttpRequest, escalation: Escalation, action: Action, form: Any, subject: Any) -> HttpResponse:
    if form.is_valid():
        try:
            action.run(subject, form.cleaned_data, request.actor, clock.now())
        except Refused as refusal:
            if refusal.code in GONE:
                raise Http404
            form.add_refusal(refusal)
        else:
            messages.success(request, action.done)
            visible = Escalation.objects.visible_to(request.actor).filter(pk=escalation.pk).exists()
            there = reverse("supervisor:escalation", args=[escalation.uuid]) if visible else "/"
            return see_other(request, there)
    if not action.dialog:
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
        return see_other(request, reverse("supervisor:escalation", args=[escalation.uuid]))
    return _page(request, escalation, refused=form, command=action.name, status=422)


def _found(request: HttpRequest, uuid: Any) -> Escalation:
    rows = Escalation.objects.visible_to(request.actor).select_related(
        "ticket__organisation", "ticket__team", "duty_manager", "reviewed_by", "requester_contact"
    )
    return get_object_or_404(rows, uuid=uuid)


def _page(
    request: HttpRequest, escalation: Escalation, *, refused: Any = None, command: str = "", status: int = 200
) -> HttpResponse:
    at = clock.now()
    made = detail(escalation, request.actor, at)
    context = {
        "escalation": escalation,
        "ticket": escalation.ticket,
        "detail": made,
        "rungs": drawn(made.steps, escalation.requested_at, at),
        "ladder_title": _("Escalation ladder"),
        "at": at,
        "address": reverse("supervisor:escalation", args=[escalation.uuid]),
        "dialogs": dialogs(escalation, request.actor, refused=refused, command=command),
        "phones": phone_forms(made.duties, request.actor, refused=refused),
    }
    return swap(request, WHOLE, LIVE, context, status=status)
