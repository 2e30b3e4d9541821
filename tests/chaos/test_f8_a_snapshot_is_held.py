"""F8: another session holds an old snapshot through a storm; the storm drains, and operators are told."""

import pytest

from tests.chaos.storms import arm, judge, until_due, until_fired
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
STORM = 10_000
OPEN = "SELECT count(*) FROM esc_alarm WHERE kind = 'snapshot' AND settled_at IS NULL"


@pytest.mark.fault("F8")
@pytest.mark.invariant("I1", "I3")
def test_a_held_snapshot_slows_no_storm_down_and_raises_an_alarm_until_it_is_gone(stormy, seen):
    holder = stormy.postgres.connect("desk")  # not the app's own role: the watch must see it all the same
    holder.set_session(isolation_level="REPEATABLE READ", autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT 1 FROM esc_timer LIMIT 1")
    try:
        at = arm(stormy, STORM, 3)
        until_due(stormy, at)
        until_fired(stormy, at, seconds=30)

        verdict = judge(stormy, at)
        seen(verdict)
        assert (verdict.expected, verdict.wrong) == (STORM, (0, 0, 0, 0))
        until(lambda: stormy.sql(OPEN) == [(1,)], seconds=120, says="an alarm tells of the held snapshot")
    finally:
        holder.close()
    until(lambda: stormy.sql(OPEN) == [(0,)], seconds=30, says="the alarm settles when the snapshot is gone")
