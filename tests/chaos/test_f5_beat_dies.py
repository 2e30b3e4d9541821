"""F5: without beat the plain engine fires alone, and the operators are told that the other driver is silent."""

import pytest

from tests.chaos.storms import arm, judge, until_due, until_fired
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
STORM = 10_000
SILENT = "SELECT count(*) FROM esc_alarm WHERE kind = 'driver_silent' AND detail LIKE 'celery%%' AND settled_at IS NULL"


@pytest.mark.fault("F5")
@pytest.mark.invariant("I1", "I2", "I3", "I4")
def test_the_engine_fires_alone_while_beat_is_dead_and_says_so(stormy, seen):
    stormy.kill("beat")
    at = arm(stormy, STORM, 3)
    until_due(stormy, at)
    until_fired(stormy, at)

    verdict = judge(stormy, at)
    seen(verdict)
    assert (verdict.expected, verdict.wrong) == (STORM, (0, 0, 0, 0))
    until(lambda: stormy.sql(SILENT) == [(1,)], seconds=60, says="an alarm names the silent driver")
    stormy.start("beat")
    until(lambda: stormy.sql(SILENT) == [(0,)], seconds=60, says="the alarm settles when it beats again")
