"""The canary: a clock of our own that goes the whole way each minute, so that silence is noticed (dead-man switch)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import ContactMethod, User
from escalation.commands.watch import set_alarm
from escalation.models import Alarm, Clock, Notification
from escalation.subjects import start_subject, stop_subject
from ledger.clock import database_now, real_now

EVERY = timedelta(seconds=60)
LOST_AFTER = timedelta(minutes=3)
KIND = "canary"
EMAIL = "canary@servicedesk.invalid"


@transaction.atomic
def send_canary(*, at: datetime | None = None) -> bool:
    """Arm the canary when a minute has passed since the last one; return whether it was armed.

    Its clock is started like any other, fires like any other and is delivered like any other: to nobody's screen, and
    to the mailbox `DESK_CANARY_EMAIL` names. What it proves is the whole way, not that a process lives.
    """
    at = at or database_now()
    last = Clock.objects.filter(subject_kind=KIND).order_by("-started_at").first()
    if last is not None and at - last.started_at < EVERY:
        return False
    if last is not None:
        stop_subject(KIND, last.subject_id, "heard", at=at)
    minute = int(at.timestamp()) // 60
    started = start_subject(
        KIND, minute, facts={}, started_at=at, at=at, chain=f"canary:{at:%Y-%m-%d}", people={"owner": _bird().pk}
    )
    return bool(started)


def last_heard() -> datetime | None:
    """Return when the last canary was handed over; None if none was yet. 1 query on an index."""
    sent = Notification.objects.filter(user__email=EMAIL, channel=channel(), sent_at__isnull=False)
    sent = sent.order_by("-created_at")
    return sent.values_list("sent_at", flat=True).first()


@transaction.atomic
def listen(*, at: datetime | None = None) -> bool:
    """Raise the alarm when canaries were sent for three minutes and none was heard; settle it when one is.

    Returns whether one was heard in the last three minutes.
    """
    at = at or database_now()
    heard = last_heard()
    first = Clock.objects.filter(subject_kind=KIND).order_by("started_at").values_list("started_at", flat=True).first()
    waited = first is not None and at - first > LOST_AFTER
    alive = heard is not None and at - heard <= LOST_AFTER
    if alive or waited:
        set_alarm(Alarm.Kind.CANARY, "" if alive else f"{heard or '–'}", at)
    return alive


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
