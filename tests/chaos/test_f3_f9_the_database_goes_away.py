"""F3 and F9: PostgreSQL restarts at once three times in a storm; then the engines' sessions are cut again and again."""

import pytest

from tests.chaos.storms import arm, judge, until_due, until_fired, while_armed
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
STORM, RESTARTS = 20_000, 3
SOME = "SELECT count(*) > %s FROM esc_firing WHERE due_at = %s"
CUT = """
SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)), count(*) FILTER (WHERE backend_xid IS NOT NULL)
FROM pg_stat_activity WHERE application_name IN ('engine', 'worker-esc') AND pid <> pg_backend_pid()
"""


@pytest.mark.fault("F3")
@pytest.mark.invariant("I1", "I2", "I3", "I4", "I16")
def test_three_immediate_restarts_in_one_storm_undo_only_what_was_open(stormy, seen):
    at = arm(stormy, STORM, 3)
    until_due(stormy, at)
    for number in range(RESTARTS):
        until(lambda n=number: stormy.sql(SOME, n * STORM // 5, at)[0][0], seconds=60, says="some more fired")
        stormy.restart_postgres_at_once()
    until_fired(stormy, at, seconds=120)

    verdict = judge(stormy, at)
    seen(f"{verdict}; {RESTARTS} immediate restarts")
    assert (verdict.expected, verdict.wrong) == (STORM, (0, 0, 0, 0))


@pytest.mark.fault("F9")
@pytest.mark.invariant("I1", "I3", "I4")
def test_engines_whose_sessions_are_terminated_all_the_time_connect_again_and_lose_nothing(stormy, seen):
    at = arm(stormy, STORM, 3)
    until_due(stormy, at)
    cuts = [cut(stormy) for _strike in while_armed(stormy, at, seconds=300)]

    sessions, writing = (sum(numbers) for numbers in zip(*cuts, strict=True))
    verdict = judge(stormy, at)
    seen(f"{verdict}; {len(cuts)} strikes cut {sessions} sessions, {writing} of them in the middle of a transaction")
    assert (verdict.expected, verdict.wrong) == (STORM, (0, 0, 0, 0))
    assert sessions > 0
    assert stormy.running["engine"].returncode is None, "the engine's process never exits"


def cut(desk) -> tuple[int, int]:
    """Terminate every session of the engines; return how many there were, and how many wrote something.

    Then leave them a fifth of a second: without it nobody would ever get as far as a commit.
    """
    link = desk.postgres.connect("desk")
    try:
        with link.cursor() as cursor:
            cursor.execute(CUT)
            found = cursor.fetchone()
            cursor.execute("SELECT pg_sleep(0.2)")
        return found
    finally:
        link.close()
