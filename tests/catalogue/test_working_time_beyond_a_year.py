"""A clock on office hours may run for years (a real log holds a case silent for 722 days); it goes on counting."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalogue.hours import WorkingHours, after_working_time, working_time_between

OFFICE = WorkingHours(
    zone=ZoneInfo("Europe/Brussels"), weekly=tuple([((time(8), time(18)),)] * 5 + [(), ()]), closed=frozenset()
)
MONDAY = datetime(2010, 3, 29, 6, tzinfo=UTC)


@pytest.mark.rule("V-21")
@pytest.mark.parametrize("weeks", [1, 51, 53, 104, 160])
def test_so_many_weeks_of_working_time_end_so_many_weeks_later(weeks):
    due = after_working_time(MONDAY, timedelta(hours=50) * weeks, OFFICE)
    friday = (MONDAY + timedelta(weeks=weeks) - timedelta(days=3)).astimezone(OFFICE.zone)
    assert due.astimezone(OFFICE.zone) == friday.replace(hour=18)
    assert working_time_between(MONDAY, due, OFFICE) == timedelta(hours=50) * weeks
