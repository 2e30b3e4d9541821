"""`fire_due`: claim what is due and write firing, duties, notifications and next occurrences in one commit (T2)."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.module_loading import import_string

from escalation.claim import Claimed, claim, look, push_back, short_transaction
from escalation.failpoints import hit
from escalation.firing import Batch
from escalation.models import Alarm
from escalation.steady import briefly

log = logging.getLogger("escalation")
BATCH = 500
_LOCKED = "55P03"


def fire_due(at: datetime | None = None, *, limit: int = BATCH, engine_id: str = "desk") -> int:
    """Fire up to `limit` due timers, and return how many were taken (0 = nothing is due).

    at  None = the database's clock, the only form production calls; an instant in tests and replays.

    Two engines at once never take the same timer; a timer that raises is put back alone and pages the operator.
    Raises OperationalError when the connection is lost or its timeouts strike; nothing is written then.
    Cost: 1 query where nothing is due, about 16 a batch.
    """
    if at is None and not look().due:
        return 0
    with short_transaction():
        claimed = claim(at, limit)
        hit("after_claim")
        if claimed:
            fired = _fire(claimed, at, engine_id)
            more = len(claimed) == limit
            transaction.on_commit(lambda: _ring(fired, wake=not more), robust=True)
            hit("before_commit")
    return len(claimed)


def fire_all(at: datetime | None = None, *, limit: int = BATCH, engine_id: str = "desk") -> int:
    """Fire until nothing is due, a transaction per batch, and return how many timers were taken."""
    total = 0
    with briefly():
        while taken := fire_due(at, limit=limit, engine_id=engine_id):
            total += taken
    return total


def _fire(claimed: list[Claimed], at: datetime | None, engine_id: str) -> list[dict]:
    """Fire all in one savepoint; halve on an error, so that only the one that raises is left out (I13)."""
    try:
        with transaction.atomic():
            batch = Batch(claimed, engine_id=engine_id)
            batch.write()
            return batch.hints()
    except Exception as error:
        if _connection_lost(error):
            raise
        if len(claimed) > 1:
            middle = len(claimed) // 2
            return _fire(claimed[:middle], at, engine_id) + _fire(claimed[middle:], at, engine_id)
        _put_back(claimed[0], at, error)
        return []


def _put_back(timer: Claimed, at: datetime | None, error: Exception) -> None:
    log.exception("timer %s could not fire", timer.id, exc_info=error)
    push_back(timer, at=at, error=f"{type(error).__name__}: {error}")
    if timer.attempts == 0:
        Alarm.objects.create(
            kind=Alarm.Kind.TIMER_FAILED, timer_id=timer.id, detail=type(error).__name__, raised_at=timer.now
        )


def _connection_lost(error: Exception) -> bool:
    """A lock not granted is the timer's own trouble; any other operational error is the connection's."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    return getattr(error.__cause__, "pgcode", None) != _LOCKED


def _ring(hints: list[dict], *, wake: bool) -> None:
    """Tell the live pages. wake: ring for the senders too; while more is due they wait, firing comes first, and a
    sweeper takes every third second what no bell reached."""
    bell = bell_of(settings.LEDGER_WIRING)
    for number, hint in enumerate(hints):
        bell(hint, wake and number == 0)


@cache
def bell_of(wiring: str) -> Callable[[dict, bool], None]:
    """Return the bell of a wiring. A driver asks when it starts, so that no storm waits for the imports."""
    bell: Callable[[dict, bool], None] = import_string(import_string(f"{wiring}.BELL"))
    return bell
