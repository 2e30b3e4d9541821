"""F10: both drivers are away for two hours of the desk's time, 5,000 timers fall due, 300 tickets are solved."""

import time

import pytest

from tests.chaos.storms import EXTRA, HALF, fill, resent, until_handed_over
from tests.processes import world
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
DUE, AWAY_S, STEPS, A_STEP = 5_000, 7_200, 3, 100
GAP_S = 12  # a silence of ten seconds of real time is a gap
SPREAD = """
WITH moved AS (
  UPDATE esc_timer t SET due_at = r.due, wake_at = r.due, nominal_at = r.due,
    at_us = (extract(epoch FROM r.due - c.running_since) * 1000000)::bigint
  FROM esc_clock c, (SELECT id, date_trunc('milliseconds', now())
      + make_interval(secs => %(seconds)s::float * row_number() OVER (ORDER BY id) / %(many)s) AS due
    FROM esc_timer WHERE state = 'armed' AND left(rule_code, 2) = 'S-') r
  WHERE t.id = r.id AND c.id = t.clock_id RETURNING t.due_at, t.id, t.clock_id, t.rule_code, t.occurrence)
INSERT INTO chaos_expected SELECT * FROM moved
"""
ARMED = "SELECT clock_id FROM esc_timer WHERE state = 'armed' AND left(rule_code, 2) = 'S-' AND "
PAST = ARMED + "due_at < desk_now() - interval '1 minute' ORDER BY id LIMIT %s"
AHEAD = ARMED + "due_at > desk_now() + interval '1 minute' ORDER BY due_at DESC LIMIT %s"
SOLVE = """
from django.db import transaction
from escalation.commands.stop import stop_clocks
from escalation.locks import lock_clocks
from ledger import clock
with transaction.atomic():
    stop_clocks(lock_clocks(pk__in={clocks}), reason="resolved", at=clock.now())
"""
FIRED = "SELECT outcome, clock_id FROM esc_firing WHERE left(rule_code, 2) = 'S-'"
LETTERS = """
SELECT user_id, count(*) FILTER (WHERE state = 'sent' AND held_at IS NULL),
  count(*) FILTER (WHERE state = 'sent' AND held_at IS NOT NULL), count(*) FILTER (WHERE state = 'bundled')
FROM esc_notification WHERE channel = 'email' AND kind = 'page' GROUP BY user_id HAVING count(*) > 10
"""


def solve(desk, clocks: list[int]) -> set[int]:
    """Stop these clocks as the command that resolves their tickets does; return them."""
    desk.manage("shell", "-v", "0", "-c", SOLVE.format(clocks=clocks))
    return set(clocks)


def two_hours(desk) -> tuple[set[int], set[int]]:
    """Let the desk's time pass in three steps, 100 tickets solved after each; (solved after, solved before) due."""
    after, before = set[int](), set[int]()
    for step in range(STEPS):
        desk.jump(seconds=AWAY_S / STEPS)
        ahead = [pk for (pk,) in desk.sql(AHEAD, A_STEP // 2)] if step < STEPS - 1 else []
        past = [pk for (pk,) in desk.sql(PAST, A_STEP - len(ahead))]
        before |= solve(desk, ahead) if ahead else set()
        after |= solve(desk, past)
    desk.jump(seconds=5)
    return after, before


@pytest.mark.fault("F10")
@pytest.mark.invariant("I3", "I4", "I16")
def test_what_was_missed_is_told_in_one_digest_a_person_and_what_was_solved_late_pages_nobody(seen):
    with world() as desk:
        fill(desk, DUE, reminders=False)
        desk.start_what_is_dead()
        for name in ("engine", "worker-esc"):
            desk.kill(name)
        began = time.monotonic()
        desk.sql(SPREAD, seconds=AWAY_S, many=DUE)
        every = {pk for (pk,) in desk.sql("SELECT clock_id FROM chaos_expected")}
        late, in_time = two_hours(desk)
        assert (len(every), len(late), len(in_time)) == (DUE, 200, 100)
        until(lambda: time.monotonic() - began > GAP_S, seconds=GAP_S + 1, says="they were silent long enough")

        restarted = time.monotonic()
        desk.start_what_is_dead()
        until(lambda: not desk.sql(f"{ARMED} true"), seconds=60, says="everything missed fired")
        caught_up = time.monotonic() - restarted
        until_handed_over(desk, seconds=300)

        rows = desk.sql(FIRED)
        moot = {clock for outcome, clock in rows if outcome == "moot"}
        paged = {clock for outcome, clock in rows if outcome == "paged"}
        people = desk.sql(LETTERS)
        digests = [digest for _user, _single, digest, _bundled in people]
        seen(
            f"{DUE} due, {len(in_time)} cancelled, {len(moot)} moot, {len(paged)} paged; {caught_up:.1f} s to catch up"
        )
        seen(f"{len(people)} people, digests each {min(digests)} to {max(digests)}, letters {desk.taken()}")
        assert moot == late
        assert paged == every - late - in_time
        assert len(rows) == len(moot) + len(paged)
        assert desk.sql("SELECT count(*) FROM esc_firing WHERE fired_at < due_at") == [(0,)]
        assert desk.sql(EXTRA) == desk.sql(HALF) == [(0,)]
        assert desk.sql("SELECT count(*) >= 1 FROM esc_gap") == [(True,)]
        assert set(digests) == {1}, "one digest a person, beside the first five"
        assert {single for _user, single, _digest, _bundled in people} <= {5, 6, 7}  # two senders count side by side
        assert resent(desk) == 0
