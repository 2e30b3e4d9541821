"""2,000 timers fall due at one instant, each time another part is killed: none lost, doubled or early."""

import contextlib
import os
import signal
from datetime import timedelta

import pytest

from tests.processes import world
from tests.witness import until

ROUND, GAP_S, FROZEN_S = 2000, 4, 5
FAULTS = ("none", "engine", "frozen engine", "worker-esc", "worker", "beat", "flushall", "redis", "postgres")
KILLS = len(FAULTS) - 2  # "none" and the frozen engine kill nobody
ALL_FIRED = "SELECT count(*) = %s FROM esc_firing WHERE due_at = %s"
AT_WORK = "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'engine' AND backend_xid IS NOT NULL"
LAPSED = "SELECT count(*) FROM esc_notification WHERE state = 'sending' AND lease_until < now() - interval '10 seconds'"
FILL = (
    "from datetime import timedelta;"
    "from servicedesk.management.storm import fill;"
    f"fill(armed={ROUND * len(FAULTS)}, due={ROUND * len(FAULTS)}, lead=timedelta(hours=5))"
)


def spread(desk) -> list:
    """Give each round its instant, from 9 s on, `GAP_S` apart, more after the engine's frozen seconds; returns the
    instants. The canary keeps its own."""
    desk.sql(
        """UPDATE esc_timer t SET due_at = r.due, wake_at = r.due, nominal_at = r.due
           FROM (SELECT id, date_trunc('milliseconds', now()) + make_interval(secs => 9 + %s * n
                        + CASE WHEN n > %s THEN %s ELSE 0 END) due
                 FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s n
                       FROM esc_timer WHERE left(rule_code, 2) = 'S-') i) r WHERE t.id = r.id""",
        GAP_S, FAULTS.index("frozen engine"), FROZEN_S - 1, ROUND,
    )  # fmt: skip
    desk.sql(
        "UPDATE esc_clock c SET running_since = t.due_at - interval '30 minutes'"
        " FROM esc_timer t WHERE t.clock_id = c.id AND left(t.rule_code, 2) = 'S-'"
    )
    instants = "SELECT DISTINCT due_at FROM esc_timer WHERE left(rule_code, 2) = 'S-' ORDER BY due_at"
    return [row[0] for row in desk.sql(instants)]


def strike(desk, fault: str) -> None:
    if fault == "flushall":
        desk.flush_redis()
    elif fault == "redis":
        desk.kill_redis()
    elif fault == "postgres":
        desk.restart_postgres_at_once()
    elif fault == "frozen engine":
        with contextlib.suppress(AssertionError):  # in the middle of a transaction, if it has one
            until(lambda: desk.sql(AT_WORK)[0][0], seconds=2, says="the engine writes")
        desk.signal("engine", signal.SIGSTOP)
    elif fault != "none":
        desk.kill(fault)


def mend(desk, fault: str, due) -> None:
    if fault == "redis":
        desk.start_redis()
    elif fault == "frozen engine":
        until(lambda: desk.sql("SELECT now() >= %s", due + timedelta(seconds=FROZEN_S))[0][0], seconds=20, says="5 s")
        held = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'engine' AND backend_xid IS NOT NULL"
        assert desk.sql(held) == [(0,)], "the frozen engine still holds what it wrote"
        desk.signal("engine", signal.SIGCONT)
    elif fault in desk.NAMES:
        desk.start(fault)


def storm(desk) -> dict:
    """Run the rounds; returns fault → (fired, late by at most, seconds)."""
    instants = spread(desk)
    seen = {}
    for fault, due in zip(FAULTS, instants, strict=True):
        until(lambda due=due: desk.sql("SELECT now() >= %s", due)[0][0], seconds=30, says="the instant came")
        strike(desk, fault)
        fired = until(
            lambda due=due: desk.sql(ALL_FIRED, ROUND, due)[0][0], seconds=60, says=f"all fired, {fault} struck"
        )
        assert fired
        late = "SELECT count(*), max(extract(epoch FROM fired_at - due_at))::float FROM esc_firing WHERE due_at = %s"
        seen[fault] = desk.sql(late, due)[0]
        mend(desk, fault, due)
    return seen


def drained(desk) -> None:
    """The long form: every page left and every firing is in the ledger, which holds."""
    waiting = "SELECT count(*) = 0 FROM esc_notification WHERE state IN ('pending', 'sending')"
    until(lambda: desk.sql(waiting)[0][0], seconds=1800, says="every page is handed over or bundled")
    sealed = "SELECT count(*) = 0 FROM esc_firing f LEFT JOIN esc_sealed s ON s.firing_id = f.timer_id WHERE s IS NULL"
    until(lambda: desk.sql(sealed)[0][0], seconds=1800, says="every firing is sealed into the ledger")
    desk.manage("verify_ledger")


@pytest.mark.launcher
@pytest.mark.fault("F1", "F2", "F3", "F4", "F5", "F6")
@pytest.mark.invariant("I1", "I2", "I3", "I4", "I16")
def test_no_kill_loses_doubles_or_hastens_a_firing():
    with world() as desk:
        desk.manage("shell", "-c", FILL)
        for name in desk.NAMES:
            desk.start(name)
        desk.until_both_drivers_beat()

        seen = storm(desk)

        for fault, (fired, late) in seen.items():
            print(f"{fault:14} fired {fired}, last {late:.2f} s after its instant")
        assert {fault: fired for fault, (fired, _late) in seen.items()} == dict.fromkeys(FAULTS, ROUND)
        assert desk.sql("SELECT count(*) FROM esc_firing WHERE fired_at < due_at") == [(0,)]
        assert desk.sql("SELECT count(*) - count(DISTINCT (clock_id, rule_code, occurrence)) FROM esc_firing") == [(0,)]
        assert desk.sql(
            "SELECT count(*) FROM esc_timer t LEFT JOIN esc_firing f ON f.timer_id = t.id"
            " WHERE (t.state = 'fired') <> (f.timer_id IS NOT NULL)"
        ) == [(0,)]
        assert desk.sql(
            "SELECT count(*) FROM esc_firing f WHERE outcome = 'paged'"
            " AND NOT EXISTS (SELECT 1 FROM esc_notification n WHERE n.firing_id = f.timer_id)"
        ) == [(0,)]
        before = desk.taken()
        until(lambda: desk.taken() > before, seconds=90, says="pages still leave after the last fault")
        until(lambda: desk.sql(LAPSED) == [(0,)], seconds=60, says="no page is left behind by a killed sender")
        if os.environ.get("DESK_NIGHTLY") == "1":
            drained(desk)
        letters = desk.letters()
        assert len(letters) - len(set(letters)) <= KILLS  # at most one resend per kill, with the same Message-ID
