"""One storm: real engine processes on a database of its own, figures from rows, processor time beside the wall."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection

from bench.processors import process_s, server_s
from escalation.commands.fire import fire_due
from ledger import clock
from servicedesk.management.storm import make_due

POLL_S, PATIENCE_S = 0.05, 60
LEAD_S, MOVED_PER_S = 5, 5000
TICKS = 200
_LATENESS = """
SELECT count(*), count(*) FILTER (WHERE fired_at < due_at),
  percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY extract(epoch FROM fired_at - due_at))
FROM esc_firing WHERE due_at = %s
"""


@dataclass(slots=True)
class Engines:
    """Running engines. `said`: the last line of each, once they have ended."""

    processes: list[subprocess.Popen]
    said: list[str]

    @property
    def pids(self) -> list[int]:
        """Their process ids."""
        return [process.pid for process in self.processes]


@contextmanager
def engines(many: int) -> Iterator[Engines]:
    """Start `many` plain drivers on the present database and wait until each has beaten; they end with the block."""
    with TemporaryDirectory(prefix="desk-storm-") as folder:
        logs = [Path(folder) / f"engine-{n}" for n in range(many)]
        running = Engines([_engine(n, log) for n, log in enumerate(logs)], [])
        try:
            until("SELECT count(*) >= %s FROM esc_engine WHERE beat_at > now() - interval '3 s'", [many], PATIENCE_S)
            yield running
        finally:
            for process in running.processes:
                process.terminate()
            for process in running.processes:
                process.wait(timeout=20)
            running.said += [(log.read_text().strip().splitlines() or [""])[-1] for log in logs]


def until(true: str, values: list[Any], seconds: float, pause: float = POLL_S) -> None:
    """Wait until the query gives true. Raises TimeoutError after `seconds`."""
    end = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(true, values)
            if cursor.fetchone()[0]:
                return
            time.sleep(pause)
    raise TimeoutError(true)


def run(due: int, *, many: int, limit_s: float) -> dict[str, Any]:
    """Let `many` engines, running already, meet `due` timers that fall due at one instant; return the figures."""
    with engines(many) as running:
        due_at = make_due(due, timedelta(seconds=LEAD_S + due / MOVED_PER_S))
        if clock.database_now() >= due_at:
            raise RuntimeError("the timers could not be moved in time; the machine is too busy to measure on")
        before, spent, server = _wal(), process_s(running.pids), server_s()
        left = (due_at - clock.database_now()).total_seconds()
        time.sleep(max(left, 0))
        until("SELECT NOT EXISTS (SELECT 1 FROM esc_timer WHERE state = 'armed' AND wake_at <= %s)", [due_at], limit_s)
        drained = (clock.database_now() - due_at).total_seconds()
        spent, after = process_s(running.pids) - spent, server_s()
        load, wal = os.getloadavg()[0], _wal() - before
        told = _one("SELECT count(*) FROM esc_notification")
        until("SELECT NOT EXISTS (SELECT 1 FROM esc_unsealed)", [], limit_s, 0.5) if due <= 20_000 else None
        sealed = (clock.database_now() - due_at).total_seconds() - drained if due <= 20_000 else None
    return {
        "due_at": due_at.isoformat(), **lateness(due_at, due), "engines": many, "drained_s": round(drained, 3),
        "firings_per_s": round(due / drained), "sealed_after_s": round(sealed, 1) if sealed is not None else None,
        "engine_us": round(spent / due * 1e6), "load": round(load, 1), "notifications": told,
        "wal_bytes_per_firing": round(wal / due),
        "server_us": round((after - server) / due * 1e6) if after is not None and server is not None else None,
        "empty_claims": sum(int(said.rpartition("empty ")[2] or 0) for said in running.said),
        "deadlocks": _one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
        "fsync": _one("SHOW fsync"),
    }  # fmt: skip


def single(shots: int, *, many: int) -> dict[str, Any]:
    """Let one timer at a time fall due, `shots` times, a second and a half from now each; the lateness of them."""
    late = []
    with engines(many):
        for _n in range(shots):
            due_at = make_due(1, timedelta(seconds=1.5))
            until("SELECT EXISTS (SELECT 1 FROM esc_firing WHERE due_at = %s)", [due_at], PATIENCE_S)
            late.append(lateness(due_at, 1))
    late.sort(key=lambda one: one["lateness_max_s"])
    wrong = {name: sum(one[name] for one in late) for name in ("lost", "early")}
    middle, last = late[shots // 2]["lateness_max_s"], late[-1]["lateness_max_s"]
    return {
        "due": 1, "shots": shots, **wrong, "doubled": late[-1]["doubled"], "lateness_p50_s": middle,
        "lateness_p99_s": last, "lateness_max_s": last, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def lateness(due_at: datetime, due: int) -> dict[str, Any]:
    """Return lateness and anomalies of the storm at `due_at`, from rows alone."""
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, [due_at])
        fired, early, (p50, p99, worst) = cursor.fetchone()
    doubled = _more_than_one("esc_firing", "clock_id, rule_code, occurrence")
    twice = _more_than_one("esc_notification", "firing_id, user_id, channel")
    untold = _one(
        "SELECT count(*) FROM esc_firing f WHERE NOT EXISTS (SELECT 1 FROM esc_notification n"
        " WHERE n.firing_id = f.timer_id)"
    )
    return {
        "due": due, "fired": fired, "lost": due - fired + untold, "doubled": int(doubled + twice), "early": early,
        "lateness_p50_s": round(p50, 3), "lateness_p99_s": round(p99, 3), "lateness_max_s": round(worst, 3),
    }  # fmt: skip


def idle_ms() -> dict[str, float]:
    """Return how long a tick takes that finds nothing due: p50 and p99 of many, milliseconds."""
    taken = []
    for _n in range(TICKS):
        began = time.perf_counter()
        fire_due(engine_id="bench-idle")
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {"idle_tick_p50_ms": round(taken[TICKS // 2], 3), "idle_tick_p99_ms": round(taken[int(TICKS * 0.99)], 3)}


def _engine(number: int, log: Path) -> subprocess.Popen:
    held = connection.settings_dict
    user = held["USER"] + (f":{held['PASSWORD']}" if held["PASSWORD"] else "")
    url = f"postgres://{user}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    told = {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "DESK_APP": f"bench-engine-{number}"}
    command = [sys.executable, "manage.py", "escalation_engine", "--no-send", "--id", f"bench-{number}"]
    with log.open("wb") as out:
        return subprocess.Popen(command, env={**os.environ, **told}, cwd=settings.BASE_DIR, stdout=out)


def _more_than_one(table: str, key: str) -> int:
    """How many rows stand beside another of the same key."""
    return _one(f"SELECT COALESCE(sum(n - 1), 0) FROM (SELECT count(*) n FROM {table} GROUP BY {key}) k WHERE n > 1")


def _wal() -> int:
    return int(_one("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))


def _one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
