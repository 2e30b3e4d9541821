"""Heart-beats of the drivers, and the gaps nobody beat in (I16)."""

from datetime import datetime, timedelta

from django.db import transaction

from escalation.models import Engine, Gap
from ledger.clock import real_now

SILENCE = timedelta(seconds=10)


@transaction.atomic
def beat(*, engine_id: str, kind: str, fired: int = 0, now: datetime | None = None) -> Gap | None:
    """Say that an engine lives, and record the gap if none did for 10 s before; return that gap.

    kind  "celery" or "process". fired: timers taken since the last beat. now: machine time; None = read it.
    """
    now = now or real_now()
    engines = list(Engine.objects.select_for_update(no_key=True).order_by("pk"))
    last = max((engine.beat_at for engine in engines), default=None)
    gap = None
    if last is not None and now - last > SILENCE:
        gap = Gap.objects.create(from_at=last, to_at=now, cause="no engine beat")
    mine = next((engine for engine in engines if engine.pk == engine_id), None)
    if mine is None:
        mine = Engine.objects.get_or_create(pk=engine_id, defaults={"kind": kind, "beat_at": now})[0]
    mine.beat_at, mine.fired = now, mine.fired + fired
    if fired:
        mine.last_claim_at = now
    mine.save(update_fields=["beat_at", "last_claim_at", "fired"])
    return gap
