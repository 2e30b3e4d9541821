"""Pure: who is on for too long in seven days, or rests too short between turns."""

from datetime import UTC, datetime, timedelta

import pytest

from escalation.rosters.shapes import Override, Plan
from escalation.rosters.strain import strains

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def plan(*hours: tuple[int, int, int], pk: int = 1, **limits) -> Plan:
    """A roster of overrides only: (person, from hour, to hour) counted from Monday."""
    over = tuple(
        Override(key=str(n), user_id=who, from_at=MONDAY + a * HOUR, to_at=MONDAY + b * HOUR)
        for n, (who, a, b) in enumerate(hours)
    )
    return Plan(pk=pk, uuid=str(pk), name="P", role=f"r{pk}", scope="global", zone="UTC", from_at=MONDAY - 90 * DAY,
                overrides=over, **limits)  # fmt: skip


def told(*plans: Plan) -> list[tuple]:
    return [(s.user_id, s.kind, s.hours, s.allowed) for s in strains(plans, MONDAY, MONDAY + 14 * DAY)]


@pytest.mark.rule("A-04")
def test_hours_are_counted_over_any_seven_days_and_exactly_the_limit_is_allowed():
    days = [(1, 24 * d, 24 * d + 10) for d in range(3, 9)]  # six times ten hours, across the turn of the week

    assert told(plan(*days, most_hours=60)) == []
    assert told(plan(*days, most_hours=59)) == [(1, "hours", 60.0, 59)]
    assert told(plan(*days)) == []


@pytest.mark.rule("A-04")
def test_rosters_that_name_a_limit_count_together_and_hours_on_two_at_once_only_once():
    first = plan((1, 0, 10), (1, 24, 34), most_hours=25)
    other = plan((1, 5, 15), (1, 48, 54), pk=2, most_hours=30)
    standing_by = plan((1, 60, 168), pk=3)

    assert told(first, standing_by) == []
    assert told(first, other, standing_by) == [(1, "hours", 31.0, 25)]


@pytest.mark.rule("A-04")
def test_rest_between_two_turns_is_watched_but_not_one_turn_that_goes_on():
    short = plan((1, 0, 8), (1, 8, 12), (1, 20, 24), (2, 12, 20), least_rest=11)

    assert told(short) == [(1, "rest", 8.0, 11)]
    assert told(plan((1, 0, 8), (1, 19, 24), least_rest=11)) == []


def test_a_long_strain_is_told_once_in_seven_days():
    always = plan((1, 0, 24 * 14), most_hours=40)

    assert [kind for _user, kind, _hours, _limit in told(always)] == ["hours"]
