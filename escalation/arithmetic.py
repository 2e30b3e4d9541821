"""Clock time: what a clock has counted, and when it will have counted enough. Pure: reads no clock and no table.

Everything is microseconds of clock time. `hours` None = elapsed time, any hour and date (I12).
"""

from datetime import datetime, timedelta

from catalogue.hours import WorkingHours, after_working_days, after_working_time, working_time_between

SECOND_US = 1_000_000
DAY_S = 86_400
_MICRO = timedelta(microseconds=1)


def counted_us(start: datetime, end: datetime, hours: WorkingHours | None) -> int:
    """Return the clock time in [start, end), microseconds; 0 when `end` is not after `start`."""
    if end <= start:
        return 0
    if hours is None:
        return (end - start) // _MICRO
    return working_time_between(start, end, hours) // _MICRO


def due_at(*, running_since: datetime, accrued_us: int, at_us: int, hours: WorkingHours | None) -> datetime:
    """Return the instant at which a clock running since `running_since` has counted `at_us`.

    accrued_us  counted before `running_since`.

    A deadline already behind `accrued_us` lies before `running_since` on elapsed time, and at it on a calendar.
    """
    left = at_us - accrued_us
    if hours is None:
        return running_since + timedelta(microseconds=left)
    if left <= 0:
        return running_since
    return after_working_time(running_since, timedelta(microseconds=left), hours)


def working_day(start: datetime, days: int, hours: WorkingHours, *, end_of_day: bool = False) -> datetime:
    """Return the instant `days` working days after `start`, in UTC; `start` itself for none.

    Same local wall time (skipped ones move forward, doubled ones mean the first), or with `end_of_day` the instant that
    day's last window closes. Raises Refused("never_open") for a calendar with too few working days.
    """
    if days == 0:
        return start
    return after_working_days(start, days, hours, end_of_day=end_of_day)


def missed(*, due: list[datetime], now: datetime) -> int:
    """Return how many of the ascending instants `due` are not after `now`."""
    return sum(1 for instant in due if instant <= now)
