"""Read shapes of clocks and of the engine's health."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Func, Max, Min
from django.utils.translation import gettext as _

from escalation import arithmetic
from escalation.models import Alarm, Clock, Engine, Gap, Notification, Rule, Timer
from escalation.timers import hours_of, is_overdue
from ledger.clock import real_now
from tickets.models import Ticket

SOON = 0.75
LATE_S = 5
SHOWN = ("ticket", "escalation")  # promises and steps of plans have places of their own
LIVE = ("armed", "held")
ORDER = {"breached": 0, "soon": 1, "running": 2, "paused": 3, "fired": 4, "met": 5, "cancelled": 6}
NOT_MET = {"again", "redispatched", "no_longer_applies", "cancelled", "merged", "rejected", "disputed", "reopened"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockView:
    """One promise of a ticket as people see it.

    code     rule ("T-4"). label / customer_label: in the policy's words; customer_label empty = not for customers.
    state    running, soon, breached, fired (a page, no promise broken), met, paused or cancelled.
    due_at   None while paused.
    share    of its time used, 0 to 1.
    why      one sentence: what it waits for or how it ended.
    ended_at when what it waited for was done, in time or after it; None for every other clock.
    ends_on  the events that end it ("signed_for", "resolved"). clock: with `code` the name "why?" is asked by.
    """

    code: str
    label: str
    customer_label: str
    state: str
    due_at: datetime | None
    started_at: datetime
    share: float
    why: str
    occurrence: int
    times_fired: int
    ended_at: datetime | None = None
    ends_on: tuple[str, ...] = ()
    clock: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """How well the engine keeps time. Durations in seconds; `engines` maps id to age of its beat."""

    lag_s: float
    oldest_notification_s: float
    engines: dict[str, float]
    open_alarms: int
    gaps: int

    @property
    def ok(self) -> bool:
        """Whether nothing is more than LATE_S late."""
        return self.lag_s <= LATE_S


def clocks_of(ticket: Ticket, at: datetime) -> list[ClockView]:
    """Return the promises of the ticket's present run and of its formal escalations, most urgent first. 1 query."""
    rows = Timer.objects.filter(clock__ticket=ticket, clock__subject_kind__in=SHOWN)
    rows = rows.select_related("rule", "firing", "clock__calendar")
    by_rule: dict[tuple[int, str], list[Timer]] = defaultdict(list)
    for timer in rows.order_by("occurrence", "clock_id", "pk"):
        timer.clock.ticket = ticket
        if timer.clock.subject_kind != "ticket" or timer.clock.run_no == ticket.run_no:
            by_rule[timer.clock_id, timer.rule_code].append(timer)
    views = [_view(timers[0].clock, timers, at) for timers in by_rule.values()]
    return sorted(views, key=lambda view: (ORDER[view.state], view.due_at is None, view.due_at or at, view.code))


def answer_target(interaction_id: int) -> timedelta | None:
    """Return within which time a call was to be answered, by its clock; None where it never had one (C-07). 1 query."""
    rows = Timer.objects.filter(clock__subject_kind="interaction", clock__subject_id=interaction_id)
    found = rows.filter(rule__stop_on__contains=["answered"]).select_related("clock").order_by("pk").first()
    return timedelta(microseconds=found.at_us) if found else None


def lag(at: datetime) -> float:
    """Return by how many seconds the oldest timer that should have fired is late. 1 query."""
    due = Timer.objects.filter(state="armed", wake_at__lte=at).aggregate(first=Min("due_at"))["first"]
    return max((at - due).total_seconds(), 0.0) if due else 0.0


def health(at: datetime) -> Health:
    """Return the engine's health at `at` (the desk's time). 5 queries, each on an index."""
    now = real_now()
    waiting = Notification.objects.filter(state__in=["pending", "sending"], next_at__lte=now)
    oldest = waiting.aggregate(first=Min("next_at"))["first"]
    return Health(
        lag_s=lag(at),
        oldest_notification_s=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        engines={e.pk: (now - e.beat_at).total_seconds() for e in Engine.objects.order_by("-beat_at")[:10]},
        open_alarms=Alarm.objects.filter(settled_at=None).count(),
        gaps=Gap.objects.filter(to_at__gte=now - timedelta(days=1)).count(),
    )


def next_wake() -> datetime | None:
    """Return when the next armed timer wants to fire; None if none is armed. 1 index probe."""
    return Timer.objects.filter(state="armed").aggregate(first=Min("wake_at"))["first"]


def is_due() -> bool:
    """Return whether any armed timer is due now, by the database's clock. 1 index probe."""
    return Timer.objects.filter(state="armed", wake_at__lte=Func(function="desk_now")).exists()


def last_beat() -> datetime | None:
    """Return the machine time of the last beat of any engine."""
    return Engine.objects.aggregate(last=Max("beat_at"))["last"]


def _view(clock: Clock, timers: list[Timer], at: datetime) -> ClockView:
    timer = next((t for t in reversed(timers) if t.state in LIVE), timers[-1])
    fired = [t for t in timers if t.state == Timer.State.FIRED]
    share = _share(clock, timer, at)
    state = _state(clock, timer, share, at)
    late = _done_late(clock, timer) if state == "breached" else None
    done = timer.cancelled_at if state == "met" else late
    return ClockView(
        code=timer.rule_code, label=_(timer.rule.label), customer_label=_customer_label(timer), state=state,
        due_at=timer.due_at, started_at=clock.started_at, share=share,
        why=_("Done, after its time.") if late else _why(clock, timer, state, at),
        ended_at=done, ends_on=tuple(timer.rule.stop_on), clock=clock.uuid,
        occurrence=timer.occurrence, times_fired=len(fired),
    )  # fmt: skip


def _done_late(clock: Clock, timer: Timer) -> datetime | None:
    """When what a fired rule waited for was done after all, None while it is still owed."""
    ticket = clock.ticket
    if timer.state != Timer.State.FIRED or ticket is None:
        return None
    done = {"signed_for": ticket.signed_at, "contact_recorded": ticket.contacted_at}
    times = [at for event in timer.rule.stop_on if (at := done.get(event)) is not None and at >= clock.started_at]
    return min(times, default=None)


def _customer_label(timer: Timer) -> str:
    return _(timer.rule.customer_label) if timer.rule.customer_label else ""


def _share(clock: Clock, timer: Timer, at: datetime) -> float:
    """Share of the rule's own wait that has passed, on the clock; of working days, on the wall."""
    if timer.rule.unit == Rule.Unit.WORK_DAYS and timer.due_at is not None:
        anchor = clock.started_at + timedelta(microseconds=timer.at_us)
        wait = max(timer.due_at - anchor, timedelta(microseconds=1))
        return round(min(max((at - anchor) / wait, 0.0), 1.0), 4) if timer.state == Timer.State.ARMED else 1.0
    if timer.state == Timer.State.HELD:
        counted = clock.accrued_us
    elif timer.due_at is None or timer.state != Timer.State.ARMED:
        return 1.0
    else:
        counted = timer.at_us - arithmetic.counted_us(at, timer.due_at, hours_of(clock))
    seconds = (timer.rule.repeat_s if timer.occurrence > 1 and timer.rule.repeat_s else 0) or timer.rule.offset_s
    wait_us = max(seconds, 1) * arithmetic.SECOND_US
    return round(min(max(1 - (timer.at_us - counted) / wait_us, 0.0), 1.0), 4)


def _state(clock: Clock, timer: Timer, share: float, at: datetime) -> str:
    if timer.state == Timer.State.HELD:
        return "paused"
    if timer.state == Timer.State.CANCELLED:
        return "cancelled" if timer.cancel_reason in NOT_MET else "met"
    if timer.state == Timer.State.FIRED:
        return "breached" if timer.rule.breach else "fired"
    if is_overdue(timer, at):
        return "breached" if timer.rule.breach else "soon"
    return "soon" if share >= SOON else "running"


def _why(clock: Clock, timer: Timer, state: str, at: datetime) -> str:
    if state == "paused":
        return _("Paused with an approved suspension.")
    if state == "met":
        return _("Done in time.")
    if state == "cancelled":
        return _("No longer applies.")
    if timer.state == Timer.State.FIRED:
        return _("Fired at its time.") if state == "fired" else _("Its time passed.")
    if state == "breached":
        return _("Its time has passed; the engine is about to call.")
    if timer.rule.unit == Rule.Unit.WORK_DAYS:
        return _("Counts working days.")
    if clock.calendar is not None and not clock.calendar.round_the_clock:
        return _("Counts on the calendar “{calendar}”.").format(calendar=clock.calendar.name)
    return _("Counts at any hour.")
