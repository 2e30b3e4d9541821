"""F1: `kill -9` of an engine every 50 ms through a storm; the driver under Celery lives on, as it would."""

import sys

import pytest

from tests.chaos.storms import arm, judge, until_due, while_armed
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
AT_A_TIME = 6  # an engine lives 300 ms: long enough for a first batch
BY_SHORT = (
    "SELECT count(*), count(DISTINCT engine_id) FROM esc_firing WHERE due_at = %s AND left(engine_id, 5) = 'short'"
)
BORN = "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'nursery'"
SEALED = "SELECT NOT EXISTS (SELECT 1 FROM esc_unsealed)"
WRITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nursery' AND backend_xid IS NOT NULL"
NOBODY = "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'nursery'"


@pytest.mark.fault("F1")
@pytest.mark.invariant("I1", "I2", "I3", "I4")
@pytest.mark.parametrize("many", [10_000, 100_000])
def test_an_engine_killed_every_50_ms_loses_doubles_and_hastens_nothing(stormy, seen, many):
    stormy.kill("engine")  # the short-lived ones stand in its place
    at = arm(stormy, many, 8)
    nursery = stormy.start_other("nursery", [sys.executable, "-m", "tests.chaos.nursery", str(AT_A_TIME), "0.05"])
    try:
        until(lambda: stormy.sql(BORN)[0][0], seconds=30, says="the first short-lived engine works")
        until_due(stormy, at)
        met = [stormy.sql(WRITING)[0][0] for _look in while_armed(stormy, at, seconds=300)]
    finally:
        nursery.stop(patience=5)
    until(lambda: stormy.sql(NOBODY)[0][0], seconds=20, says="the last session of a killed engine is gone")

    verdict, (fired, by) = judge(stormy, at), stormy.sql(BY_SHORT, at)[0]
    seen(f"{verdict}; {nursery.last_words().rpartition('killed ')[2]} kills, {fired} fired by {by} of the killed")
    assert verdict.expected == many
    assert verdict.wrong == (0, 0, 0, 0)
    assert sum(met) > 0, "no short-lived engine was seen to write, so no kill can have met a firing"
    until(lambda: stormy.sql(SEALED)[0][0], seconds=600, says="every firing is sealed into the ledger")
    stormy.sql("DELETE FROM esc_engine WHERE left(engine_id, 5) = 'short'")
