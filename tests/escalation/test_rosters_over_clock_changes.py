"""A night shift over both changes of the clocks in seven zones: hand-offs stand on the wall, turns are as long as they
really are."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.rosters.schedule import on_at, turns
from escalation.rosters.shapes import Layer, Plan, Window

HOUR = timedelta(hours=1)
BORN = datetime(2026, 1, 1, tzinfo=UTC)
# zone, evening before the clocks change, how much longer (or shorter) the night 22:00–06:00 is
NIGHTS = [
    ("Australia/Lord_Howe", date(2026, 4, 4), 0.5), ("Australia/Lord_Howe", date(2026, 10, 3), -0.5),
    ("Australia/Melbourne", date(2026, 4, 4), 1), ("Australia/Melbourne", date(2026, 10, 3), -1),
    ("Europe/Dublin", date(2026, 3, 28), -1), ("Europe/Dublin", date(2026, 10, 24), 1),
    ("America/New_York", date(2026, 3, 7), -1), ("America/New_York", date(2026, 10, 31), 1),
    ("America/Santiago", date(2026, 4, 4), 1), ("America/Santiago", date(2026, 9, 5), -1),
    ("Africa/Casablanca", date(2026, 2, 14), 1), ("Africa/Casablanca", date(2026, 3, 21), -1),
    ("Asia/Shanghai", date(2026, 3, 28), 0), ("Asia/Shanghai", date(2026, 10, 24), 0),
]  # fmt: skip


def plan(*layers: Layer) -> Plan:
    return Plan(pk=1, uuid="p", name="P", role="r", scope="global", zone="UTC", from_at=BORN, layers=layers)


def layer(zone: str, **facts) -> Layer:
    usual = {"key": "a", "name": "a", "zone": ZoneInfo(zone), "unit": "day", "length": 1, "handoff": time(12),
             "starts_on": date(2026, 1, 5), "members": (1, 2), "from_at": BORN}  # fmt: skip
    return Layer(**usual | facts)


@pytest.mark.rule("A-04")
@pytest.mark.parametrize(("zone", "evening", "more"), NIGHTS)
def test_a_night_is_as_long_as_it_is_and_ends_on_the_wall(zone, evening, more):
    windows = tuple(Window(weekday=day, opens=time(22), closes=time(6)) for day in range(7))
    begins = datetime.combine(evening, time(22), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    kept = plan(layer(zone, windows=windows))

    night = next(turn for turn in turns(kept, begins, begins + 24 * HOUR) if turn.from_at == begins)

    assert night.to_at - night.from_at == 8 * HOUR + more * HOUR
    assert night.to_at.astimezone(ZoneInfo(zone)).time() == time(6)
    assert on_at(kept, night.to_at) == [] and on_at(kept, night.to_at - HOUR / 60)[0].user_id == night.user_id


@pytest.mark.rule("A-04")
@pytest.mark.parametrize(("zone", "evening", "more"), NIGHTS)
def test_daily_hand_offs_stay_at_noon_and_alternate(zone, evening, more):
    noon = datetime.combine(evening, time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)

    days = turns(plan(layer(zone)), noon - 72 * HOUR, noon + 96 * HOUR)

    assert {turn.to_at.astimezone(ZoneInfo(zone)).time() for turn in days[:-1]} == {time(12)}
    assert [one.user_id != two.user_id for one, two in zip(days, days[1:], strict=False)] == [True] * (len(days) - 1)
    over = next(turn for turn in days if turn.from_at == noon)
    assert over.to_at - over.from_at == 24 * HOUR + more * HOUR
    assert all(one.to_at == two.from_at for one, two in zip(days, days[1:], strict=False))


def test_a_hand_off_the_clocks_skip_is_when_they_jump_and_one_shown_twice_is_the_first():
    skipped = layer("Europe/Dublin", handoff=time(1, 30))
    twice = layer("Australia/Lord_Howe", handoff=time(1, 45))

    jump, first = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)
    assert jump in {turn.from_at for turn in turns(plan(skipped), jump - 24 * HOUR, jump + 24 * HOUR)}
    assert first in {turn.from_at for turn in turns(plan(twice), first - 24 * HOUR, first + 24 * HOUR)}
