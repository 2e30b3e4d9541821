"""What stands on a sheet: the four parts of A-05, read from live state for one region or team.

Restricted tickets are on no sheet: who needs to know of them is named on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from escalation.models import Escalation, Part
from escalation.shifts.beside import Beside, beside
from escalation.shifts.pattern import Change
from escalation.shifts.risks import risks
from tickets.models import Interaction, MajorIncident, Ticket
from tickets.words import TIERS, WORKING, State

NEWS = timedelta(minutes=30)
MOST = 200
WORKED = [*WORKING, State.TRIAGE]
FIGURES = ("open", "urgent", "due", "escalations", "calls")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One line to be. `facts` is JSON-able; `due_code` as on `HandoverLine`."""

    part: str
    key: str
    title: str
    ticket: Ticket | None = None
    escalation: Escalation | None = None
    due_at: datetime | None = None
    due_code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """The lines in their order and the figures above them, by the words of `FIGURES`."""

    lines: Sequence[Found]
    figures: dict[str, int]


def live(change: Change, *, at: datetime) -> Live:
    """Return what the sheet of a change of shift says at `at`. At most 25 queries, however many tickets."""
    base = cases(change)
    until = change.incoming.end
    hot = list(_hot(base, at)[:MOST])
    top = list(_top(base)[:MOST])
    taken = {ticket.pk for ticket in [*hot, *top]}
    active = list(_active(base, until).exclude(pk__in=taken)[:MOST])
    known = beside([*hot, *top, *active], at)
    lines = [
        *(_line(Part.HOT, ticket, known, at) for ticket in hot),
        *(_line(Part.ACTIVE, ticket, known, at) for ticket in active),
        *(_line(Part.TOP, ticket, known, at) for ticket in top),
    ]
    calls = unfinished()
    risky = [Found(part=Part.RISK, **risk) for risk in risks(change, base, calls=calls, at=at)]
    return Live(lines=[*_majors(change), *_ordered(lines), *risky], figures=_figures(base, until, calls))


def cases(change: Change) -> QuerySet[Ticket]:
    """Return the open tickets of the region or team of a change, without restricted ones."""
    shift = change.incoming.shift
    rows = Ticket.objects.open().filter(restricted=False)
    if shift.region:
        rows = rows.filter(organisation__region=shift.region)
    return rows.filter(team_id=shift.team_id) if shift.team_id else rows


def unfinished() -> int:
    """Return how many calls ended with neither ticket nor disposition (P-01). 1 query."""
    ended = Interaction.objects.filter(channel="call", direction="in", ticket=None, disposition="")
    return ended.filter(ended_at__isnull=False).count()


def _majors(change: Change) -> list[Found]:
    """Major incidents that run: they stand first (V-19)."""
    region = change.incoming.shift.region
    rows = MajorIncident.objects.running().select_related("commander").order_by("severity", "declared_at")
    rows = rows.filter(region__in=["", region]) if region else rows
    return [
        Found(
            part=Part.HOT, key=f"major:{row.number}", title=row.title, due_at=row.next_update_at, due_code="update",
            facts={"kind": "major", "number": row.number, "of": str(row.uuid), "severity": row.severity,
                   "phase": row.phase, "commander": row.commander.name},
        )
        for row in rows[:20]
    ]  # fmt: skip


def _hot(base: QuerySet[Ticket], at: datetime) -> QuerySet[Ticket]:
    """Escalated, P1 or critical, or a P1 or P2 whose customer waits for news (X-06)."""
    heard = Coalesce(Greatest("last_public_at", "contacted_at"), "received_at")  # nulls are passed over
    escalated = Escalation.objects.filter(closed_at=None).values("ticket_id")
    silent = Q(priority__in=["P1", "P2"], state__in=TIERS, heard_at__lte=at - NEWS)
    grave = Q(state__in=WORKED) & (Q(priority="P1") | Q(critical=True))
    rows = base.annotate(heard_at=heard).filter(Q(pk__in=escalated) | grave | silent)
    return _read(rows)


def _top(base: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """L3's tickets on which a time was promised, to a customer or for a step (A-05)."""
    said = Q(commitments__state="open") | Q(work_items__state="open", work_items__due_at__isnull=False)
    rows = base.filter(tier="l3", state__in=WORKING).filter(pk__in=base.filter(said).values("pk"))
    return _read(rows)


def _active(base: QuerySet[Ticket], until: datetime) -> QuerySet[Ticket]:
    """Due in the coming shift, or waiting for a customer's answer."""
    due = Q(state__in=WORKED, next_due_at__lt=until)
    promised = Q(pk__in=base.filter(commitments__state="open", commitments__due_at__lt=until).values("pk"))
    resumes = Q(pk__in=base.filter(suspensions__state="approved", suspensions__until__lt=until).values("pk"))
    return _read(base.filter(due | promised | resumes | Q(state=State.CLOSURE)))


def _read(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    ordered = rows.order_by("priority", F("next_due_at").asc(nulls_last=True), "pk")
    return ordered.select_related("organisation", "owner", "team")


def _line(part: Part, ticket: Ticket, known: Beside, at: datetime) -> Found:
    promised = known.promises.get(ticket.pk)
    due = known.first_due(ticket, part == Part.TOP)
    facts: dict[str, Any] = {
        "number": ticket.number, "organisation": ticket.organisation.name if ticket.organisation else "",
        "priority": ticket.priority, "state": ticket.state, "tier": ticket.tier, "critical": ticket.critical,
        "team": ticket.team.name if ticket.team else "", "owner": ticket.owner.name if ticket.owner else "",
        "heard_at": _iso(max(filter(None, [ticket.last_public_at, ticket.contacted_at]), default=None)),
        "covered": ticket.organisation_id is None or ticket.organisation_id in known.covered,
    }  # fmt: skip
    if promised is not None:
        facts["promise"] = {"kind": promised.kind, "text": promised.text, "due_at": _iso(promised.due_at),
                            "by": promised.made_by.name if promised.made_by else ""}  # fmt: skip
    escalation = known.escalations.get(ticket.pk)
    if escalation is not None:
        facts["escalation"] = {
            "stage": escalation.stage, "since": _iso(escalation.requested_at),
            "contacted": escalation.contacted_at is not None, "planned": escalation.plan_agreed_at is not None,
            "unconfirmed": known.unconfirmed.get(escalation.pk, []),
        }  # fmt: skip
    pause = known.pauses.get(ticket.pk)
    if pause is not None:
        facts["suspended_until"] = _iso(pause)
    return Found(
        part=part, key=f"{'top' if part == Part.TOP else 'ticket'}:{ticket.number}", title=ticket.title, ticket=ticket,
        escalation=escalation, due_at=due[0], due_code=due[1], facts=facts,
    )  # fmt: skip


def _ordered(lines: Sequence[Found]) -> list[Found]:
    """The most urgent of each part first: by priority, then by what falls due."""
    order = {part: number for number, part in enumerate(Part)}

    def first(line: Found) -> tuple[Any, ...]:
        due = line.due_at
        return order[Part(line.part)], line.facts["priority"], due is None, due or 0, line.key

    return sorted(lines, key=first)


def _figures(base: QuerySet[Ticket], until: datetime, calls: int) -> dict[str, int]:
    escalated = Escalation.objects.filter(closed_at=None, ticket__in=base).count()
    return {
        "open": base.count(), "urgent": base.filter(priority__in=["P1", "P2"]).count(),
        "due": base.filter(next_due_at__lt=until).count(), "escalations": escalated, "calls": calls,
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
