"""Heart-beats of the drivers, the gaps nobody beat in (I16), and jumps of the database's clock."""

from datetime import datetime, timedelta

from escalation.claim import short_transaction
from escalation.models import Alarm, Engine, Gap
from ledger.clock import real_now

SILENCE = timedelta(seconds=10)
ONE_JUMP = timedelta(minutes=2)


@short_transaction()
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


@short_transaction()
def report_jump(*, seconds: float, engine_id: str, now: datetime | None = None) -> Alarm | None:
    """Raise the operator's alarm that the database's clock jumped; None where the other engine told of the same jump.

    seconds  forward (firing is held for up to a minute) or, below zero, backward. now: machine time; None = read it.
    """
    now = now or real_now()
    list(Engine.objects.select_for_update(no_key=True).order_by("pk"))
    told = Alarm.objects.filter(kind=Alarm.Kind.CLOCK_JUMP, settled_at=None, raised_at__gt=now - ONE_JUMP)
    if told.filter(detail__startswith="+" if seconds > 0 else "-").exists():
        return None
    return Alarm.objects.create(
        kind=Alarm.Kind.CLOCK_JUMP, detail=f"{seconds:+.0f} s, seen by {engine_id}", raised_at=now
    )
