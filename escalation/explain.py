"""Why a deadline is when it is: the event it counts from, what was counted, what was not and who agreed to that.

`explain` reads what the engine keeps and adds it up again; the sum of its parts is the rule's time exactly (I15).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from catalogue.hours import WorkingHours
from catalogue.models import Calendar
from escalation import arithmetic, policy
from escalation.models import Rule, Segment, Timer
from escalation.timers import day_hours, hours_of
from escalation.working import calendar_hours
from tickets.models import Suspension, SuspensionApproval

COUNTED, CLOSED, PAUSED, PASSED = "counted", "closed", "paused", "passed"
_MICRO = timedelta(microseconds=1)
_AT_START = {"start", "received"}
_DUE = {"due", "before_due"}
_TICKET_INSTANT = {"dispatched": "dispatched_at", "specialists_dispatched": "signed_at"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of real time and what it counted, microseconds of clock time.

    kind        counted, closed (outside the calendar's hours), paused (a suspension), passed (already due when armed).
    to_at       None = goes on.
    suspension  whose consent and approvals stopped the clock; None for other kinds, or where no suspension is named.
    """

    kind: str
    from_at: datetime
    to_at: datetime | None
    counted_us: int
    suspension: Suspension | None = None

    @property
    def counted(self) -> timedelta:
        """What the part counted."""
        return timedelta(microseconds=self.counted_us)

    @property
    def approvals(self) -> list[SuspensionApproval]:
        """Who approved the pause, each for a function."""
        return [one for one in self.suspension.approvals.all() if one.approved] if self.suspension else []

    @property
    def approvers(self) -> list[str]:
        """Who approved the pause, with their function, to read."""
        return [f"{one.person} ({one.shown})" for one in self.approvals]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Everything "why 14:35?" is answered with.

    counts_from  instant the rule's own time began. anchor: the event's key ("start", "dispatched", "again" for a
                 repeat or a progress note, "latest" where the rule's cap on the clock's start decides).
    wait_us      clock time the rule waits; `counted_us` of all parts adds up to it unless `late` or standing still.
    due_at       None while it stands still; then `left_us` is what remains.
    moved        a person moved it before it was due (C-10). late: it was past when it was armed.
    calendar     name, "" = any hour. days: working days it waits, 0 for a rule of seconds.
    policy, version, published_at: what it was promised by.
    """

    code: str
    label: str
    customer_label: str
    state: str
    anchor: str
    counts_from: datetime
    wait_us: int
    due_at: datetime | None
    left_us: int
    moved: bool
    late: bool
    calendar: str
    policy: str
    version: int
    published_at: datetime
    days: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def counted_us(self) -> int:
        """Clock time of all parts together, microseconds."""
        return sum(part.counted_us for part in self.parts)

    @property
    def wait(self) -> timedelta:
        """Clock time the rule waits."""
        return timedelta(microseconds=self.wait_us)

    @property
    def left(self) -> timedelta:
        """Clock time that remains when it goes on."""
        return timedelta(microseconds=self.left_us)


@dataclass(frozen=True, slots=True)
class _Stretch:
    from_at: datetime
    to_at: datetime
    running: bool
    before_us: int
    counted_us: int
    hours: WorkingHours | None
    suspension: Suspension | None
    open: bool


def explain(timer: Timer, at: datetime, *, segments: Sequence[Segment] | None = None) -> Explanation:
    """Return why `timer` (its clock, rule, version and policy loaded) is due when it is, seen at `at`. 3 queries.

    Pure reading: nothing is changed, and nothing is estimated where a row says it.

    segments  what `segments_of` its clock returned, for whoever explains several of its rules: no query then.
    """
    clock = timer.clock
    if timer.rule.unit == Rule.Unit.WORK_DAYS:
        return _in_days(timer)
    hours = hours_of(clock)
    wait_us, anchor, moved = _wait(timer)
    end = _end(timer, at)
    stretches = list(_stretches(segments_of(clock.pk) if segments is None else segments, hours, end))
    begin = _begin(timer, stretches, timer.at_us - wait_us, anchor)
    if not timer.rule.pausable:
        stretches = [_unbroken(begin, max(begin, end), hours)]
    parts = [part for stretch in stretches for part in _parts(stretch, begin, end)]
    late = timer.due_at is not None and timer.nominal_at < timer.due_at
    if late and timer.due_at is not None:
        parts = [*_cut(parts, timer.nominal_at), _passed(timer.nominal_at, timer.due_at)]
    held = timer.state == Timer.State.HELD
    left_us = max(timer.at_us - clock.accrued_us, 0) if held else 0
    calendar = "" if hours is None or clock.calendar is None else clock.calendar.name
    return _told(
        timer, _joined(parts), anchor=anchor, counts_from=begin, wait_us=wait_us, left_us=left_us, moved=moved,
        late=late, calendar=calendar,
    )  # fmt: skip


def _told(timer: Timer, parts: list[Part], **more: Any) -> Explanation:
    version = timer.clock.version
    return Explanation(
        code=timer.rule_code, label=timer.rule.label, customer_label=timer.rule.customer_label, state=timer.state,
        due_at=timer.due_at, policy=version.policy.name, version=version.n, published_at=version.published_at,
        parts=parts, **more,
    )  # fmt: skip


def _in_days(timer: Timer) -> Explanation:
    """Explain a rule of working days: which days count, which do not."""
    rule, clock = timer.rule, timer.clock
    hours = day_hours(clock, rule)
    begin = clock.started_at + timedelta(microseconds=timer.at_us)
    offsets = sorted(n // arithmetic.DAY_S for n in policy.offsets(rule.offset_s, rule.variants))
    days = next((n for n in offsets if _working_day(begin, n, hours, rule) == timer.nominal_at), offsets[0])
    calendar = rule.calendar or clock.calendar
    return _told(
        timer, list(_days(begin, timer.nominal_at, hours)), anchor=rule.anchor, counts_from=begin,
        wait_us=days * arithmetic.DAY_S * arithmetic.SECOND_US, left_us=0, moved=False,
        late=timer.due_at is not None and timer.nominal_at < timer.due_at, calendar=calendar.name if calendar else "",
        days=days,
    )  # fmt: skip


def _working_day(begin: datetime, days: int, hours: WorkingHours, rule: Rule) -> datetime:
    return arithmetic.working_day(begin, days, hours, end_of_day=rule.end_of_day)


def _days(begin: datetime, due: datetime, hours: WorkingHours) -> Iterator[Part]:
    """Yield one part for each local day after `begin` up to `due`: a working day counts a whole day, another none."""
    here = begin
    last = due.astimezone(hours.zone).date()
    day = begin.astimezone(hours.zone).date()
    while day < last:
        day += timedelta(days=1)
        to_at = due if day == last else datetime(day.year, day.month, day.day, tzinfo=hours.zone) + timedelta(days=1)
        counts = bool(hours.openings(day))
        counted = arithmetic.DAY_S * arithmetic.SECOND_US if counts else 0
        yield Part(kind=COUNTED if counts else CLOSED, from_at=here, to_at=to_at.astimezone(UTC), counted_us=counted)
        here = to_at.astimezone(UTC)


def _wait(timer: Timer) -> tuple[int, str, bool]:
    """Return the clock time this timer waits, what it counts from, and whether a person moved it."""
    rule, second = timer.rule, arithmetic.SECOND_US
    known = {offset * second for offset in policy.offsets(rule.offset_s, rule.variants)}
    if timer.promised is not None:
        return timer.at_us, rule.anchor, True
    if rule.latest_s is not None and timer.at_us == rule.latest_s * second:
        return timer.at_us, "latest", False
    if timer.occurrence > 1 and rule.repeat_s:
        return rule.repeat_s * second, "again", False
    if rule.anchor in _DUE:
        return timer.at_us, rule.anchor, False
    if rule.anchor in _AT_START:
        if (rule.repeat_s or rule.restart_on) and timer.at_us not in known:
            return (rule.repeat_s or rule.offset_s) * second, "again", False
        return timer.at_us, rule.anchor, timer.at_us not in known
    return rule.offset_s * second, rule.anchor, False


def _end(timer: Timer, at: datetime) -> datetime:
    if timer.due_at is not None:
        return min(timer.nominal_at, timer.due_at)
    return timer.cancelled_at or at


def segments_of(clock_id: int) -> list[Segment]:
    """Return the stretches of a clock in order, with calendars, suspensions and who approved them. 3 queries.

    Stretches on the same calendar share one object, so that its hours are read once.
    """
    rows = Segment.objects.filter(clock_id=clock_id).order_by("seq").select_related("suspension", "calendar")
    found = list(rows.prefetch_related("suspension__approvals__person"))
    calendars = {row.calendar_id: row.calendar for row in found}
    for row in found:
        row.calendar = calendars[row.calendar_id]
    return found


def _stretches(rows: Sequence[Segment], hours: WorkingHours | None, end: datetime) -> Iterator[_Stretch]:
    """Yield a clock's stretches up to `end`, each with what had been counted before it."""
    before = 0
    for row in rows:
        to_at = row.to_at or max(end, row.from_at)
        counted, kept = 0, hours
        if row.running and row.to_at is None:
            counted = arithmetic.counted_us(row.from_at, to_at, hours)
        elif row.running:
            counted, kept = row.counted_us, _hours(row.calendar)
        yield _Stretch(
            row.from_at, to_at, row.running, before, counted, kept, row.suspension, row.to_at is None,
        )  # fmt: skip
        before += counted


def _hours(calendar: Calendar | None) -> WorkingHours | None:
    return None if calendar is None or calendar.round_the_clock else calendar_hours(calendar)


def _unbroken(begin: datetime, end: datetime, hours: WorkingHours | None) -> _Stretch:
    """What a rule that no suspension holds waits through."""
    return _Stretch(begin, end, True, 0, arithmetic.counted_us(begin, end, hours), hours, None, False)


def _begin(timer: Timer, stretches: Sequence[_Stretch], base_us: int, anchor: str) -> datetime:
    """Return the instant at which the clock had counted `base_us`: of several, the event's own where it is known."""
    if base_us <= 0 or not stretches:
        return timer.clock.started_at
    first = last = timer.clock.started_at
    found = False
    for stretch in stretches:
        if not stretch.running or stretch.before_us + stretch.counted_us < base_us:
            continue
        if stretch.before_us > base_us:
            break
        reached = _reached(stretch, base_us)
        first = first if found else reached
        last, found = reached, True
    known = _said(timer, anchor)
    return known if known is not None and first <= known else max(first, last)


def _said(timer: Timer, anchor: str) -> datetime | None:
    """Return when the ticket says the anchor's event was; None where it keeps no such instant."""
    known = getattr(timer.clock.ticket, _TICKET_INSTANT.get(anchor, ""), None)
    return known if isinstance(known, datetime) else None


def _reached(stretch: _Stretch, base_us: int) -> datetime:
    left = base_us - stretch.before_us
    if left <= 0:
        return stretch.from_at
    reached = arithmetic.due_at(running_since=stretch.from_at, accrued_us=0, at_us=left, hours=stretch.hours)
    return min(reached, stretch.to_at)


def _parts(stretch: _Stretch, begin: datetime, end: datetime) -> Iterator[Part]:
    """Yield the parts of a stretch between `begin` and `end`."""
    start, stop = max(stretch.from_at, begin), min(stretch.to_at, end)
    if stop < start or (stop == start and not stretch.open):
        return
    if not stretch.running:
        yield Part(
            kind=PAUSED, from_at=start, to_at=None if stretch.open else stop, counted_us=0,
            suspension=stretch.suspension,
        )  # fmt: skip
    elif stretch.hours is None:
        yield Part(kind=COUNTED, from_at=start, to_at=stop, counted_us=(stop - start) // _MICRO)
    elif not stretch.open and arithmetic.counted_us(stretch.from_at, stretch.to_at, stretch.hours) != (
        stretch.counted_us
    ):
        yield Part(kind=COUNTED, from_at=stretch.from_at, to_at=stretch.to_at, counted_us=stretch.counted_us)
    else:
        yield from _by_hours(start, stop, stretch.hours)


def _by_hours(start: datetime, stop: datetime, hours: WorkingHours) -> Iterator[Part]:
    """Yield counted and closed parts of [start, stop] on a calendar."""
    here = start
    day = start.astimezone(hours.zone).date()
    while here < stop:
        for opens, closes in hours.openings(day):
            opens, closes = max(opens, here), min(closes, stop)
            if opens >= closes:
                continue
            if opens > here:
                yield Part(kind=CLOSED, from_at=here, to_at=opens, counted_us=0)
            yield Part(kind=COUNTED, from_at=opens, to_at=closes, counted_us=(closes - opens) // _MICRO)
            here = closes
        day += timedelta(days=1)
        if datetime(day.year, day.month, day.day, tzinfo=UTC) > stop + timedelta(days=2):
            break
    if here < stop:
        yield Part(kind=CLOSED, from_at=here, to_at=stop, counted_us=0)


def _passed(from_at: datetime, to_at: datetime) -> Part:
    return Part(kind=PASSED, from_at=from_at, to_at=to_at, counted_us=0)


def _cut(parts: Sequence[Part], end: datetime) -> list[Part]:
    return [part for part in parts if part.from_at <= end]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Join neighbours of one kind: a change of calendar or a restored clock need not show as a seam."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        same = last is not None and last.kind == part.kind and last.suspension == part.suspension
        if last is not None and same and last.to_at == part.from_at:
            joined[-1] = Part(
                kind=last.kind, from_at=last.from_at, to_at=part.to_at,
                counted_us=last.counted_us + part.counted_us, suspension=last.suspension,
            )  # fmt: skip
        else:
            joined.append(part)
    return joined
