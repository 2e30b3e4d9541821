"""The workspace of one ticket, and the acts on it that are no form of their own."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.conflict import conflict_context, kept_conflict
from servicedesk.desk.forms.base import line, text
from servicedesk.desk.marks import MARKS
from servicedesk.desk.reading import ticket_or_404
from servicedesk.desk.registry import BY_SLUG
from servicedesk.desk.workspace import TABS, Workspace
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.forms import CommandForm
from servicedesk.web.htmx import see_other, swap
from servicedesk.web.why import for_staff, timer_of
from tickets.commands.interaction import attach_interaction, start_interaction
from tickets.commands.resolve import follow_up_ticket

PARTS = {"next": "desk/parts/next.html", "aside": "desk/parts/aside.html", "timeline": "desk/parts/timeline.html"}


@staff_required
@require_safe
@parameters.takes(tab=parameters.one_of(TABS), part=parameters.one_of(PARTS))
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The whole page, or with `part` one live piece of it."""
    found = ticket_or_404(number, request.actor)
    tab = request.GET.get("tab", "all")
    space = Workspace(found, request.actor, clock.now(), tab if tab in TABS else "all")
    part = PARTS.get(request.GET.get("part", ""))
    if part:
        return render(request, part, {"space": space, "ticket": found, "marks": MARKS})
    return render(request, "desk/ticket.html", {"space": space, "ticket": found, "marks": MARKS})


@staff_required
@require_POST
def start_call(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a call on this ticket: an incoming second caller (to be verified) or one to the reporter."""
    found, at = ticket_or_404(number, request.actor), clock.now()
    direction = "out" if request.POST.get("direction") == "out" else "in"
    call = start_interaction(
        channel="call", direction=direction, caller_number=found.callback_number if direction == "out" else "",
        called_queue="", started_at=at, answered_at=at, agent_id=request.actor.user_id, actor=request.actor, at=at,
    )  # fmt: skip
    attach_interaction(interaction_id=call.pk, ticket_id=found.pk, actor=request.actor, at=at)
    return see_other(request, reverse("desk:call", args=[call.uuid]))


class FollowUpForm(CommandForm):
    """A new ticket that follows an ended one."""

    title: forms.CharField = line(_("Title"))
    description: forms.CharField = text(_("What happens now"), required=False)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, number: str) -> HttpResponse:
    """Raise a follow-up where reopening is too late."""
    found = ticket_or_404(number, request.actor)
    form = FollowUpForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = follow_up_ticket(
                ticket_id=found.pk, title=data["title"], description=data["description"], actor=request.actor,
                at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _t("Follow-up raised"))
            return see_other(request, reverse("desk:ticket", args=[made.number]))
    context = {"ticket": found, "form": form}
    status = 422 if form.errors else 200
    return swap(request, "desk/follow_up.html", "desk/parts/follow_up.html", context, status=status)


@staff_required
@require_safe
def why(request: HttpRequest, number: str, clock_uuid: UUID, code: str) -> HttpResponse:
    """Answer "why 14:35?" for one rule of one clock of the ticket."""
    found = ticket_or_404(number, request.actor)
    timer = timer_of(found, clock_uuid, code)
    if timer is None:
        raise Http404
    context = {"ticket": found, "why": for_staff(timer, clock.now())}
    return swap(request, "desk/why.html", "desk/parts/why.html", context)


@staff_required
@require_safe
def conflict(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """What was typed against a ticket that had moved on, kept to be saved again."""
    found = ticket_or_404(number, request.actor)
    kept = kept_conflict(request.user, found, slug)
    if slug not in BY_SLUG or kept is None:
        raise Http404
    form = BY_SLUG[slug](kept, ticket=found, actor=request.actor, at=clock.now())
    form.full_clean()
    return render(request, "desk/conflict.html", conflict_context(found, form, request.actor))
