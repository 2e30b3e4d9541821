from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalogue.hours import (
    WorkingHours,
    after_working_days,
    after_working_time,
    always,
    is_open,
    is_working_day,
    next_opening,
    working_time_between,
)
from ledger.errors import Refused

BRUSSELS = ZoneInfo("Europe/Brussels")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
NINE_TO_FIVE = ((time(9), time(17)),)
OFFICE = WorkingHours(zone=BRUSSELS, weekly=(NINE_TO_FIVE,) * 5 + ((), ()), closed=frozenset({date(2026, 5, 1)}))
NIGHTS = WorkingHours(zone=BRUSSELS, weekly=(((time(0), time(4)), (time(22), time(0))),) * 7)
NEVER = WorkingHours(zone=BRUSSELS, weekly=((),) * 7)


def brussels(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BRUSSELS)


def test_time_outside_opening_hours_does_not_count() -> None:
    friday, monday = brussels(6, 16), brussels(9, 10)

    assert working_time_between(friday, monday, OFFICE) == timedelta(hours=2)
    assert after_working_time(friday, timedelta(hours=2), OFFICE) == monday


def test_a_holiday_is_no_working_day() -> None:
    thursday = brussels(30, 16, month=4)

    assert not is_working_day(brussels(1, 12, month=5), OFFICE)
    assert after_working_time(thursday, timedelta(hours=2), OFFICE) == brussels(4, 10, month=5)


def test_the_answer_is_in_utc() -> None:
    assert after_working_time(brussels(6, 10), timedelta(hours=1), OFFICE).tzinfo is UTC
    assert next_opening(brussels(6, 10), OFFICE).tzinfo is UTC
    assert after_working_days(brussels(6, 10), 1, OFFICE).tzinfo is UTC


def test_an_opening_may_end_at_midnight_and_go_on_the_next_day() -> None:
    assert after_working_time(brussels(3, 23), timedelta(hours=3), NIGHTS) == brussels(4, 2)
    assert is_open(brussels(3, 23, 59), NIGHTS)
    assert not is_open(brussels(4, 4), NIGHTS)


@pytest.mark.parametrize(("day", "month", "hours"), [(29, 3, 5), (25, 10, 7), (28, 3, 6)])
def test_a_night_shift_is_as_long_as_it_really_was_when_the_clocks_change(day: int, month: int, hours: int) -> None:
    midnight = brussels(day, 0, month=month)

    worked = working_time_between(midnight, midnight.replace(hour=12), NIGHTS)

    assert worked == timedelta(hours=hours - 2)


def test_a_time_the_clocks_skip_moves_forward_to_the_jump() -> None:
    weekly = (((time(2, 15), time(2, 45)), (time(3), time(4))),) * 7
    hours = WorkingHours(zone=BRUSSELS, weekly=weekly)

    assert hours.openings(date(2026, 3, 29)) == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    ]


def test_a_time_shown_twice_means_the_first() -> None:
    hours = WorkingHours(zone=LORD_HOWE, weekly=(((time(1, 45), time(3)),),) * 7)

    assert hours.openings(date(2026, 4, 5)) == [
        (datetime(2026, 4, 4, 14, 45, tzinfo=UTC), datetime(2026, 4, 4, 16, 30, tzinfo=UTC))
    ]


@pytest.mark.parametrize(("start", "due"), [(6, 10), (7, 10), (8, 10), (9, 11)])
def test_two_working_days_later_keeps_the_wall_time_and_skips_the_weekend(start: int, due: int) -> None:
    assert after_working_days(brussels(start, 18, 30), 2, OFFICE) == brussels(due, 18, 30)


def test_a_working_day_over_the_clock_change_keeps_the_wall_time() -> None:
    assert after_working_days(brussels(27, 10), 1, OFFICE) == brussels(30, 10)


def test_the_end_of_a_working_day_is_its_last_closing() -> None:
    assert after_working_days(brussels(6, 10), 1, OFFICE, end_of_day=True) == brussels(9, 17)
    assert after_working_days(brussels(6, 10), 1, always(BRUSSELS), end_of_day=True) == brussels(8, 0)


def test_a_wall_time_read_on_the_second_fold_becomes_the_first() -> None:
    second = datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=1)

    assert after_working_days(second, 1, OFFICE) == brussels(26, 2, 30, month=10)


def test_the_day_of_receipt_is_the_customers_day_not_ours() -> None:
    saturday_in_auckland = datetime(2026, 3, 6, 12, tzinfo=UTC)
    auckland = WorkingHours(zone=ZoneInfo("Pacific/Auckland"), weekly=OFFICE.weekly)

    assert not is_working_day(saturday_in_auckland, auckland)
    assert is_working_day(saturday_in_auckland, OFFICE)


def test_the_next_opening_is_now_when_open_and_monday_when_the_week_is_over() -> None:
    assert next_opening(brussels(6, 10), OFFICE) == brussels(6, 10)
    assert next_opening(brussels(6, 17), OFFICE) == brussels(9, 9)


def test_round_the_clock_is_elapsed_time_even_between_walls_of_one_zone() -> None:
    assert working_time_between(brussels(29, 0), brussels(29, 12), always(BRUSSELS)) == timedelta(hours=11)
    assert always(BRUSSELS).is_always()
    assert not OFFICE.is_always()


def test_several_years_are_counted_to_the_end() -> None:
    years = working_time_between(brussels(2, 0), brussels(2, 0).replace(year=2029), OFFICE)

    assert years == (timedelta(hours=8) * 5 * 156) + timedelta(hours=8) * 4 - timedelta(hours=8)


def test_the_hour_shown_again_as_yesterday_lies_in_the_opening_of_today() -> None:
    st_johns = ZoneInfo("America/St_Johns")  # in 2010 back from 00:01 to 23:01 of the day before
    hours = WorkingHours(zone=st_johns, weekly=((),) * 6 + (((time(0), time(4)),),))
    again = datetime(2010, 11, 6, 23, 30, tzinfo=st_johns, fold=1)

    assert is_open(again, hours)
    assert not is_open(again.replace(fold=0), hours)


@pytest.mark.parametrize("ask", [
    lambda: after_working_time(brussels(6, 10), timedelta(hours=1), NEVER),
    lambda: after_working_days(brussels(6, 10), 1, NEVER),
    lambda: next_opening(brussels(6, 10), NEVER),
])  # fmt: skip
def test_a_calendar_that_never_opens_is_refused_by_name(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as refusal:
        ask()

    assert refusal.value.code == "never_open"
