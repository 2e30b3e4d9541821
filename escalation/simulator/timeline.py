"""One ticket's clocks over time: what fired, what waits, and who is called next if nobody acts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from accounts.models import User
from escalation.models import Clock, Escalation, Notification, Policy, Rule, Segment, Timer
from escalation.simulator.history import calendars_between, rosters_between, stories, versions_of
from escalation.simulator.plan import plan_together
from escalation.simulator.shapes import Firing
from escalation.simulator.windows import Calendar, Windows, instant, us
from tickets.models import Ticket

LATE = timedelta(milliseconds=250)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a lane. kind: running, paused or closed (off hours). why: who approved a pause, in words."""

    begin: datetime
    end: datetime
    kind: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One occurrence of one rule. state: armed, fired, late, cancelled or planned (if nobody acts)."""

    at: datetime
    code: str
    label: str
    occurrence: int
    state: str
    late_s: str = ""
    people: Sequence[str] = ()


@dataclass(slots=True)
class Lane:
    """One clock. name: its policy's, to be translated; number: of its run where there are several."""

    name: str
    number: int
    stretches: list[Stretch] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """One page of one person. state: of the notification."""

    at: datetime
    code: str
    state: str
    channel: str


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

    @property
    def rows(self) -> list[tuple[str, Mark]]:
        """Every mark in order of time, for a table."""
        return sorted(
            ((lane.name, mark) for lane in self.lanes for mark in lane.marks), key=lambda row: (row[1].at, row[1].code)
        )


def timeline(ticket: Ticket, *, now: datetime, ahead: timedelta, back: timedelta) -> Timeline:
    """Return the timeline from `now - back` (or the receipt, if later) to `now + ahead`. About 25 queries."""
    first = max(ticket.received_at, now - back)
    made = Timeline(ticket, first, now, now + ahead)
    calendars = calendars_between(ticket.received_at, made.last)
    clocks = list(Clock.objects.filter(ticket=ticket).select_related("calendar", "version__policy").order_by("pk"))
    future = _future(ticket, now, made.last, calendars)
    segments: dict[int, list[Segment]] = defaultdict(list)
    for segment in Segment.objects.filter(clock__in=clocks).select_related("suspension").order_by("clock_id", "seq"):
        segments[segment.clock_id].append(segment)
    marks = _marks(clocks, first, now)
    for clock in clocks:
        lane = Lane(clock.version.policy.name, clock.run_no)
        table = calendars.get(str(clock.calendar.uuid)) if clock.calendar else None
        lane.stretches = _stretches(segments[clock.pk], first, made.last, table)
        lane.marks = _together(marks[clock.pk], future.get(_key(clock), []))
        if lane.marks or any(stretch.end > now for stretch in lane.stretches):
            made.lanes.append(lane)
    made.people = _told(ticket, first, now)
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


def _key(clock: Clock) -> tuple[str, int]:
    return clock.kind, clock.run_no if clock.subject_kind == "ticket" else -clock.subject_id


def _marks(clocks: Sequence[Clock], first: datetime, now: datetime) -> dict[int, list[Mark]]:
    rows = Timer.objects.filter(clock__in=clocks).select_related("rule", "firing").order_by("nominal_at", "pk")
    told: dict[int, list[str]] = defaultdict(list)
    pages = Notification.objects.filter(firing__clock__in=clocks, user__isnull=False).order_by("pk")
    for firing_id, name in pages.values_list("firing_id", "user__name"):
        if name not in told[firing_id]:
            told[firing_id].append(name)
    found: dict[int, list[Mark]] = defaultdict(list)
    for timer in rows:
        mark = _mark(timer, told[timer.pk])
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
        why = segment.suspension.reason_code if segment.suspension else ""
        found.append(Stretch(begin, end, "running" if segment.running else "paused", why))
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


def _future(
    ticket: Ticket, now: datetime, last: datetime, calendars: dict[str, Calendar]
) -> dict[tuple[str, int], list[Mark]]:
    """What fires after `now` if nobody acts, by clock."""
    names = {str(user.uuid): user.name for user in User.objects.filter(kind=User.Kind.STAFF)}
    rosters = rosters_between(ticket.received_at, last)
    keys = Policy.objects.filter(subject__in=["ticket", "escalation"], versions__isnull=False).distinct()
    policies = {policy.key: versions_of(policy.key) for policy in keys.order_by("pk")}
    labels = dict(Rule.objects.filter(version__policy__key__in=policies).values_list("code", "label"))
    ids = {str(uuid): pk for uuid, pk in Escalation.objects.filter(ticket=ticket).values_list("uuid", "pk")}
    found: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for _ticket, story in stories([ticket]):
        logs = [("ticket", 0, story.events), *(("escalation", -ids[u], log) for u, log in story.escalations.items())]
        for subject, number, events in logs:
            chosen = {key: versions for key, versions in policies.items() if versions[0].subject == subject}
            for key, fired in plan_together(chosen, events, rosters, calendars, us(last)).items():
                for one in (one for one in fired if one.fired > us(now)):
                    run = number or int(one.clock.rpartition("/")[2])
                    found[key, run].append(_planned(one, labels, names))
    return found


def _planned(one: Firing, labels: dict[str, str], names: dict[str, str]) -> Mark:
    people = [names.get(person, person) for person in one.people]
    return Mark(one.due_at, one.code, labels.get(one.code, ""), one.occurrence, "planned", "", people)


def _told(ticket: Ticket, first: datetime, now: datetime) -> dict[str, list[Told]]:
    rows = Notification.objects.filter(ticket=ticket, user__isnull=False, created_at__range=(first, now))
    found: dict[str, list[Told]] = defaultdict(list)
    columns = ("user__name", "created_at", "firing__rule_code", "state", "channel")
    for name, at, code, state, channel in rows.order_by("created_at", "pk").values_list(*columns):
        found[name].append(Told(at, code or "", state, channel))
    return dict(found)
