"""The only module that reads the time (decisions 7).

Demonstration time is one row (real epoch, demo epoch, speed) read by every process and by the SQL function
`desk_now()`, so that a ladder of 180 minutes can be watched in three.
"""

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

_cached: tuple[float, tuple[datetime, datetime, float] | None] = (-1.0, None)
_TTL_SECONDS = 0.5


def real_now() -> datetime:
    """Return the machine's time, aware, UTC; for leases, sessions and rate limits, never for deadlines."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the desk's time, aware, UTC: the machine's, or the demonstration's where one is set."""
    row = _demo_row()
    if row is None:
        return real_now()
    real_epoch, demo_epoch, speed = row
    return demo_epoch + (real_now() - real_epoch) * speed


def database_now() -> datetime:
    """Return `desk_now()` of the database, the only clock that decides whether a timer is due (I2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT desk_now()")
        return cursor.fetchone()[0]


def speed() -> float:
    """Return how many desk seconds pass in one real second; 1.0 outside a demonstration."""
    row = _demo_row()
    return row[2] if row else 1.0


def set_demo(*, demo_now: datetime, speed: float = 1.0) -> None:
    """Set demonstration time. Raises RuntimeError in production (decisions 5)."""
    from ledger.models import DemoClock

    if settings.ENV not in {"demo", "test"}:
        raise RuntimeError("demonstration time is refused in production")
    DemoClock.objects.update_or_create(
        pk=1, defaults={"real_epoch": real_now(), "demo_epoch": demo_now, "speed": speed}
    )
    forget()


def advance(by: timedelta) -> datetime:
    """Move demonstration time forward by `by`, keep its speed, return the new time."""
    if by < timedelta():
        raise ValueError("time moves forward only")
    target = now() + by
    set_demo(demo_now=target, speed=speed())
    return target


def clear_demo() -> None:
    """Go back to the machine's time."""
    from ledger.models import DemoClock

    DemoClock.objects.all().delete()
    forget()


def forget() -> None:
    """Drop the cached row (tests, and after a change)."""
    global _cached
    _cached = (-1.0, None)


def _demo_row() -> tuple[datetime, datetime, float] | None:
    global _cached
    if settings.ENV == "production":
        return None
    read_at, row = _cached
    if read_at >= 0 and time.monotonic() - read_at < _TTL_SECONDS:
        return row
    from ledger.models import DemoClock

    found = DemoClock.objects.filter(pk=1).values_list("real_epoch", "demo_epoch", "speed").first()
    _cached = (time.monotonic(), found)
    return found
