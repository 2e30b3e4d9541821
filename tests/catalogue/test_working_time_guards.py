from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalogue.hours import WorkingHours, after_working_days, after_working_time, always, working_time_between

BRUSSELS = ZoneInfo("Europe/Brussels")
NAIVE = datetime(2026, 3, 6, 10)
AWARE = datetime(2026, 3, 6, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_naive_instant_is_a_callers_bug() -> None:
    with pytest.raises(ValueError, match="aware"):
        after_working_time(NAIVE, HOUR, always(BRUSSELS))
    with pytest.raises(ValueError, match="aware"):
        working_time_between(AWARE, NAIVE, always(BRUSSELS))


def test_a_budget_a_count_and_an_order_that_make_no_sense_are_callers_bugs() -> None:
    with pytest.raises(ValueError, match="positive"):
        after_working_time(AWARE, timedelta(), always(BRUSSELS))
    with pytest.raises(ValueError, match="at least one"):
        after_working_days(AWARE, 0, always(BRUSSELS))
    with pytest.raises(ValueError, match="before start"):
        working_time_between(AWARE, AWARE - HOUR, always(BRUSSELS))


@pytest.mark.parametrize(
    "openings",
    [
        ((time(17), time(9)),),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(9), time(0)), (time(10), time(11))),
        ((time(9), time(9)),),
        ((time(9, tzinfo=UTC), time(17, tzinfo=UTC)),),
    ],
)
def test_openings_that_overlap_turn_back_or_carry_a_zone_make_no_calendar(
    openings: tuple[tuple[time, time], ...],
) -> None:
    with pytest.raises(ValueError, match="openings"):
        WorkingHours(zone=BRUSSELS, weekly=(openings,) * 7)


def test_a_week_of_six_days_makes_no_calendar() -> None:
    with pytest.raises(ValueError, match="seven"):
        WorkingHours(zone=BRUSSELS, weekly=((),) * 6)
