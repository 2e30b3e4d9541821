"""Handover: the sheet that waits, one sheet, what is written, spoken and signed on it, its cases as CSV (A-05)."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from escalation.commands import handover_draft, handover_notes, handover_sign
from escalation.models import Handover, Shift
from escalation.rosters.rules import LEADS
from escalation.shifts.agenda import coming, known_shifts
from escalation.shifts.reading import current, read_sheet
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor import handover_forms as shapes
from servicedesk.supervisor.handover_csv import rows_of
from servicedesk.supervisor.handover_page import context_of
from servicedesk.web.access import staff_required, supervisor_required
from servicedesk.web.htmx import see_other

PAGE = "supervisor/handover/show.html"
SOON = timedelta(hours=24)
SAID = {
    "note": gettext_lazy("Note saved"), "part-note": gettext_lazy("Note saved"), "spoken": gettext_lazy("Marked"),
    "remark": gettext_lazy("Remark added"), "refresh": gettext_lazy("Drafted anew from live state"),
    "sign": gettext_lazy("Signed. The sheet stands as it is."), "accept": gettext_lazy("Accepted. The shift is yours."),
}  # fmt: skip


@require_safe
@staff_required
def now(request: HttpRequest) -> HttpResponse:
    """The sheet that waits for a signature, one's own first; else the last one, and which changes of shift come."""
    at = clock.now()
    handover = current(request.actor, at)
    if handover is not None and handover.is_open:
        return _page(request, handover, {})
    regions = request.actor.regions
    known = coming(at, at + SOON, known_shifts(request.actor))
    next_ones = [one for one in known if not regions or one.incoming.shift.region in regions]
    return render(
        request,
        "supervisor/handover/none.html",
        {"last": handover, "coming": next_ones[:8], "may": request.actor.has_role(*LEADS), "at": at},
    )


@require_safe
@staff_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One sheet, now or long ago."""
    return _page(request, _found(request, uuid), {})


@require_POST
@supervisor_required
def begin(request: HttpRequest) -> HttpResponse:
    """Draft the sheet of a change of shift ahead of its time."""
    form = shapes.OpenForm(request.POST)
    shift = (
        Shift.objects.visible_to(request.actor).filter(uuid=form.cleaned_data["shift"]).first()
        if form.is_valid()
        else None
    )
    if shift is None:
        raise Http404
    try:
        made = handover_draft.open_handover(
            shift_id=shift.pk, starts_at=form.cleaned_data["starts_at"], actor=request.actor, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return see_other(request, reverse("supervisor:handover"))
    return see_other(request, reverse("supervisor:handover-one", args=[made.uuid]))


@require_safe
@staff_required
def cases(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The lines of a sheet as CSV, in the reader's zone."""
    handover = _found(request, uuid)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="handover-{handover.starts_at:%Y%m%d-%H%M}.csv"'
    rows = rows_of(read_sheet(handover, request.actor), clock.now())
    csv.writer(response, quoting=csv.QUOTE_ALL).writerows(rows)
    return response


@require_POST
@supervisor_required
def act(request: HttpRequest, uuid: UUID, command: str) -> HttpResponse:
    """Run one command on a sheet: note, part-note, spoken, remark, refresh, sign, accept. 422 keeps what was typed."""
    handover = _found(request, uuid)
    if command not in ACTS:
        raise Http404
    shape, run = ACTS[command]
    form: Any = shape(request.POST, auto_id=f"id_{command}_%s")
    if form.is_valid():
        try:
            place = run(handover.pk, form.cleaned_data, {"actor": request.actor, "at": clock.now()})
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, SAID[command])
            return see_other(request, reverse("supervisor:handover-one", args=[uuid]) + place)
    return _page(request, handover, {command: form}, status=422)


def _note(pk: int, said: dict, who: dict) -> str:
    handover_notes.note_line(handover_id=pk, line=said["line"], text=said["text"], **who)
    return f"#l-{said['line']}"


def _part_note(pk: int, said: dict, who: dict) -> str:
    handover_notes.note_part(handover_id=pk, part=said["part"], text=said["text"], **who)
    return f"#{said['part']}"


def _spoken(pk: int, said: dict, who: dict) -> str:
    lines = [said["line"]] if said["line"] else []
    handover_notes.mark_spoken(handover_id=pk, lines=lines, **who)
    return f"#l-{lines[0]}" if lines else ""


def _remark(pk: int, said: dict, who: dict) -> str:
    handover_notes.remark(handover_id=pk, text=said["text"], **who)
    return "#remarks"


def _versioned(command: Callable[..., Any]) -> Callable[[int, dict, dict], str]:
    def run(pk: int, said: dict, who: dict) -> str:
        command(handover_id=pk, version=said["version"], **who)
        return ""

    return run


ACTS: dict[str, tuple[type[forms.Form], Callable[[int, dict, dict], str]]] = {
    "note": (shapes.NoteForm, _note), "part-note": (shapes.PartNoteForm, _part_note),
    "spoken": (shapes.SpokenForm, _spoken), "remark": (shapes.RemarkForm, _remark),
    "refresh": (shapes.SignForm, _versioned(handover_draft.refresh_handover)),
    "sign": (shapes.SignForm, _versioned(handover_sign.sign_handover)),
    "accept": (shapes.SignForm, _versioned(handover_sign.accept_handover)),
}  # fmt: skip


def _found(request: HttpRequest, uuid: UUID) -> Handover:
    rows = Handover.objects.visible_to(request.actor).select_related(
        "outgoing_shift", "incoming_shift", "outgoing", "incoming", "giver", "taker", "team", "previous"
    )
    return get_object_or_404(rows, uuid=uuid)


def _page(request: HttpRequest, handover: Handover, bad: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, PAGE, context_of(request, handover, clock.now(), bad), status=status)
