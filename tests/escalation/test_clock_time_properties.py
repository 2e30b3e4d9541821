from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.hours import WorkingHours
from escalation import arithmetic

ZONES = [
    "UTC", "Australia/Melbourne", "Australia/Lord_Howe", "Europe/Brussels", "America/New_York", "Asia/Shanghai",
    "Asia/Kathmandu",
]  # fmt: skip
MINUTE_US = 60 * arithmetic.SECOND_US
NINE_TO_FIVE = tuple(((time(9), time(17)),) if day < 5 else () for day in range(7))
YEAR_STARTS = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 364 * 96).map(lambda quarter: YEAR_STARTS + timedelta(minutes=15 * quarter))
PAUSES = st.lists(st.tuples(st.integers(1, 200), st.integers(1, 900)), max_size=4)


def open_at(instant, zone):
    """The calendar read off the wall, independent of the code under test."""
    local = instant.astimezone(zone)
    return local.weekday() < 5 and 9 <= local.hour < 17


def walked_due(start, pauses, minutes, zone):
    """Walk minute by minute: a minute counts when the clock is not paused (and the wall shows working hours)."""
    edges, at = [], start
    for running, paused in pauses:
        edges.append((at + timedelta(minutes=running), at + timedelta(minutes=running + paused)))
        at = edges[-1][1]
    at, counted = start, 0
    while counted < minutes:
        held = any(begin <= at < end for begin, end in edges)
        counted += not held and (zone is None or open_at(at, zone))
        at += timedelta(minutes=1)
    return at


def engines_due(start, pauses, minutes, hours):
    """Fold the same history as the engine does: accrue at each pause, go on from each resume."""
    accrued, since, at_us = 0, start, minutes * MINUTE_US
    for running, paused in pauses:
        due = arithmetic.due_at(running_since=since, accrued_us=accrued, at_us=at_us, hours=hours)
        pause_at = since + timedelta(minutes=running)
        if due <= pause_at:
            return due
        accrued += arithmetic.counted_us(since, pause_at, hours)
        since = pause_at + timedelta(minutes=paused)
    return arithmetic.due_at(running_since=since, accrued_us=accrued, at_us=at_us, hours=hours)


@pytest.mark.invariant("I6")
@pytest.mark.invariant("I12")
@given(start=INSTANTS, pauses=PAUSES, minutes=st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_elapsed_time_over_pauses_is_what_walking_finds(start, pauses, minutes):
    assert engines_due(start, pauses, minutes, None) == walked_due(start, pauses, minutes, None)


@pytest.mark.invariant("I6")
@pytest.mark.parametrize("name", ZONES)
@given(start=INSTANTS, pauses=PAUSES, minutes=st.integers(1, 700))
@settings(max_examples=25, deadline=None)
def test_working_time_over_pauses_is_what_walking_finds(name, start, pauses, minutes):
    zone = ZoneInfo(name)
    hours = WorkingHours(zone=zone, weekly=NINE_TO_FIVE)

    assert engines_due(start, pauses, minutes, hours) == walked_due(start, pauses, minutes, zone)


@pytest.mark.parametrize("name", ["Australia/Lord_Howe", "Europe/Brussels"])
def test_the_days_the_clocks_change_are_walked_too(name):
    zone = ZoneInfo(name)
    round_the_clock_days = tuple(((time.min, time.min),) for _ in range(7))
    hours = WorkingHours(zone=zone, weekly=round_the_clock_days, closed=frozenset({datetime(2026, 1, 1).date()}))

    for month, day in ((3, 28), (4, 4), (10, 3), (10, 24)):
        start = datetime(2026, month, day, 0, 0, tzinfo=UTC)
        due = arithmetic.due_at(running_since=start, accrued_us=0, at_us=2880 * MINUTE_US, hours=hours)
        assert due == start + timedelta(minutes=2880)


@given(start=INSTANTS, first=st.integers(0, 5000), second=st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_counting_in_two_stretches_is_counting_in_one(start, first, second):
    hours = WorkingHours(zone=ZoneInfo("Australia/Melbourne"), weekly=NINE_TO_FIVE)
    middle, end = start + timedelta(minutes=first), start + timedelta(minutes=first + second)

    parts = arithmetic.counted_us(start, middle, hours) + arithmetic.counted_us(middle, end, hours)

    assert parts == arithmetic.counted_us(start, end, hours)
