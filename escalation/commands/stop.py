"""Stop rules and clocks by events (T3), and take a stop back (dispute, undone merge)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from escalation.commands.pause import hold
from escalation.locks import forget_live, lock_timers, stopped_timers
from escalation.models import Clock, Timer
from escalation.timers import arm, close_segments, end_or_moot, hours_of, open_segment, place, save_timers


def stop_rules(clocks: Sequence[Clock], *, event: str, at: datetime) -> list[Timer]:
    """End every timer of these clocks whose rule stops on `event`; return them. Due but unfired: moot firings."""
    timers = [t for clock in clocks for t in lock_timers(clock, "armed", "held") if event in t.rule.stop_on]
    return end_or_moot(timers, reason=event, at=at)


def stop_clocks(clocks: Iterable[Clock], *, reason: str, at: datetime) -> None:
    """Stop locked clocks and end all their timers. Stopping a stopped one changes nothing."""
    going = [clock for clock in clocks if clock.state != Clock.State.STOPPED]
    if not going:
        return
    end_or_moot((t for clock in going for t in lock_timers(clock, "armed", "held")), reason=reason, at=at)
    close_segments(going, at=at)
    for clock in going:
        clock.state, clock.running_since = Clock.State.STOPPED, None
        clock.stopped_at, clock.stop_reason = at, reason
    Clock.objects.bulk_update(going, ["state", "running_since", "accrued_us", "stopped_at", "stop_reason"])


def restore_clock(clock: Clock, *, at: datetime, suspended: bool = False) -> None:
    """Take a stop back: the time since counts, what passed meanwhile is due at once (decisions 15).

    Only timers ended by that stop come back; fired stays fired. suspended: the ticket is paused again, so is the clock.
    """
    if clock.state != Clock.State.STOPPED:
        return
    since, reason = clock.stopped_at or at, clock.stop_reason
    _go_on(clock, since=since, why="restored")
    ended = [t for t in stopped_timers(clock) if t.cancel_reason == reason and t.cancelled_at == since]
    hours = hours_of(clock)
    for timer in ended:
        timer.cancelled_at, timer.cancel_reason = None, ""
    held = [timer for timer in ended if timer.rule.pausable]
    others = [arm(timer, timer.nominal_at, at=at) for timer in ended if not timer.rule.pausable]
    save_timers([*(place(timer, clock, at=at, hours=hours) for timer in held), *others])
    forget_live(clock)
    if suspended:
        hold(clock, at=at, suspension_id=None)


def begin_again(clock: Clock, *, at: datetime) -> None:
    """Let a stopped clock count on from `at`, with nothing armed: the time between does not count (R-1, solved again).

    A clock that is not stopped changes nothing.
    """
    if clock.state == Clock.State.STOPPED:
        _go_on(clock, since=at, why="again")


def _go_on(clock: Clock, *, since: datetime, why: str) -> None:
    clock.state, clock.running_since = Clock.State.RUNNING, since
    clock.stopped_at, clock.stop_reason, clock.epoch = None, "", clock.epoch + 1
    clock.save(update_fields=["state", "running_since", "stopped_at", "stop_reason", "epoch"])
    open_segment(clock, at=since, running=True, why=why)
