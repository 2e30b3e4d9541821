"""F4: Redis is a doorbell. Emptied, shut down or asleep for half a minute, it costs seconds and nothing else."""

import signal
from datetime import timedelta

import pytest

from tests.chaos.storms import arm, judge, rest, until_due, until_fired
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
STORM, ASLEEP_S = 2_000, 30
PASSED = "SELECT now() >= %s"


def strike(desk, how: str) -> None:
    if how == "flushall":
        desk.flush_redis()
    elif how == "shutdown nosave":
        desk.shut_redis_down()
    else:  # what DEBUG SLEEP does, where the server forbids DEBUG: it takes connections and answers nobody
        desk.redis.child.process.send_signal(signal.SIGSTOP)


@pytest.mark.fault("F4")
@pytest.mark.invariant("I1", "I2", "I3", "I4", "I16")
@pytest.mark.parametrize("how", ["flushall", "shutdown nosave", "asleep for 30 s"])
def test_a_storm_without_redis_fires_in_seconds_and_its_pages_leave(stormy, seen, how):
    at = arm(stormy, STORM, 3)
    until_due(stormy, at)
    strike(stormy, how)
    rest(stormy)
    taken = stormy.taken()
    try:
        until_fired(stormy, at, seconds=20)
        until(lambda: stormy.taken() > taken, seconds=20, says="letters leave meanwhile")
        if how.startswith("asleep"):
            woken = at + timedelta(seconds=ASLEEP_S)
            until(lambda: stormy.sql(PASSED, woken)[0][0], seconds=ASLEEP_S + 10, says="it slept long enough")
    finally:
        if how.startswith("asleep"):
            stormy.redis.child.process.send_signal(signal.SIGCONT)
        elif how != "flushall":
            stormy.start_redis()

    verdict = judge(stormy, at)
    seen(f"{how}: {verdict}")
    assert (verdict.expected, verdict.wrong) == (STORM, (0, 0, 0, 0))
    assert verdict.last_s < 10
    stormy.until_both_drivers_beat()  # Celery's driver comes back by itself
