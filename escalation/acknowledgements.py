"""What an acknowledgement does to a chain: by policy flag it is silent for a while, as long as there is progress.

It never stops a clock and never moves a deadline: only `wake_at` waits. F-2, T-4 and T-5 cannot be silenced.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from escalation.locks import lock_timers
from escalation.models import Clock, Timer
from escalation.timers import save_timers, wakes_at


def silence(clock: Clock, *, at: datetime) -> datetime | None:
    """Hold back the rules of a locked clock that allow it until `at` plus the version's `ack_silence_s`.

    Returns until when; None where the policy lets no acknowledgement silence it. What is due and could have fired by
    `at` still fires.
    """
    seconds = clock.version.ack_silence_s
    if seconds is None or clock.state == Clock.State.STOPPED:
        return None
    clock.silenced_until = until = at + timedelta(seconds=seconds)
    clock.save(update_fields=["silenced_until"])
    waiting = [timer for timer in lock_timers(clock, Timer.State.ARMED) if _waits(timer, at)]
    for timer in waiting:
        timer.wake_at = wakes_at(timer, timer.due_at or until)
    save_timers(waiting)
    return until


def keep_silent(clocks: Iterable[Clock], *, at: datetime) -> None:
    """Progress was made: a silence that still lasts begins anew."""
    for clock in clocks:
        if clock.silenced_until is not None and clock.silenced_until > at:
            silence(clock, at=at)


def _waits(timer: Timer, at: datetime) -> bool:
    return timer.rule.silenced_by_ack and timer.wake_at is not None and timer.wake_at > at
