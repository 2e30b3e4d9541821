"""After 5 pages in 60 s to one person by one channel the rest become one digest. Severity 1 is never held.

One of the held pages carries the digest: it alone falls due when the minute is over, and takes the others with it. They
fall due two minutes later, should its sender die. So several senders at once still make one digest.
"""

import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from channels import leases
from channels.models import DeliveryAttempt
from escalation.models import Notification
from ledger.clock import now, real_now

FREE = 5
WINDOW = timedelta(seconds=60)
RESERVE = 2 * WINDOW  # so that who waits behind the carrier is told from the carrier by when it falls due
HELD = "held by bundling"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_HOLD_THE_REST = """
WITH rest AS MATERIALIZED (
  SELECT id FROM esc_notification WHERE user_id = %s AND channel = %s AND state = 'pending' AND kind = 'page'
    AND severity > 1 AND attempts = 0 AND held_at IS NULL FOR UPDATE SKIP LOCKED
)
UPDATE esc_notification n SET last_error = %s, held_at = %s, next_at = %s FROM rest WHERE n.id = rest.id
"""


def may_bundle(notification: Notification) -> bool:
    """Whether this notification may ever be held: a page below severity 1 to a person."""
    return notification.kind == "page" and notification.severity > 1 and notification.user_id is not None


def seconds_to_hold(notification: Notification) -> float | None:
    """Return for how long to hold it, None to send it now: 5 went out within the last minute, so wait it out."""
    if not may_bundle(notification):
        return None
    sent = DeliveryAttempt.objects.filter(
        notification__user=notification.user, notification__channel=notification.channel, outcome="sent",
        notification__kind="page", started_at__gt=real_now() - WINDOW,
    ).exclude(notification__severity=1)  # fmt: skip
    recent = list(sent.order_by("-started_at").values_list("started_at", flat=True)[:FREE])
    if len(recent) < FREE:
        return None
    return max((recent[-1] + WINDOW - real_now()).total_seconds(), 0.1)


def hold(notification: Notification, token: uuid.UUID, *, seconds: float) -> bool:
    """Put a page back for `seconds`, "held by bundling" since its first time; return whether the lease was ours.

    Every other page to the same person by the same channel that nobody tried yet is held with it, in one statement:
    after an outage thousands wait, and one digest tells of all of them. 4 queries.
    """
    at = now()
    person, channel = notification.user_id, notification.channel
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"bundle/{person}/{channel}"])
        wait = timedelta(seconds=seconds)
        if _carried(notification):
            wait += RESERVE
        since = notification.held_at or at
        if not leases.put_back(notification, token, HELD, seconds=wait.total_seconds(), held_at=since):
            return False
        cursor.execute(_HOLD_THE_REST, [person, channel, HELD, at, real_now() + wait + RESERVE])
    return True


def hand_on(notification: Notification) -> None:
    """A page that is not needed any more was to carry the digest: another held one does so now."""
    if notification.last_error == HELD and (heir := _held(notification).order_by("next_at", "pk").first()) is not None:
        Notification.objects.filter(pk=heir.pk, state="pending").update(next_at=real_now())


def _carried(notification: Notification) -> bool:
    """Whether another page carries the digest already: it falls due within the minute."""
    at = real_now()
    return _held(notification).filter(next_at__gt=at, next_at__lte=at + WINDOW).exists()


def _held(notification: Notification) -> QuerySet[Notification]:
    """The pages to the same person by the same channel that wait for their digest."""
    return Notification.objects.filter(
        user=notification.user, channel=notification.channel, state="pending", last_error=HELD, kind="page"
    )


def collect(notification: Notification, token: uuid.UUID) -> list[Notification]:
    """Take the other held pages of the same person and channel under the same lease; [] if this one was not held."""
    if not may_bundle(notification) or notification.last_error != HELD:
        return []
    with transaction.atomic():
        held = _held(notification).select_for_update(skip_locked=True, no_key=True)
        ids = list(held.values_list("pk", flat=True))
        Notification.objects.filter(pk__in=ids).update(
            state="sending", lease_token=token, lease_until=notification.lease_until
        )
    related = ("ticket__organisation", "firing__rule", "firing__clock", "duty")
    rows = Notification.objects.filter(pk__in=ids, lease_token=token).select_related(*related)
    needed = []
    for row in rows.order_by("severity", "created_at"):
        if leases.is_moot(row):
            leases.settle(row, token, "superseded")
        else:
            needed.append(row)
    return needed


def settle(notification: Notification, token: uuid.UUID, *, at: datetime) -> int:
    """The digest went out with `notification`: what it listed is settled as bundled and says by which."""
    listed = Notification.objects.filter(lease_token=token, state="sending", last_error=HELD)
    return listed.update(state="bundled", sent_at=at, held_by=notification, lease_token=None, lease_until=None)


def release(notification: Notification, token: uuid.UUID) -> int:
    """The digest did not go out: what it listed waits again."""
    listed = Notification.objects.filter(lease_token=token, state="sending").exclude(pk=notification.pk)
    return listed.update(state="pending", lease_token=None, lease_until=None)
