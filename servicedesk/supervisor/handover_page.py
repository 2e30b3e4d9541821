"""What the page of one handover shows: lines in words, what the reader may do next and, if not, why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalation.models import Handover, HandoverLine, HandoverPass
from escalation.rosters.rules import LEADS
from escalation.shifts.live import FIGURES
from escalation.shifts.reading import Sheet, read_sheet
from ledger.actor import Actor
from servicedesk.supervisor import handover_words as words
from servicedesk.supervisor.handover_forms import NoteForm, PartNoteForm, RemarkForm, SignForm
from servicedesk.web.labels import rule_labels
from servicedesk.web.times import hm


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line in words. other_day: it is not due on the day of reading. form: to note on it, None where the sheet
    stands or the reader may not."""

    row: HandoverLine
    title: str
    link: str
    said: list[str]
    due: str
    other_day: bool
    state: str
    change: str
    form: NoteForm | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOf:
    """One of the four parts."""

    key: str
    name: str
    hint: str
    note: str
    lines: list[Line]
    spoken: int
    form: PartNoteForm | None


def context_of(request: HttpRequest, handover: Handover, at: datetime, bad: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's template needs; bad: a refused form by the command's name. At most 11 queries."""
    sheet, actor = read_sheet(handover, request.actor), request.actor
    may = actor.is_staff and actor.has_role(*LEADS)
    writing = may and handover.state == Handover.State.DRAFT
    told = {said["key"]: words.changed(said) for said in sheet.changes if said["what"] == "changed"}
    labels = rule_labels()
    parts = [
        PartOf(
            key=str(part), name=part.label, hint=words.hint(str(part)), note=note,
            lines=[_line(row, at, labels, told, writing, bad.get("note")) for row in rows],
            spoken=sum(row.spoken_at is not None for row in rows),
            form=_part_form(str(part), note, bad.get("part-note")) if writing else None,
        )
        for part, note, rows in sheet.parts
    ]  # fmt: skip
    return {
        "handover": handover, "sheet": sheet, "parts": parts, "at": at, "may": may, "writing": writing,
        "figures": _figures(handover), "zone": timezone.get_current_timezone_name(), "zones": zones_of(handover),
        "weekend": by_entitlement(handover), "step": step_of(sheet, actor),
        "gone": [(said, words.changed(said)) for said in sheet.changes if said["what"] == "gone"],
        "fresh": sum(said["what"] == "new" for said in sheet.changes),
        "differ": sum(said["what"] == "changed" for said in sheet.changes),
        "passed": [(row, _passed(row)) for row in sheet.passes],
        "remark_form": bad.get("remark") or RemarkForm(auto_id="id_remark_%s"),
        "sign_form": bad.get("sign") or bad.get("accept") or bad.get("refresh")
        or SignForm(initial={"version": handover.version}),
    }  # fmt: skip


def step_of(sheet: Sheet, actor: Actor) -> dict[str, str]:
    """Return the next command on the sheet for this reader: {"act", "text", "off", "lead"}; off: why not, "" = now."""
    handover = sheet.handover
    if not (actor.is_staff and actor.has_role(*LEADS)) or not handover.is_open:
        return {}
    if handover.state == Handover.State.DRAFT:
        mine = handover.outgoing_id in {None, actor.user_id}
        lead = _("Signing fixes the sheet; what follows is a remark.")
        if not mine and handover.outgoing:
            lead = _("You sign in the place of %(name)s; the signature bears your name.") % {"name": handover.outgoing}
        return {"act": "sign", "text": _("Sign as outgoing"), "off": "", "lead": lead}
    off = ""
    if handover.giver_id == actor.user_id:
        off = _("You gave this handover. Another person accepts it.")
    elif sheet.left:
        off = ngettext("%(n)d line is not gone through yet.", "%(n)d lines are not gone through yet.", sheet.left)
        off %= {"n": sheet.left}
    lead = _("Accepting makes you the manager of the shift; promises and acknowledgements come to you.")
    return {"act": "accept", "text": _("Accept handover"), "off": off, "lead": lead}


def _line(
    row: HandoverLine, at: datetime, labels: dict[str, str], told: dict[str, str], writing: bool, bad: Any
) -> Line:
    form = None
    if writing:
        form = bad if bad is not None and bad.data.get("line") == str(row.uuid) else NoteForm(
            initial={"line": row.uuid, "text": row.note}, auto_id=f"id_{row.uuid}_%s"
        )  # fmt: skip
    return Line(
        row=row, title=words.title(row), link=words.link(row), said=words.sentences(row, at), form=form,
        due=words.due_word(row, labels), other_day=_other_day(row.due_at, at), state=words.due_state(row, at),
        change=told.get(row.key, ""),
    )  # fmt: skip


def _other_day(due: datetime | None, at: datetime) -> bool:
    return due is not None and timezone.localtime(due).date() != timezone.localtime(at).date()


def zones_of(handover: Handover) -> str:
    """Return what the reader's zone is called at the times of the sheet: "IST, GMT" where the clocks change between."""
    times = (handover.drafted_at, handover.ends_at, handover.starts_at, handover.until)
    return ", ".join(dict.fromkeys(str(timezone.localtime(at).tzname()) for at in sorted(times)))


def by_entitlement(handover: Handover) -> bool:
    """Whether the incoming shift begins on a weekend it works by entitlement."""
    shift = handover.incoming_shift
    begins = handover.starts_at.astimezone(ZoneInfo(shift.time_zone))
    return shift.entitled_weekend and begins.weekday() >= 5


def _part_form(part: str, note: str, bad: Any) -> PartNoteForm:
    if bad is not None and bad.data.get("part") == part:
        return bad
    return PartNoteForm(initial={"part": part, "text": note}, auto_id=f"id_{part}_%s")


def _figures(handover: Handover) -> list[dict[str, Any]]:
    names = {
        "open": _("Open"), "urgent": _("P1 and P2"), "due": _("Due before %(time)s") % {"time": hm(handover.until)},
        "escalations": _("Escalations"), "calls": _("Unfinished calls"),
    }  # fmt: skip
    return [{"label": names[name], "value": handover.figures.get(name)} for name in FIGURES]


def _passed(row: HandoverPass) -> str:
    kind = HandoverPass.Kind
    if row.to is None:
        return _("Acknowledgement ended, as nobody accepted")
    said = {kind.PROMISE: _("Promise to %(name)s"), kind.ACKNOWLEDGEMENT: _("Acknowledgement to %(name)s"),
            kind.ESCALATION: _("Escalation to %(name)s")}  # fmt: skip
    return said[kind(row.kind)] % {"name": row.to.name}
