"""Which shift follows which and how long each lasts, on the days the clocks change (A-04)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.models import Shift
from escalation.shifts.pattern import changes, lanes, windows

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MELBOURNE, DUBLIN = "Australia/Melbourne", "Europe/Dublin"


def shift(name, starts, ends, zone, **fields):
    hours = {"starts": time.fromisoformat(starts), "ends": time.fromisoformat(ends)}
    return Shift(pk=len(name) * 100 + hours["starts"].hour, name=name, time_zone=zone, **hours, **fields)


@pytest.mark.rule("A-04")
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (DUBLIN, datetime(2026, 3, 28, tzinfo=UTC), 7),  # the clocks go forward in the night
        (DUBLIN, datetime(2026, 10, 24, tzinfo=UTC), 9),  # and back
        (MELBOURNE, datetime(2026, 10, 3, tzinfo=UTC), 7),
        (MELBOURNE, datetime(2026, 4, 4, tzinfo=UTC), 9),
        (DUBLIN, datetime(2026, 6, 16, tzinfo=UTC), 8),
    ],
)
def test_a_night_shift_is_as_long_as_the_night_really_was(zone, day, hours):
    night = shift("Night", "22:00", "06:00", zone)

    runs = windows(night, day, day + 2 * DAY)
    (run,) = [run for run in runs if run.begin.astimezone(ZoneInfo(zone)).day == day.day]

    assert run.end - run.begin == hours * HOUR
    assert run.end.astimezone(ZoneInfo(zone)).time() == time(6)


@pytest.mark.rule("A-05")
@pytest.mark.parametrize(
    ("day", "overlap"),
    [(date, timedelta(minutes=minutes)) for date, minutes in (
        (datetime(2026, 6, 16, tzinfo=UTC), 150),  # winter in Melbourne, summer in Dublin
        (datetime(2026, 1, 13, tzinfo=UTC), 30),  # and the other way round
        (datetime(2026, 3, 31, tzinfo=UTC), 90),  # both on summer time
    )],
)  # fmt: skip
def test_the_overlap_of_two_places_is_what_their_clocks_make_of_it(day, overlap):
    apac, emea = shift("APAC", "07:00", "17:30", MELBOURNE), shift("EMEA", "06:00", "14:30", DUBLIN)

    (change,) = [one for one in changes([apac, emea], day, day + DAY) if one.incoming.shift is emea]

    assert change.outgoing.shift is apac
    assert change.outgoing.end - change.incoming.begin == overlap


@pytest.mark.rule("A-04")
def test_after_friday_comes_monday_and_the_sheet_is_ready_before_friday_goes_home():
    office = shift("Office", "09:00", "17:00", DUBLIN, weekdays="01234")

    (change,) = changes([office], datetime(2026, 6, 20, tzinfo=UTC), datetime(2026, 6, 23, tzinfo=UTC))

    assert change.outgoing.begin == datetime(2026, 6, 19, 8, tzinfo=UTC)
    assert change.incoming.begin == datetime(2026, 6, 22, 8, tzinfo=UTC)
    assert change.first == datetime(2026, 6, 19, 16, tzinfo=UTC)


def test_shifts_of_different_regions_or_teams_do_not_hand_to_each_other():
    here, there = shift("Here", "06:00", "14:00", "UTC", region="au"), shift("There", "14:00", "22:00", "UTC")
    shown = shift("Only shown", "00:00", "00:00", "UTC", hands_over=False)

    assert lanes([here, there, shown]) == [[here], [there]]
