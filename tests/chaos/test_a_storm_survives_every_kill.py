"""2,000 timers fall due at one instant, again and again, each time another part is killed: none lost, doubled, early."""

import pytest

from tests.chaos.world import until, world

ROUND, GAP_S = 2000, 9
FAULTS = ("none", "engine", "worker-esc", "worker", "beat", "flushall", "redis", "postgres")
ALL_FIRED = "SELECT count(*) = %s FROM esc_firing WHERE due_at = %s"
FILL = (
    "from datetime import timedelta;"
    "from servicedesk.management.storm import fill;"
    f"fill(armed={ROUND * len(FAULTS)}, due={ROUND * len(FAULTS)}, lead=timedelta(hours=5))"
)


def spread(desk) -> list:
    """Give each round its instant, from 12 s on, `GAP_S` apart; returns the instants."""
    desk.sql(
        """UPDATE esc_timer t SET due_at = r.due, wake_at = r.due, nominal_at = r.due
           FROM (SELECT id, date_trunc('milliseconds', now())
                        + make_interval(secs => 12 + %s * ((row_number() OVER (ORDER BY id) - 1) / %s)) due
                 FROM esc_timer) r WHERE t.id = r.id""",
        GAP_S, ROUND,
    )  # fmt: skip
    move = "UPDATE esc_clock c SET running_since = t.due_at - interval '30 minutes' FROM esc_timer t WHERE t.clock_id = c.id"
    desk.sql(move)
    return [row[0] for row in desk.sql("SELECT DISTINCT due_at FROM esc_timer ORDER BY due_at")]


def strike(desk, fault: str) -> None:
    if fault == "flushall":
        desk.flush_redis()
    elif fault == "redis":
        desk.kill_redis()
    elif fault == "postgres":
        desk.restart_postgres_at_once()
    elif fault != "none":
        desk.kill(fault)


def mend(desk, fault: str) -> None:
    if fault == "redis":
        desk.start_redis()
    elif fault in desk.NAMES:
        desk.start(fault)


def storm(desk) -> dict:
    """Run the rounds; returns fault → (fired, late by at most, seconds)."""
    instants = spread(desk)
    seen = {}
    for fault, due in zip(FAULTS, instants, strict=True):
        until(lambda due=due: desk.sql("SELECT now() >= %s", due)[0][0], seconds=30, says="the instant came")
        strike(desk, fault)
        done = "SELECT count(*) = %s FROM esc_firing WHERE due_at = %s"
        until(
            lambda due=due: desk.sql(done, ROUND, due)[0][0], seconds=60, says=f"all fired although {fault} was struck"
        )
        late = "SELECT count(*), max(extract(epoch FROM fired_at - due_at))::float FROM esc_firing WHERE due_at = %s"
        seen[fault] = desk.sql(late, due)[0]
        mend(desk, fault)
    return seen


@pytest.mark.launcher
@pytest.mark.invariant("I1", "I2", "I3", "I4", "I16")
def test_no_kill_loses_doubles_or_hastens_a_firing():
    with world() as desk:
        desk.manage("shell", "-c", FILL)
        for name in desk.NAMES:
            desk.start(name)
        until(lambda: desk.sql("SELECT count(*) >= 2 FROM esc_engine")[0][0], seconds=40, says="both drivers beat")

        seen = storm(desk)

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
        until(
            lambda: desk.sql("SELECT count(*) = 0 FROM esc_notification WHERE state IN ('pending', 'sending')")[0][0],
            seconds=120, says="every page is handed over or bundled",
        )  # fmt: skip
        until(
            lambda: desk.sql("SELECT count(*) = 0 FROM esc_firing f LEFT JOIN esc_sealed s ON s.firing_id = f.timer_id"
                             " WHERE s.firing_id IS NULL")[0][0],
            seconds=120, says="every firing is sealed into the ledger",
        )  # fmt: skip
        letters = desk.letters()
        assert letters, "the mail sink got nothing"
        assert len(letters) - len(set(letters)) <= len(FAULTS)  # at most one resend per kill, with the same Message-ID
        for fault, (_fired, late) in seen.items():
            print(f"{fault:12} fired {ROUND}, last {late:.2f} s after its instant")
