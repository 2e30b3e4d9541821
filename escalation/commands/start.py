"""Start clocks, many in three statements, in the transaction of the fact that causes it (T1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Organisation
from catalogue.models import Calendar
from escalation.commands.arm import timers_for
from escalation.locks import begin_live, keep_live
from escalation.models import Clock, PolicyVersion, Segment, Timer
from tickets.models import Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """One clock to start.

    started_at    the anchor; earlier than now when the ticket was received before it was logged. What is past then is
                  due now.
    anchors       rules anchored on one of these are armed with the clock. facts: what their conditions ask.
    ticket        None for a subject without one; `organisation`, `chain` and `people` then say whose it is.
    calendar      None = elapsed time.
    """

    version: PolicyVersion
    subject_kind: str
    subject_id: int
    started_at: datetime
    ticket: Ticket | None = None
    run_no: int = 1
    calendar: Calendar | None = None
    anchors: Collection[str] = frozenset({"start"})
    facts: Mapping[str, Any] = field(default_factory=dict)
    organisation: Organisation | None = None
    chain: str = ""
    people: Mapping[str, int] = field(default_factory=dict)


def start_clocks(starts: Sequence[Start], *, at: datetime) -> list[Clock]:
    """Start clocks and arm their rules side by side. 3 statements, none for nothing to start."""
    if not starts:
        return []
    clocks = Clock.objects.bulk_create([clock_of(start) for start in starts])
    Segment.objects.bulk_create(
        Segment(
            clock=clock, seq=1, from_at=clock.started_at, running=True, why="started", calendar_id=clock.calendar_id
        )
        for clock in clocks
    )
    made: list[Timer] = []
    for clock, start in zip(clocks, starts, strict=True):
        begin_live(clock)
        armed = timers_for(clock, anchors=start.anchors, anchor_at=start.started_at, at=at, facts=start.facts)
        keep_live(clock, armed)
        made += armed
    Timer.objects.bulk_create(made)
    return clocks


def clock_of(start: Start) -> Clock:
    """Return the unsaved clock of a start."""
    return Clock(
        subject_kind=start.subject_kind, subject_id=start.subject_id, ticket=start.ticket,
        organisation=None if start.ticket else start.organisation, chain="" if start.ticket else start.chain,
        people=dict(start.people), kind=start.version.policy.key, run_no=start.run_no, version=start.version,
        calendar=start.calendar, started_at=start.started_at, running_since=start.started_at,
    )  # fmt: skip
