"""T5 and T6 of the engine's table: leases on notification rows.

A lease is measured by the database's clock from claim to renewal, so that senders on several machines agree on it.
`next_at` is the machine's time wherever it is written, so it is compared with the machine's: a database whose clock is
wrong neither keeps pages back nor lets held ones go early (F7).
"""

import uuid
from datetime import timedelta

from django.db import connection

from escalation.models import Clock, Notification
from ledger.clock import now, real_now

LEASE_SECONDS = 30
BACKOFF_SECONDS = (5, 15, 45, 60)
MAX_ATTEMPTS = 5

_CLAIM = """
WITH due AS MATERIALIZED (
  SELECT id FROM esc_notification
  WHERE (state = 'pending' AND next_at <= %s)
     OR (state = 'sending' AND lease_until < clock_timestamp())
  ORDER BY severity, next_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE esc_notification n SET state = 'sending', attempts = attempts + 1, lease_token = %s,
       lease_until = clock_timestamp() + make_interval(secs => %s)
FROM due WHERE n.id = due.id RETURNING n.id
"""
_RENEW = """
UPDATE esc_notification SET rendered_at = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE lease_token = %s AND state = 'sending'
"""


def claim() -> tuple[uuid.UUID, Notification | None]:
    """Lease the most severe, longest due row for 30 s; (token, None) if nothing is due."""
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [real_now(), 1, str(token), LEASE_SECONDS])
        row = cursor.fetchone()
    if row is None:
        return token, None
    related = ("user", "ticket__organisation", "duty", "escalation", "firing__rule", "firing__clock")
    return token, Notification.objects.select_related(*related).get(pk=row[0])


def is_moot(notification: Notification) -> bool:
    """I7: whether a page not tried before is no longer needed: its clock stopped, its escalation is over, or it asks
    for a confirmation that was given meanwhile, by whomever. Rules that go on after one (F-3) have no
    `max_occurrences`."""
    firing, duty = notification.firing, notification.duty
    if notification.kind != "page" or notification.attempts > 1:
        return False
    asks = firing is None or bool(firing.rule.max_occurrences)
    if duty is not None and duty.confirmed_at is not None and asks:
        return True
    if firing is None:
        return notification.escalation is not None and notification.escalation.closed_at is not None
    return firing.clock.state == Clock.State.STOPPED


def settle(notification: Notification, token: uuid.UUID, state: str, **fields: object) -> bool:
    """Leave a row in `state` if the lease is still ours; return whether it was."""
    held = Notification.objects.filter(pk=notification.pk, lease_token=token, state="sending")
    return bool(held.update(state=state, lease_token=None, lease_until=None, **fields))


def rendered(token: uuid.UUID) -> bool:
    """Stamp what is about to be sent under this lease and renew the lease; False if somebody else took it over."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [now(), LEASE_SECONDS, str(token)])
        return bool(cursor.rowcount)


def put_back(
    notification: Notification, token: uuid.UUID, error: str, *, seconds: float | None = None, **fields: object
) -> bool:
    """Put a row back: after 5, 15, 45, 60 s by its attempts, or after `seconds`, which does not count as a try."""
    wait = BACKOFF_SECONDS[min(notification.attempts, len(BACKOFF_SECONDS)) - 1] if seconds is None else seconds
    tries = notification.attempts if seconds is None else notification.attempts - 1
    return settle(
        notification, token, "pending", next_at=real_now() + timedelta(seconds=wait), last_error=error[:2000],
        attempts=tries, **fields,
    )  # fmt: skip
