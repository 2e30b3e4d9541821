"""Absences: who is away when, one's own to enter, the turns one empties (A-04)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Absence, User
from escalation.board_absences import absences, leave, may_read_reason
from escalation.commands.absence import end_absence, may_plan, plan_absence
from escalation.rosters.emptied import Emptied, emptied
from escalation.rosters.rules import may_lead
from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.forms.absence import AbsenceForm
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def index(request: HttpRequest) -> HttpResponse:
    """Show who is away and will be; POST enters an absence, and shows what it empties before it does."""
    at = clock.now()
    form, empties = _form(request, at), []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = {key: data[key] for key in ("from_at", "to_at", "reason", "accept_turns")}
        try:
            made = plan_absence(user_id=data["user"].pk, **wanted, actor=request.actor, at=at)
        except Refused as refusal:
            form.add_refusal(refusal)
            if refusal.code == "turns_held":
                empties = emptied(data["user"].pk, max(data["from_at"], at), data["to_at"], at)
        else:
            messages.success(request, _("Absence saved"))
            return see_other(request, reverse("desk:absence", args=[made.uuid]))
    status = 422 if form.errors else 200
    return render(request, "desk/absences.html", _context(request, form, empties), status=status)


@require_safe
@staff_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One absence: the turns it empties, who stands beneath, and how to fill them."""
    return _show(request, _found(uuid))


@require_POST
@staff_required
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an absence now, or take back one that has not begun."""
    found = _found(uuid)
    if not may_plan(request.actor, found.user_id):
        raise Http404
    try:
        end_absence(absence_id=found.pk, actor=request.actor, at=clock.now())
    except Refused as refusal:
        return _show(request, found, refused=refusal, status=422)
    messages.success(request, _("Absence ended"))
    return see_other(request, reverse("desk:absences"))


def _found(uuid: UUID) -> Absence:
    return get_object_or_404(Absence.objects.select_related("user", "made_by"), uuid=uuid)


def _show(request: HttpRequest, found: Absence, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()
    context = {
        "leave": leave(found, at), "absence": found, "at": at, "refused": refused, "over": found.to_at <= at,
        "mine": found.user_id == actor.user_id, "leads": may_lead(actor), "may_end": may_plan(actor, found.user_id),
        "reason": found.reason if may_read_reason(actor, found) else "",
    }  # fmt: skip
    return render(request, "desk/absence.html", context, status=status)


def _context(request: HttpRequest, form: AbsenceForm, empties: list[Emptied]) -> dict[str, Any]:
    at, actor = clock.now(), request.actor
    rows = [(row, row.reason if may_read_reason(actor, row) else "", row.from_at <= at) for row in absences(at)[:SHOWN]]
    keys = {turn.user_id for one in empties for turn in one.instead}
    return {
        "at": at, "rows": rows, "form": form, "empties": empties,
        "people": User.objects.in_bulk(keys) if keys else {}, "me": actor.user_id,
    }  # fmt: skip


def _form(request: HttpRequest, at: Any) -> AbsenceForm:
    actor = request.actor
    me = User.objects.get(pk=actor.user_id)
    people = None if _may_choose(actor) else [me.pk]
    return AbsenceForm(request.POST or None, people=people, zones=[], initial={"user": me.uuid})


def _may_choose(actor: Actor) -> bool:
    return may_lead(actor) or actor.has_role("administrator")
