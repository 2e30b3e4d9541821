"""Hold and resume clocks around an approved suspension (T4, C-22)."""

from datetime import datetime

from escalation.locks import lock_timers
from escalation.models import Clock, Timer
from escalation.timers import close_segments, hours_of, is_overdue, open_segment, place, save_timers


def hold(clock: Clock, *, at: datetime, suspension_id: int | None) -> None:
    """Pause a running clock at `at`: pausable timers are held, what was already due still fires."""
    if clock.state != Clock.State.RUNNING:
        return
    timers = lock_timers(clock, "armed")
    close_segments([clock], at=at)
    clock.state, clock.running_since, clock.epoch = Clock.State.PAUSED, None, clock.epoch + 1
    clock.save(update_fields=["state", "running_since", "accrued_us", "epoch"])
    open_segment(clock, at=at, running=False, why="suspended", suspension_id=suspension_id)
    held = [timer for timer in timers if timer.rule.pausable and not is_overdue(timer, at)]
    for timer in held:
        timer.state, timer.due_at, timer.wake_at = Timer.State.HELD, None, None
    save_timers(held)


def go_on(clock: Clock, *, at: datetime) -> None:
    """Resume a paused clock at `at`: every held timer keeps exactly the clock time it had left (I15)."""
    if clock.state != Clock.State.PAUSED:
        return
    timers = lock_timers(clock, "held")
    close_segments([clock], at=at)
    clock.state, clock.running_since, clock.epoch = Clock.State.RUNNING, at, clock.epoch + 1
    clock.save(update_fields=["state", "running_since", "accrued_us", "epoch"])
    open_segment(clock, at=at, running=True, why="resumed")
    hours = hours_of(clock)
    save_timers(place(timer, clock, at=at, hours=hours) for timer in timers)
