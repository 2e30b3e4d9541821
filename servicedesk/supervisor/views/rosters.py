"""Rosters: who is on now, shifts, two weeks, gaps, overrides; any moment asked; CSV; coverage (A-04)."""

import csv
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from escalation.board_roster import roles
from escalation.board_rosters import Rosters, at_moment, rosters
from escalation.commands.roster import override, remove_override
from escalation.coverage import DAYS, check
from escalation.models import Policy, Roster, RosterOverride
from escalation.rosters.gaps import WARN
from escalation.rosters.read import alive
from escalation.rosters.rules import may_lead
from escalation.rosters.strain import HOURS, strains
from escalation.shapes import shape_of
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.roster_csv import rows_of
from servicedesk.supervisor.roster_drawing import follows_the_sun, sun, two_weeks
from servicedesk.supervisor.roster_forms import RosterOverrideForm, WhyForm
from servicedesk.web import parameters
from servicedesk.web.access import staff_required, supervisor_required
from servicedesk.web.htmx import see_other

PAGE = "supervisor/rosters/list.html"
YEARS = range(2000, 2101)


@require_safe
@staff_required
@parameters.takes(
    ask=parameters.text(40), role=parameters.text(60), scope=parameters.text(60), begin=parameters.text(40),
    end=parameters.text(40),
)  # fmt: skip
def index(request: HttpRequest) -> HttpResponse:
    """Show every roster; `?ask=` a moment to ask for, `?role=&scope=&begin=&end=` the override form begins with."""
    return _page(request, None)


@require_POST
@supervisor_required
def add_override(request: HttpRequest) -> HttpResponse:
    """Put a person on call above the layers."""
    at = clock.now()
    told = rosters(at, request.actor)
    form = _form(request, told, at)
    if form.is_valid():
        wanted = {key: form.cleaned_data[key] for key in ("role", "scope", "from_at", "to_at", "reason")}
        try:
            override(user_id=form.cleaned_data["user"].pk, **wanted, actor=request.actor, at=at)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Override saved"))
            _warn(request, form.cleaned_data["user"], at)
            return see_other(request, reverse("supervisor:rosters"))
    return _page(request, form, told, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@supervisor_required
def drop_override(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an override back, with a reason."""
    visible = Roster.objects.visible_to(request.actor)
    found = get_object_or_404(RosterOverride.objects.select_related("user", "roster"), uuid=uuid, roster__in=visible)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_override(
                override_id=found.pk, reason=form.cleaned_data["reason"], accept_gap=form.cleaned_data["accept_gap"],
                actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Override removed"))
            return see_other(request, reverse("supervisor:rosters"))
    context = {"form": form, "override": found}
    return render(request, "supervisor/rosters/remove.html", context, status=422 if form.errors else 200)


@require_safe
@staff_required
def export(request: HttpRequest) -> HttpResponse:
    """The turns of the next sixty days as CSV, in the reader's zone."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="on-call.csv"'
    csv.writer(response, quoting=csv.QUOTE_ALL).writerows(rows_of(rosters(clock.now(), request.actor)))
    return response


@require_safe
@supervisor_required
def coverage(request: HttpRequest) -> HttpResponse:
    """Whether somebody answers for every rule in force in the next 400 days."""
    at = clock.now()
    current = Policy.objects.exclude(current=None).select_related("current")
    found = check([shape_of(policy.current, policy) for policy in current], at=at)
    return render(request, "supervisor/rosters/coverage.html", {"holes": found, "at": at, "days": DAYS})


def _page(request: HttpRequest, form: Any, told: Rosters | None = None, *, status: int = 200) -> HttpResponse:
    at = clock.now()
    told = told or rosters(at, request.actor)
    asked = _asked(request.GET.get("ask", ""))
    context: dict[str, Any] = {
        "told": told, "at": at, "asked_at": asked, "asked": at_moment(told.plans, told.people, asked) if asked else (),
        "form": form or (_form(request, told, at) if may_lead(request.actor) else None),
        "weeks": two_weeks(told.plans, told.people, told.gaps, at),
        "suns": [(plan, sun(plan, told.people, at)) for plan in told.plans if follows_the_sun(plan, at)],
        "bad_moment": bool(request.GET.get("ask")) and asked is None,
        "total": len(told.lines) + len(told.company),
    }  # fmt: skip
    return render(request, PAGE, context, status=status)


def _warn(request: HttpRequest, user: User, at: datetime) -> None:
    """Say that a limit of hours is passed by who was just put on."""
    for strain in (one for one in strains(alive(at), at, at + WARN) if one.user_id == user.pk):
        said = {"name": user.name, "hours": formats.number_format(strain.hours), "limit": strain.allowed}
        if strain.kind == HOURS:
            words = _("%(name)s is on for %(hours)s hours in seven days; the limit is %(limit)d.")
        else:
            words = _("%(name)s rests %(hours)s hours between two turns; the limit is %(limit)d.")
        messages.warning(request, words % said)
        return


def _form(request: HttpRequest, told: Rosters, at: datetime) -> RosterOverrideForm:
    zones = sorted(
        {plan.zone for plan in told.plans} | {layer.zone.key for plan in told.plans for layer in plan.layers}
    )
    return RosterOverrideForm(
        request.POST or None, roles=roles(at), actor=request.actor, zones=zones,
        initial={"role": request.GET.get("role", ""), "scope": request.GET.get("scope") or "global",
                 "from_at": request.GET.get("begin", ""), "to_at": request.GET.get("end", "")},
    )  # fmt: skip


def _asked(said: str) -> datetime | None:
    """Return the moment of the address, a wall of the reader's; None where it is none, or of another century."""
    try:
        wall = parse_datetime(said)
    except ValueError:
        return None
    if wall is None or wall.year not in YEARS:
        return None
    return timezone.make_aware(wall) if timezone.is_naive(wall) else wall
