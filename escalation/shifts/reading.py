"""What of a sheet a reader may learn: a line on something is shown only to who may know of it (decisions 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from escalation.models import Handover, HandoverLine, HandoverPass, HandoverRemark, Part
from escalation.shifts.compare import Change
from ledger.actor import Actor
from tickets.models import Maintenance, MajorIncident, Ticket

OF: Mapping[str, Any] = {"major": MajorIncident, "window": Maintenance}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One sheet as its reader sees it. parts: (part, note, lines) in their order; changes and passes likewise cut."""

    handover: Handover
    parts: Sequence[tuple[Part, str, Sequence[HandoverLine]]]
    remarks: Sequence[HandoverRemark]
    changes: Sequence[Change]
    passes: Sequence[HandoverPass]

    @property
    def lines(self) -> list[HandoverLine]:
        """Every line, in order."""
        return [line for _part, _note, lines in self.parts for line in lines]

    @property
    def spoken(self) -> int:
        """How many were gone through."""
        return sum(line.spoken_at is not None for line in self.lines)

    @property
    def left(self) -> int:
        """How many were not."""
        return len(self.lines) - self.spoken


def seen_lines(handover: Handover, actor: Actor) -> list[HandoverLine]:
    """Return the lines of a sheet that `actor` may learn of. 1 query, one more for each kind that is no ticket."""
    visible = Ticket.objects.visible_to(actor).filter(pk=OuterRef("ticket"))
    rows = handover.lines.select_related("ticket", "escalation", "spoken_by").order_by("position")
    found = list(rows.filter(Q(ticket=None) | Exists(visible)))
    known = _known(
        [(line.facts.get("kind", ""), line.facts.get("number", "")) for line in found if not line.ticket_id], actor
    )
    return [line for line in found if line.facts.get("kind") not in OF or line.facts.get("number") in known]


def read_sheet(handover: Handover, actor: Actor) -> Sheet:
    """Return a sheet for a reader. At most 9 queries."""
    lines = seen_lines(handover, actor)
    keys = {line.pk for line in lines}
    remarks = [r for r in handover.remarks.select_related("by", "line") if r.line_id is None or r.line_id in keys]
    passes = list(handover.passes.select_related("ticket", "to").filter(Q(ticket=None) | _mine(actor)))
    return Sheet(
        handover=handover, remarks=remarks, passes=passes, changes=_changes(handover, lines, actor),
        parts=[(part, handover.notes.get(part, ""), [row for row in lines if row.part == part]) for part in Part],
    )  # fmt: skip


def current(actor: Actor, at: datetime) -> Handover | None:
    """Return the sheet somebody has to sign, one's own before others', the first to be due; else the last one kept. At
    most 2 queries."""
    rows = _named(Handover.objects.visible_to(actor))
    waiting = rows.filter(state__in=["draft", "signed"]).order_by("starts_at")
    found = list(waiting[:20])
    mine = [row for row in found if actor.user_id in {row.outgoing_id, row.incoming_id}]
    fresh = [row for row in mine or found if row.until > at]
    shown = fresh or found
    return shown[0] if shown else rows.order_by("-starts_at").first()


def past(
    actor: Actor,
    *,
    words: str = "",
    shift: str = "",
    state: str = "",
    person: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Handover]:
    """Return the sheets kept, latest first. words: in titles, notes and numbers of lines the reader may learn of, and
    in remarks; shift and person by public id; since, until: when the incoming shift began."""
    rows = _named(Handover.objects.visible_to(actor))
    if words:
        rows = rows.filter(
            Exists(_worded(words, actor)) | Q(remarks__line=None, remarks__text__icontains=words)
        ).distinct()
    if shift:
        rows = rows.filter(Q(outgoing_shift__uuid=shift) | Q(incoming_shift__uuid=shift))
    if person:
        rows = rows.filter(Q(giver__uuid=person) | Q(taker__uuid=person))
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(starts_at__gte=since) if since else rows
    return (rows.filter(starts_at__lt=until) if until else rows).order_by("-starts_at", "-pk")


def _worded(words: str, actor: Actor) -> QuerySet[HandoverLine]:
    """Lines with these words, of tickets the reader may see; of other things only risks without a number."""
    said = Q(title__icontains=words) | Q(note__icontains=words) | Q(ticket__number__iexact=words)
    visible = Ticket.objects.visible_to(actor).filter(pk=OuterRef("ticket"))
    mine = Exists(visible) | Q(ticket=None) & ~Q(facts__kind__in=list(OF))
    return HandoverLine.objects.filter(said & mine, handover=OuterRef("pk"))


def _named(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    return rows.select_related("outgoing_shift", "incoming_shift", "outgoing", "incoming", "giver", "taker", "team")


def _mine(actor: Actor) -> Any:
    return Exists(Ticket.objects.visible_to(actor).filter(pk=OuterRef("ticket")))


def _known(named: Sequence[tuple[str, str]], actor: Actor) -> set[str]:
    found: set[str] = set()
    for kind, model in OF.items():
        numbers = {number for word, number in named if word == kind}
        if numbers:
            found |= set(model.objects.visible_to(actor).filter(number__in=numbers).values_list("number", flat=True))
    return found


def _changes(handover: Handover, lines: Sequence[HandoverLine], actor: Actor) -> list[Change]:
    """What changed on lines the reader sees, and on tickets that are gone from the sheet and theirs to know of."""
    shown = {line.key for line in lines}
    gone = {said["number"] for said in handover.changes if said["key"] not in shown and said["what"] == "gone"}
    known = (
        set(Ticket.objects.visible_to(actor).filter(number__in=gone).values_list("number", flat=True))
        if gone
        else set()
    )
    return [said for said in handover.changes if said["key"] in shown or said["number"] in known]
