"""One ticket's clocks over time: what fired, what waits, and who is called next if nobody acts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Prefetch

from escalation.models import Clock, Notification, Segment, Timer
from escalation.simulator.known import Known, known_between
from escalation.simulator.next_calls import Mark, Place, next_calls
from escalation.simulator.proof import Told, pages_of, people_of
from escalation.simulator.windows import Calendar, Windows, instant, us
from tickets.models import Suspension, SuspensionApproval, Ticket

LATE = timedelta(milliseconds=250)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a lane. kind: running, paused or closed (off hours). suspension: of a pause, with its approvals."""

    begin: datetime
    end: datetime
    kind: str
    suspension: Suspension | None = None

    @property
    def approvers(self) -> list[str]:
        """Who approved the pause, each with the function, to read."""
        if self.suspension is None:
            return []
        return [f"{one.person} ({one.shown})" for one in self.suspension.approvals.all() if one.approved]


@dataclass(slots=True)
class Lane:
    """One clock. name: its policy's, to be translated; number: where several have that name."""

    name: str
    number: int
    state: str = ""
    stretches: list[Stretch] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class Timeline:
    """A ticket from `first` to `last` around `now`."""

    ticket: Ticket
    first: datetime
    now: datetime
    last: datetime
    lanes: list[Lane] = field(default_factory=list)
    people: dict[str, list[Told]] = field(default_factory=dict)

    @property
    def planned(self) -> list[tuple[str, Mark]]:
        """What happens next if nobody acts, in order: (clock's policy, mark)."""
        ahead = ("planned", "armed")
        found = [(lane.name, m) for lane in self.lanes for m in lane.marks if m.state in ahead and m.at <= self.last]
        return sorted(found, key=lambda row: row[1].at)

    def called_by(self, at: datetime) -> list[str]:
        """Return who is called if nobody acts by then, each once, in the order they are called."""
        return list(dict.fromkeys(who for _clock, mark in self.planned if mark.at <= at for who in mark.people))

    @property
    def rows(self) -> list[tuple[str, Mark]]:
        """Every mark in order of time, for a table."""
        return sorted(
            ((lane.name, mark) for lane in self.lanes for mark in lane.marks), key=lambda row: (row[1].at, row[1].code)
        )

    @property
    def pauses(self) -> list[tuple[str, Stretch]]:
        """Every stretch that did not count, for a table."""
        found = [(lane.name, one) for lane in self.lanes for one in lane.stretches if one.kind != "running"]
        return sorted(found, key=lambda row: row[1].begin)

    @property
    def proof(self) -> list[tuple[str, Told]]:
        """Everything that people were told or did, in order of time, for a table."""
        return sorted(((name, one) for name, told in self.people.items() for one in told), key=lambda row: row[1].at)


def timeline(
    ticket: Ticket, *, now: datetime, ahead: timedelta, back: timedelta, known: Known | None = None
) -> Timeline:
    """Return the timeline from `now - back` (or the receipt, if later) to `now + ahead`.

    known  what is not the ticket's, from its receipt on; None = read it, 15 queries. Beside it 10, however many
           clocks, firings and people there are.
    """
    first = max(min(ticket.received_at, now), now - back)
    made = Timeline(ticket, first, now, now + ahead)
    known = known or known_between(min(ticket.received_at, now), made.last)
    future, pages = next_calls(ticket, now, made.last, known), pages_of(ticket)
    clocks, segments = _segments(ticket)
    marks = _marks(ticket, pages, first)
    names: dict[str, int] = defaultdict(int)
    for clock in clocks:
        name = clock.version.policy.name
        lane = Lane(name, names[name] + 1, clock.state)
        table = known.calendars.get(str(clock.calendar.uuid)) if clock.calendar else None
        lane.stretches = _stretches(segments[clock.pk], first, made.last, table)
        lane.marks = _together(marks[clock.pk], future.get(_place(clock), []))
        if lane.marks or any(stretch.end > now for stretch in lane.stretches):
            names[name] += 1
            made.lanes.append(lane)
    made.people = people_of(ticket, pages, first, now)
    return made


def _together(known: list[Mark], planned: list[Mark]) -> list[Mark]:
    """A timer that waits and its planned firing are one mark, with the people it would call."""
    people = {(one.code, one.occurrence): one.people for one in planned}
    armed = {(one.code, one.occurrence) for one in known if one.state == "armed"}
    ahead = [
        replace(one, people=people.get((one.code, one.occurrence), ())) if one.state == "armed" else one
        for one in known
    ]
    return ahead + [one for one in planned if (one.code, one.occurrence) not in armed]


def _place(clock: Clock) -> Place:
    return clock.subject_kind, clock.subject_id, clock.kind, clock.run_no


def _segments(ticket: Ticket) -> tuple[list[Clock], dict[int, list[Segment]]]:
    """Return the ticket's clocks, each with its stretches; every clock has one from its start on."""
    approvals = Prefetch("suspension__approvals", SuspensionApproval.objects.select_related("person").order_by("pk"))
    rows = Segment.objects.filter(clock__ticket=ticket).order_by("clock_id", "seq").prefetch_related(approvals)
    clocks: dict[int, Clock] = {}
    found: dict[int, list[Segment]] = defaultdict(list)
    for segment in rows.select_related("suspension", "clock__calendar", "clock__version__policy"):
        found[segment.clock_id].append(segment)
        clocks.setdefault(segment.clock_id, segment.clock)
    return list(clocks.values()), found


def _marks(ticket: Ticket, pages: Sequence[Notification], first: datetime) -> dict[int, list[Mark]]:
    rows = Timer.objects.filter(clock__ticket=ticket).select_related("rule", "firing").order_by("nominal_at", "pk")
    told: dict[int, dict[str, None]] = defaultdict(dict)
    for page in pages:
        if page.firing_id is not None and page.user is not None:
            told[page.firing_id][page.user.name] = None
    found: dict[int, list[Mark]] = defaultdict(list)
    for timer in rows:
        mark = _mark(timer, list(told[timer.pk]))
        if mark is not None and mark.at >= first:
            found[timer.clock_id].append(mark)
    return found


def _mark(timer: Timer, people: list[str]) -> Mark | None:
    said = (timer.rule_code, timer.rule.label, timer.occurrence)
    if timer.state == Timer.State.FIRED and hasattr(timer, "firing"):
        late = timer.firing.fired_at - timer.firing.due_at
        state = "late" if late > LATE else "fired"
        return Mark(timer.firing.fired_at, *said, state, f"{late.total_seconds():.1f}", people)
    if timer.state == Timer.State.CANCELLED and timer.cancelled_at:
        return Mark(timer.cancelled_at, *said, "cancelled")
    if timer.state == Timer.State.ARMED and timer.due_at:
        return Mark(timer.due_at, *said, "armed")
    return None


def _stretches(segments: Sequence[Segment], first: datetime, last: datetime, table: Calendar | None) -> list[Stretch]:
    found = []
    for segment in segments:
        begin, end = max(segment.from_at, first), min(segment.to_at or last, last)
        if end <= begin:
            continue
        found.append(Stretch(begin, end, "running" if segment.running else "paused", segment.suspension))
        if segment.running and isinstance(table, Windows):
            found += _closed(table, begin, end)
    return found


def _closed(table: Windows, begin: datetime, end: datetime) -> list[Stretch]:
    """The off hours of a calendar within a stretch."""
    found, at, over = [], us(begin), us(end)
    for opens, closes in zip(table.starts, table.ends, strict=True):
        if closes <= at:
            continue
        if opens >= over:
            break
        if opens > at:
            found.append(Stretch(instant(at), instant(opens), "closed"))
        at = closes
    if at < over:
        found.append(Stretch(instant(at), end, "closed"))
    return found
