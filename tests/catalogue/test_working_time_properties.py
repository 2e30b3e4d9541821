from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catalogue.hours import (
    MIDNIGHT,
    WorkingHours,
    after_working_time,
    is_open,
    next_opening,
    working_time_between,
)

MINUTE = timedelta(minutes=1)
# Both clock changes of each zone that has them, two days before the first hour they touch.
CHANGES = {
    "Europe/Brussels": (date(2026, 3, 27), date(2026, 10, 23)),
    "America/New_York": (date(2026, 3, 6), date(2026, 10, 30)),
    "America/St_Johns": (date(2011, 3, 11), date(2010, 11, 5)),  # at one minute past midnight in those years
    "Australia/Lord_Howe": (date(2026, 10, 2), date(2026, 4, 3)),  # by half an hour
    "Pacific/Auckland": (date(2026, 9, 25), date(2026, 4, 3)),
    "Asia/Shanghai": (date(1990, 4, 13), date(1990, 9, 14)),  # its last years of summer time
    "Africa/Lagos": (date(2026, 3, 27), date(2026, 10, 23)),  # no change at all
    "America/Havana": (date(2026, 3, 6), date(2026, 10, 30)),  # at midnight
}
SPAN = 4 * 24 * 60


@cache
def minutes_of(zone: str, first: date) -> list[tuple[datetime, datetime]]:
    """Every minute of the span beside what the wall showed at the latest so far."""
    at = datetime.combine(first, MIDNIGHT, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    shown, rows = datetime.min, []
    for _ in range(SPAN + 1):
        shown = max(shown, at.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
        rows.append((at, shown))
        at += MINUTE
    return rows


def open_minutes(hours: WorkingHours, first: date) -> list[datetime]:
    """The oracle: a minute is open when the furthest the wall has been lies in an opening of its day."""
    return [at for at, shown in minutes_of(hours.zone.key, first) if _wall_is_open(hours, shown)]


def _wall_is_open(hours: WorkingHours, shown: datetime) -> bool:
    if shown.date() in hours.closed:
        return False
    openings = hours.weekly[shown.weekday()]
    return any(opens <= shown.time() and (shown.time() < closes or closes == MIDNIGHT) for opens, closes in openings)


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    # Bounds cluster in the small hours, where clocks change.
    bounds = st.one_of(st.integers(0, 240), st.integers(0, 1440))
    cuts = sorted(draw(st.sets(bounds, min_size=0, max_size=6)))
    walls = [time(cut // 60 % 24, cut % 60) for cut in cuts]
    return tuple(zip(walls[::2], walls[1::2], strict=False))


@st.composite
def spells(draw: st.DrawFn) -> tuple[WorkingHours, date, datetime, datetime]:
    """Hours, the first day of the oracle's span, and two instants of that span in order."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    first = draw(st.sampled_from(CHANGES[zone]))
    closed = draw(st.frozensets(st.integers(0, 3).map(lambda n: first + timedelta(days=n)), max_size=1))
    hours = WorkingHours(zone=ZoneInfo(zone), weekly=tuple(draw(days()) for _ in range(7)), closed=closed)
    left, right = sorted((draw(st.integers(0, SPAN)), draw(st.integers(0, SPAN))))
    rows = minutes_of(zone, first)
    return hours, first, rows[left][0], rows[right][0]


@settings(max_examples=300, deadline=None)
@given(spells())
def test_working_time_is_the_number_of_open_minutes(spell: tuple[WorkingHours, date, datetime, datetime]) -> None:
    hours, first, start, end = spell

    counted = sum(start <= minute < end for minute in open_minutes(hours, first))

    assert working_time_between(start, end, hours) == counted * MINUTE


@settings(max_examples=300, deadline=None)
@given(spells(), st.integers(1, SPAN))
def test_a_budget_ends_with_its_last_open_minute(
    spell: tuple[WorkingHours, date, datetime, datetime], budget: int
) -> None:
    hours, first, start, _ = spell
    remaining = [minute for minute in open_minutes(hours, first) if minute >= start]

    if budget <= len(remaining):
        assert after_working_time(start, budget * MINUTE, hours) == remaining[budget - 1] + MINUTE
    if remaining:
        assert next_opening(start, hours) == remaining[0]


@settings(max_examples=200, deadline=None)
@given(spells(), st.integers(0, 10**9), st.floats(0, 1))
def test_the_budget_spent_is_the_budget_given(
    spell: tuple[WorkingHours, date, datetime, datetime], offset: int, share: float
) -> None:
    hours, first, start, _ = spell
    assume(any(hours.weekly))
    week_after = minutes_of(hours.zone.key, first)[0][0] + timedelta(days=7)
    week = working_time_between(week_after, week_after + timedelta(days=7), hours)
    assume(week)
    begin, given_time = start + timedelta(microseconds=offset), max(week * 40 * share, timedelta(microseconds=1))

    end = after_working_time(begin, given_time, hours)

    assert working_time_between(begin, end, hours) == given_time
    assert is_open(end - timedelta(microseconds=1), hours)


@settings(max_examples=200, deadline=None)
@given(spells(), st.floats(0, 1))
def test_the_parts_of_a_spell_add_up_to_it(spell: tuple[WorkingHours, date, datetime, datetime], share: float) -> None:
    hours, _, start, end = spell
    middle = start + (end - start) * share

    whole = working_time_between(start, end, hours)

    assert whole == working_time_between(start, middle, hours) + working_time_between(middle, end, hours)


@settings(max_examples=200, deadline=None)
@given(spells())
def test_open_instants_are_the_open_minutes(spell: tuple[WorkingHours, date, datetime, datetime]) -> None:
    hours, first, start, _ = spell

    assert is_open(start, hours) == (start in set(open_minutes(hours, first)))
