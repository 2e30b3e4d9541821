"""The auditor's tables against the desk's own calendar arithmetic: two implementations, one answer."""

from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.hours import WorkingHours, after_working_days, after_working_time, is_working_day, working_time_between
from escalation.simulator.windows import FAR, Windows, instant, table, us

ZONES = [
    "UTC", "Europe/Brussels", "America/New_York", "Australia/Melbourne", "Australia/Lord_Howe", "Asia/Shanghai",
    "Asia/Kathmandu",
]  # fmt: skip
DAY, NIGHT, LATE = (time(9), time(17, 30)), (time(0, 15), time(3, 45)), (time(22), time())
WEEK = ((DAY,), (NIGHT, DAY), (DAY, LATE), (DAY,), (DAY,), (), (NIGHT, LATE))
CLOSED = {date(2026, 4, 6), date(2026, 12, 25)}
FIRST, LAST = date(2025, 12, 1), date(2027, 12, 31)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
TABLES = {zone: Windows(zone, WEEK, CLOSED, FIRST, LAST) for zone in ZONES}
HOURS = {zone: WorkingHours(zone=ZoneInfo(zone), weekly=WEEK, closed=frozenset(CLOSED)) for zone in ZONES}


@pytest.mark.invariant("I6")
@pytest.mark.parametrize("zone", ZONES)
@given(start=INSTANTS, budget=st.integers(1, 400 * 3600 * 1_000_000))
@settings(max_examples=60, deadline=None)
def test_both_add_working_time_alike(zone, start, budget):
    expected = after_working_time(start, timedelta(microseconds=budget), HOURS[zone])

    assert instant(TABLES[zone].add(us(start), budget)) == expected


@pytest.mark.parametrize("zone", ZONES)
@given(one=INSTANTS, other=INSTANTS)
@settings(max_examples=60, deadline=None)
def test_both_count_working_time_alike(zone, one, other):
    begin, end = min(one, other), max(one, other)
    expected = working_time_between(begin, end, HOURS[zone]) // timedelta(microseconds=1)

    assert TABLES[zone].between(us(begin), us(end)) == expected


@pytest.mark.parametrize("zone", ZONES)
@given(start=INSTANTS, days=st.integers(1, 12), end_of_day=st.booleans())
@settings(max_examples=60, deadline=None)
def test_both_count_working_days_alike(zone, start, days, end_of_day):
    expected = after_working_days(start, days, HOURS[zone], end_of_day=end_of_day)

    assert instant(TABLES[zone].after_days(us(start), days, end_of_day=end_of_day)) == expected


@pytest.mark.parametrize("zone", ZONES)
@given(at=INSTANTS)
@settings(max_examples=40, deadline=None)
def test_both_know_the_same_working_days_and_wall(zone, at):
    wall = TABLES[zone].zone.wall(us(at))

    assert wall == at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert (wall.toordinal() in TABLES[zone].open_days()) == is_working_day(at, HOURS[zone])
    assert table(zone).quick(us(at)) == at.astimezone(ZoneInfo(zone)).utcoffset() // timedelta(microseconds=1)


def test_a_due_time_costs_less_than_a_twentieth_of_a_millisecond():
    windows, start = TABLES["Europe/Brussels"], us(datetime(2026, 6, 1, tzinfo=UTC))
    began = process_time()
    for number in range(1000):
        windows.add(start, number * 60_000_000)

    assert process_time() - began < 0.05


def test_what_lies_beyond_the_table_is_never():
    assert TABLES["UTC"].add(us(datetime(2027, 12, 31, 23, tzinfo=UTC)), 10**13) == FAR
