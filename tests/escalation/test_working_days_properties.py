from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.hours import WorkingHours
from escalation import arithmetic
from escalation.working import weekdays

ZONES = [
    "UTC", "Australia/Melbourne", "Australia/Lord_Howe", "Europe/Brussels", "America/New_York", "America/Sao_Paulo",
    "Asia/Kathmandu",
]  # fmt: skip
MINUTE = timedelta(minutes=1)
WEEK = tuple(((time(8, 30), time(12)), (time(13), time(17))) if day < 5 else () for day in range(7))
YEAR_STARTS = datetime(2026, 1, 1, tzinfo=UTC)
STARTS = st.integers(0, 360 * 1440).map(lambda minute: YEAR_STARTS + minute * MINUTE)
HOLIDAYS = st.sets(st.integers(1, 365).map(lambda n: (YEAR_STARTS + timedelta(days=n)).date()), max_size=12)


def first_showing(day, wall, zone):
    """Walk the minutes of three days: the first whose wall shows `day` `wall` or later."""
    wanted = datetime.combine(day, wall)
    at = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=20)
    while at.astimezone(zone).replace(tzinfo=None) < wanted:
        at += MINUTE
    return at


def counted_on_the_wall(start, days, zone, holidays, *, weekend=(5, 6)):
    """The date `days` working days after `start`, counted one by one on a paper calendar."""
    day = start.astimezone(zone).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() not in weekend and day not in holidays
    return day


@pytest.mark.rule("C-26")
@given(start=STARTS, days=st.integers(1, 12), zone=st.sampled_from(ZONES), holidays=HOLIDAYS)
@settings(max_examples=250, deadline=None)
def test_working_days_keep_the_wall_time_over_weekends_holidays_and_clock_changes(start, days, zone, holidays):
    hours = WorkingHours(zone=ZoneInfo(zone), weekly=WEEK, closed=frozenset(holidays))

    due = arithmetic.working_day(start, days, hours)

    day = counted_on_the_wall(start, days, hours.zone, holidays)
    assert due == first_showing(day, start.astimezone(hours.zone).time(), hours.zone)


@given(start=STARTS, days=st.integers(1, 12), zone=st.sampled_from(ZONES), holidays=HOLIDAYS)
@settings(max_examples=120, deadline=None)
def test_the_end_of_the_day_is_when_its_last_window_closes(start, days, zone, holidays):
    hours = WorkingHours(zone=ZoneInfo(zone), weekly=WEEK, closed=frozenset(holidays))

    due = arithmetic.working_day(start, days, hours, end_of_day=True)

    assert due == first_showing(counted_on_the_wall(start, days, hours.zone, holidays), time(17), hours.zone)


@pytest.mark.parametrize(
    ("zone", "start", "due"),
    [
        ("Australia/Lord_Howe", "2026-10-02T02:15", "2026-10-05T02:15"),
        ("Australia/Lord_Howe", "2026-04-03T01:45", "2026-04-06T01:45"),
        ("Europe/Brussels", "2026-03-27T02:30", "2026-03-30T02:30"),
        ("America/New_York", "2026-10-30T01:30", "2026-11-02T01:30"),
    ],
)
def test_a_weekend_on_which_the_clocks_change_moves_no_wall_time(zone, start, due):
    said = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))

    found = arithmetic.working_day(said, 1, weekdays(zone))

    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("zone", "start", "due_utc"),
    [
        ("Australia/Lord_Howe", "2026-10-02T02:15", "2026-10-03T15:30"),  # 02:00 jumps to 02:30: forward
        ("Australia/Lord_Howe", "2026-04-03T01:45", "2026-04-04T14:45"),  # 01:45 comes twice: the first
        ("America/New_York", "2026-03-06T02:30", "2026-03-08T07:00"),  # 02:00 jumps to 03:00: forward
        ("America/New_York", "2026-10-30T01:30", "2026-11-01T05:30"),  # 01:30 comes twice: the first
    ],
)
def test_a_wall_time_skipped_moves_forward_and_one_shown_twice_means_the_first(zone, start, due_utc):
    sundays_too = WorkingHours(zone=ZoneInfo(zone), weekly=(*WEEK[:5], (), WEEK[0]))
    said = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))

    assert arithmetic.working_day(said, 1, sundays_too) == datetime.fromisoformat(due_utc).replace(tzinfo=UTC)


def test_no_working_day_is_the_anchor_itself(nine):
    assert arithmetic.working_day(nine, 0, weekdays("UTC")) == nine
