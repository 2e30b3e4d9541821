"""The canary: a clock of our own that goes the whole way each minute, so that silence is noticed (dead-man switch)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import ContactMethod, User
from escalation.commands.watch import my_turn, set_alarm
from escalation.models import Alarm, Clock, Notification
from escalation.subjects import start_subject, stop_subject
from ledger.clock import database_now, real_now

EVERY = timedelta(seconds=60)
LOST_AFTER = timedelta(minutes=3)
REMEMBERED_MINUTES = 60
KIND = "canary"
EMAIL = "canary@servicedesk.invalid"


@transaction.atomic
def send_canary(*, at: datetime | None = None) -> bool:
    """Arm the canary when a minute has passed since the last one; return whether it was armed.

    Its clock is started like any other, fires like any other and is delivered like any other: to nobody's screen, and
    to the mailbox `DESK_CANARY_EMAIL` names. What it proves is the whole way, not that a process lives.
    """
    if not my_turn():
        return False
    at = at or database_now()
    last = _clocks().last()
    if last is not None and at - last.started_at < EVERY:
        return False
    if last is not None:
        stop_subject(KIND, last.subject_id, "heard", at=at)
    started = start_subject(
        KIND, _minute(at), facts={}, started_at=at, at=at, chain=f"canary:{at:%Y-%m-%d}", people={"owner": _bird().pk}
    )
    return bool(started)


def last_heard() -> datetime | None:
    """Return when the last canary of the last hour was handed over; None if none was. 2 queries, each on an index,
    however many canaries there have been: their clocks are numbered by the minute.
    """
    newest = _clocks().values_list("subject_id", flat=True).last()
    if newest is None:
        return None
    recent = Notification.objects.filter(
        firing__clock__subject_kind=KIND, firing__clock__subject_id__gt=newest - REMEMBERED_MINUTES,
        channel=channel(), sent_at__isnull=False,
    )  # fmt: skip
    return recent.order_by("-firing__clock__subject_id").values_list("sent_at", flat=True).first()


@transaction.atomic
def listen(*, at: datetime | None = None) -> bool:
    """Raise the alarm when canaries were sent for three minutes and none was heard; settle it when one is.

    Returns whether one was heard in the last three minutes.
    """
    at = at or database_now()
    heard = last_heard()
    first = _clocks().values_list("started_at", flat=True).first()
    waited = first is not None and at - first > LOST_AFTER
    alive = heard is not None and at - heard <= LOST_AFTER
    if alive or waited:
        set_alarm(Alarm.Kind.CANARY, "" if alive else f"{heard or '–'}", at)
    return alive


def _clocks() -> QuerySet[Clock]:
    """The canaries' clocks, oldest first, in the order of the index that keeps them unique."""
    return Clock.objects.filter(subject_kind=KIND).order_by("subject_id")


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def channel() -> str:
    """Return the channel on which the canary is listened for: e-mail where it has a mailbox, else the desk's own."""
    return "email" if settings.CANARY_EMAIL else "push"


def _bird() -> User:
    """Return the canary's own account: no password, no role; its one way is the sink's mailbox, or none."""
    bird, _made = User.objects.get_or_create(email=EMAIL, defaults={"name": "Canary", "kind": "service"})
    ContactMethod.objects.filter(user=bird).exclude(address=settings.CANARY_EMAIL).delete()
    ContactMethod.objects.get_or_create(
        user=bird, channel=channel(), address=settings.CANARY_EMAIL, defaults={"verified_at": real_now()}
    )
    return bird
