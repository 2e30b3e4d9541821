"""Every clock of a run and its limit: what was used, kept or missed. Frozen with the filed report."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from escalation import arithmetic
from escalation.models import Clock, Segment, Timer
from escalation.queries import NOT_MET
from escalation.working import calendar_hours
from quality.reports.runs import Run, first_times
from tickets.models import Ticket

REPORT = "fault_report"
SECOND = arithmetic.SECOND_US
DONE_BY = {
    "signed_for": "ticket.signed_for", "contact_recorded": "ticket.contact_recorded", "resolved": "ticket.resolved",
    "acknowledged": "ticket.acknowledged", "verified": "ticket.verified", "reviewed": "escalation.reviewed",
    "customer_contacted": "escalation.customer_contacted", "plan_agreed": "escalation.plan_agreed",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One limit. label, customer_label: the policy's words, English; customer_label empty = not for customers.

    limit_s  seconds of clock time allowed. used_s: of it used, None where it cannot be said in one figure.
    moot     what it asked for never happened: the solution came first, in time.
    times    how often it was missed (a repeated one can be missed more than once); 0 = kept.
    """

    code: str
    label: str
    customer_label: str
    limit_s: int
    used_s: int | None
    times: int
    moot: bool = False

    @property
    def kept(self) -> bool:
        return self.times == 0

    @property
    def share(self) -> float:
        """Used of the limit, 0 to 1; 1 for what cannot be said."""
        return min(self.used_s / self.limit_s, 1.0) if self.used_s is not None and self.limit_s else 1.0

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return asdict(self)


def from_json(row: dict[str, Any]) -> Line:
    """Return a frozen line."""
    return Line(**row)


def lines(ticket: Ticket, run: Run) -> list[Line]:
    """Return each limit that counted in the run and was kept or missed, in the order of the policies. 3 queries.

    A limit that was taken back (dispatched anew, no longer applying) is neither.
    """
    own = Q(clock__subject_kind="ticket", clock__run_no=run.number)
    formal = Q(clock__subject_kind="escalation", clock__started_at__gte=run.since)
    rows = Timer.objects.filter(own | formal, clock__ticket=ticket, rule__breach=True).exclude(clock__kind=REPORT)
    by_rule: dict[tuple[int, str], list[Timer]] = defaultdict(list)
    for timer in rows.select_related("rule", "clock__calendar").order_by("clock_id", "rule__position", "occurrence"):
        by_rule[timer.clock_id, timer.rule_code].append(timer)
    segments = _segments(by_rule)
    done = first_times(ticket, run)
    found = [_line(timers, segments[key[0]], done) for key, timers in by_rule.items()]
    return [line for line in found if line is not None]


def report_due(ticket: Ticket, run_no: int) -> datetime | None:
    """Return by when the run's report has to be filed (R-1D), None where no clock counts. 1 query."""
    rows = Timer.objects.filter(clock__ticket=ticket, clock__subject_kind="ticket", clock__kind=REPORT)
    rows = rows.filter(clock__run_no=run_no, rule__breach=True).exclude(cancel_reason__in=NOT_MET)
    return rows.order_by("-pk").values_list("nominal_at", flat=True).first()


def _segments(keys: Iterable[tuple[int, str]]) -> dict[int, list[Segment]]:
    found: dict[int, list[Segment]] = defaultdict(list)
    rows = Segment.objects.filter(clock_id__in={key[0] for key in keys}, running=True).select_related("calendar")
    for row in rows.order_by("clock_id", "seq"):
        found[row.clock_id].append(row)
    return found


def _line(timers: list[Timer], segments: list[Segment], done: dict[str, datetime]) -> Line | None:
    ended = [t for t in timers if t.state == Timer.State.CANCELLED and t.cancel_reason not in NOT_MET]
    fired = [t for t in timers if t.state == Timer.State.FIRED]
    if not fired and not ended:
        return None
    last = (fired or ended)[0]
    rule = last.rule
    limit = _limit(last)
    own = DONE_BY.get(rule.stop_on[0]) if rule.stop_on else None
    moot = not fired and own is not None and own not in done
    return Line(
        code=last.rule_code, label=rule.label, customer_label=rule.customer_label, limit_s=limit, moot=moot,
        used_s=None if moot else _used(last, limit, segments, done), times=len(fired),
    )  # fmt: skip


def _limit(timer: Timer) -> int:
    rule = timer.rule
    if timer.occurrence > 1 and rule.repeat_s:
        return rule.repeat_s
    if rule.variants and rule.anchor in {"start", "received"}:
        return timer.at_us // SECOND
    return rule.offset_s


def _used(timer: Timer, limit_s: int, segments: list[Segment], done: dict[str, datetime]) -> int | None:
    """Clock time from the anchor to what it waited for: pauses do not count."""
    if timer.rule.repeat_s or timer.rule.unit != "s":
        return None
    at = timer.cancelled_at
    if timer.state == Timer.State.FIRED:
        names = [DONE_BY[event] for event in timer.rule.stop_on if event in DONE_BY]
        at = min((done[name] for name in names if name in done), default=None)
    if at is None:
        return None
    return max(limit_s + (_counted(timer.clock, segments, at) - timer.at_us) // SECOND, 0)


def _counted(clock: Clock, segments: list[Segment], at: datetime) -> int:
    """Clock time counted up to `at`, microseconds."""
    total = 0
    for segment in segments:
        end = min(segment.to_at or at, at)
        hours = None
        calendar = segment.calendar or clock.calendar
        if calendar is not None and not calendar.round_the_clock:
            hours = calendar_hours(calendar)
        total += arithmetic.counted_us(segment.from_at, end, hours)
    return total
