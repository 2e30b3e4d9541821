"""Rows of a storm, and what the rows say afterwards."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import Organisation, RoleGrant, User
from escalation.models import Clock, Segment, Timer
from escalation.seed import seed_policies
from ledger import clock
from tickets.models import Ticket

CHUNK = 2000
CODE = "T-3"


def fill(*, armed: int, due: int, lead: timedelta) -> datetime:
    """Fill an empty database with `armed` timers of the progress rule, `due` of them due `lead` from the end of it.

    Every timer has a clock of its own; every due one a ticket of its own with an owner, so that each firing tells two
    people by two channels and arms the next occurrence. Returns the instant.
    """
    now = clock.database_now()
    version = seed_policies(at=now)["fault_handling"]
    rule = version.rules.get(code=CODE)
    people = [User.objects.create_user(f"s{n}@bench.example", None, name=f"S {n}", kind="staff") for n in range(40)]
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role="supervisor") for user in people[:5])
    organisation = Organisation.objects.create(
        name="Bench", account_number="B-1", service_category="enterprise", created_at=now
    )
    tickets = Ticket.objects.bulk_create(
        (
            Ticket(number=f"SB-{n:06}", channel="call", title="Storm", received_at=now, organisation=organisation,
                   owner=people[n % len(people)], state="intake")
            for n in range(due)
        ), batch_size=CHUNK,
    )  # fmt: skip
    far = now + timedelta(days=30)
    for first in range(0, armed, CHUNK):
        clocks = Clock.objects.bulk_create(
            Clock(subject_kind="ticket", subject_id=10_000_000 + n, ticket=tickets[n % due], kind="fault_handling",
                  version=version, started_at=now, running_since=now)
            for n in range(first, min(first + CHUNK, armed))
        )  # fmt: skip
        Segment.objects.bulk_create(Segment(clock=c, seq=1, from_at=now, running=True, why="started") for c in clocks)
        Timer.objects.bulk_create(
            Timer(clock=c, rule=rule, rule_code=CODE, at_us=1_800_000_000, nominal_at=far, due_at=far, wake_at=far)
            for c in clocks
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE esc_timer")
    due_at = clock.database_now() + lead
    ids = Timer.objects.order_by("pk").values_list("pk", flat=True)[:due]
    Timer.objects.filter(pk__in=list(ids)).update(due_at=due_at, wake_at=due_at, nominal_at=due_at)
    Clock.objects.filter(timers__due_at=due_at).update(running_since=due_at - timedelta(minutes=30))
    return due_at


def figures(due_at: datetime, due: int) -> dict[str, Any]:
    """Return lateness, rate and anomalies of the storm at `due_at`, from rows alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE fired_at < due_at),"
            " percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY extract(epoch FROM fired_at - due_at))"
            " FROM esc_firing WHERE due_at = %s", [due_at],
        )  # fmt: skip
        fired, early, (p50, p99, worst) = cursor.fetchone()
        cursor.execute("SELECT count(*) - count(DISTINCT (clock_id, rule_code, occurrence)) FROM esc_firing")
        doubled = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM esc_notification")
        notifications = cursor.fetchone()[0]
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        deadlocks = cursor.fetchone()[0]
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
    return {
        "due": due, "fired": fired, "lost": due - fired, "doubled": doubled, "early": early,
        "lateness_p50_s": round(p50, 3), "lateness_p99_s": round(p99, 3), "lateness_max_s": round(worst, 3),
        "firings_per_s": round(fired / worst) if worst else fired, "notifications": notifications,
        "deadlocks": deadlocks, "fsync": fsync,
    }  # fmt: skip
