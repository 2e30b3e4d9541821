"""What the engine's operators measure, read from rows alone: true after any crash, whatever process answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from escalation.models import Alarm, Gap
from escalation.queries import Health, health
from ledger.clock import real_now

BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 60.0, 300.0)
WINDOW = timedelta(hours=1)

_LATENESS = """
SELECT width_bucket(extract(epoch FROM f.fired_at - f.due_at)::float8, %(edges)s::float8[]) AS bucket,
       f.outcome, count(*), sum(extract(epoch FROM f.fired_at - f.due_at))
FROM esc_firing f WHERE f.fired_at > %(since)s AND f.fired_at <= %(at)s GROUP BY 1, 2
"""
_DATABASE = """
SELECT deadlocks,
       COALESCE((SELECT max(extract(epoch FROM now() - xact_start)) FROM pg_stat_activity
                 WHERE datname = current_database() AND backend_xmin IS NOT NULL AND backend_type = 'client backend'
                   AND pid <> pg_backend_pid()), 0)
FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """One reading. Durations in seconds.

    lateness       cumulative counts by upper edge of `BUCKETS_S`, the last by "+Inf", of the firings of the last hour.
    lateness_sum   of the same firings. outcomes: how many of them by outcome.
    open_alarms    by kind. gap_s: time without any engine in the last day.
    oldest_xmin_s  age of the oldest snapshot held by another session: over 60 s the idle tick slows down.
    """

    health: Health
    lateness: dict[str, int]
    lateness_sum: float
    outcomes: dict[str, int]
    open_alarms: dict[str, int]
    gap_s: float
    deadlocks: int
    oldest_xmin_s: float


def measure(at: datetime) -> Measures:
    """Read everything at `at` (the desk's time). About 10 statements, each on an index."""
    lateness, total, outcomes = _lateness(at)
    deadlocks, xmin = _database()
    alarms = Alarm.objects.filter(settled_at=None).values_list("kind", flat=True)
    kinds = list(alarms)
    return Measures(
        health=health(at), lateness=lateness, lateness_sum=total, outcomes=outcomes,
        open_alarms={kind: kinds.count(kind) for kind in Alarm.Kind.values}, gap_s=_gaps(),
        deadlocks=deadlocks, oldest_xmin_s=xmin,
    )  # fmt: skip


def _lateness(at: datetime) -> tuple[dict[str, int], float, dict[str, int]]:
    counts, total = [0] * (len(BUCKETS_S) + 1), 0.0
    outcomes: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, {"edges": list(BUCKETS_S), "since": at - WINDOW, "at": at})
        for bucket, outcome, count, late in cursor.fetchall():
            counts[bucket] += count
            total += float(late)
            outcomes[outcome] = outcomes.get(outcome, 0) + count
    edges = [*(str(edge) for edge in BUCKETS_S), "+Inf"]
    return {edge: sum(counts[: n + 1]) for n, edge in enumerate(edges)}, total, outcomes


def _database() -> tuple[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        deadlocks, xmin = cursor.fetchone()
    return deadlocks, float(xmin)


def _gaps() -> float:
    since = real_now() - timedelta(days=1)
    rows = Gap.objects.filter(to_at__gte=since).values_list("from_at", "to_at")
    return sum((to_at - max(from_at, since)).total_seconds() for from_at, to_at in rows)
