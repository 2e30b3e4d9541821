"""The watch over the engine itself: alarms that rise and settle by what is measured, and operators who are told."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from escalation.models import Alarm, Engine
from escalation.queries import Health, health
from ledger.actor import ENGINE, Actor
from ledger.clock import database_now, real_now
from ledger.errors import Refused
from ledger.record import record

CHAIN = "engine"
OPERATORS = ("supervisor", "duty_manager", "administrator")
LATE_S, PAGES_LATE_S, SILENT_S, SNAPSHOT_S = 20.0, 30.0, 10.0, 60.0
KNOWN_FOR = timedelta(days=1)
MEASURED = (Alarm.Kind.LATE, Alarm.Kind.PAGES_LATE, Alarm.Kind.DRIVER_SILENT, Alarm.Kind.SNAPSHOT)
_TURN = "SELECT pg_try_advisory_xact_lock(hashtext('escalation.watch'))"
_SNAPSHOT = """
SELECT COALESCE(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xmin IS NOT NULL AND backend_type = 'client backend'
  AND pid <> pg_backend_pid()
"""


@transaction.atomic
def keep_watch(*, at: datetime | None = None) -> list[Alarm]:
    """Measure the engine, raise and settle alarms by it, and tell operators of every alarm they do not know yet.

    at  desk time; None = the database's. A timer 20 s late was more than 5 s late for 15 s. Several drivers may call
    it at any time: one does it, the others return at once. Returns the alarms told of.
    """
    if not my_turn():
        return []
    at = at or database_now()
    wrong = _wrong(health(at))
    for kind in MEASURED:
        set_alarm(kind, wrong.get(kind, ""), at)
    return _tell(at)


@transaction.atomic
def settle_alarm(*, alarm_id: int, actor: Actor, at: datetime) -> Alarm:
    """Say that an alarm is dealt with. Raises Refused: unknown_alarm, not_operator, settled_already."""
    if not (actor.is_staff and actor.has_role(*OPERATORS)):
        raise Refused("not_operator", _("Only supervisors, duty managers and administrators settle alarms."))
    alarm = Alarm.objects.select_for_update(no_key=True).filter(pk=alarm_id).first()
    if alarm is None:
        raise Refused("unknown_alarm", _("This alarm does not exist."))
    if alarm.settled_at is not None:
        raise Refused("settled_already", _("This alarm is settled already."))
    alarm.settled_at = at
    alarm.save(update_fields=["settled_at"])
    record("alarm.settled", chain=CHAIN, actor=actor, at=at, about=alarm, alarm=str(alarm.uuid), kind=alarm.kind)
    return alarm


def my_turn() -> bool:
    """Whether no other driver watches now; if so, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN)
        return bool(cursor.fetchone()[0])


def _wrong(seen: Health) -> dict[str, str]:
    """Return what is out of bounds now: kind → detail."""
    found: dict[str, str] = {}
    if seen.lag_s > LATE_S:
        found[Alarm.Kind.LATE] = f"{seen.lag_s:.0f} s"
    if seen.oldest_notification_s > PAGES_LATE_S:
        found[Alarm.Kind.PAGES_LATE] = f"{seen.oldest_notification_s:.0f} s"
    silent = _silent_drivers()
    if silent:
        found[Alarm.Kind.DRIVER_SILENT] = ", ".join(silent)
    held = _oldest_snapshot_s()
    if held > SNAPSHOT_S:
        found[Alarm.Kind.SNAPSHOT] = f"{held:.0f} s"
    return found


def _silent_drivers() -> list[str]:
    """Return the kinds of driver (celery, process) seen in the last day of which none has beaten for 10 s."""
    now = real_now()
    last: dict[str, float] = {}
    for engine in Engine.objects.filter(beat_at__gt=now - KNOWN_FOR):
        age = (now - engine.beat_at).total_seconds()
        last[engine.kind] = min(age, last.get(engine.kind, age))
    return [f"{kind} {age:.0f} s" for kind, age in sorted(last.items()) if age > SILENT_S]


def _oldest_snapshot_s() -> float:
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT)
        return float(cursor.fetchone()[0])


def set_alarm(kind: str, detail: str, at: datetime) -> None:
    """Raise an alarm of `kind` unless one is open; settle the open one where `detail` is empty."""
    open_ones = Alarm.objects.filter(kind=kind, settled_at=None)
    if not detail:
        open_ones.update(settled_at=at)
    elif not open_ones.exists():
        Alarm.objects.create(kind=kind, detail=detail, raised_at=at)


def _tell(at: datetime) -> list[Alarm]:
    """Record each alarm operators do not know of: the fact is what is mailed. Never inside a firing (rule d)."""
    alarms = list(Alarm.objects.filter(told_at=None, settled_at=None).order_by("pk")[:20])
    for alarm in alarms:
        alarm.told_at = at
        alarm.save(update_fields=["told_at"])
        record("alarm.raised", chain=CHAIN, actor=ENGINE, at=at, about=alarm, alarm=str(alarm.uuid), kind=alarm.kind)
    return alarms
