"""Leases on outbox rows: claim, renew, settle, back off. Sending itself lives in `channels`.

A lease is measured by the database's clock, `due_at` by the machine's, which writes it (as in `channels.leases`).
"""

import uuid
from datetime import timedelta

from django.db import connection

from ledger.clock import real_now
from ledger.models import OutboxMessage

LEASE_SECONDS = 30
BACKOFF_SECONDS = (5, 15, 45, 60, 300, 900, 3600, 7200, 14400)
MAX_ATTEMPTS = 20

_CLAIM = """
WITH due AS MATERIALIZED (
  SELECT id FROM ledger_outboxmessage
  WHERE (state = 'pending' AND due_at <= %s)
     OR (state = 'sending' AND lease_until < clock_timestamp())
  ORDER BY priority, due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE ledger_outboxmessage m SET state = 'sending', attempts = attempts + 1, lease_token = %s,
       lease_until = clock_timestamp() + make_interval(secs => %s)
FROM due WHERE m.id = due.id RETURNING m.id
"""
_RENEW = """
UPDATE ledger_outboxmessage SET lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND lease_token = %s AND state = 'sending'
"""


def claim(limit: int = 50) -> tuple[uuid.UUID, list[OutboxMessage]]:
    """Lease up to `limit` due rows for 30 s, most urgent first. Returns (lease token, rows).

    A row whose lease lapsed (its sender was killed) is leased again: at least once, with the same id each time.
    """
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [real_now(), limit, str(token), LEASE_SECONDS])
        ids = [row[0] for row in cursor.fetchall()]
    rows = OutboxMessage.objects.filter(pk__in=ids).select_related("entry").order_by("priority", "due_at")
    return token, list(rows) if ids else []


def renew(message_id: uuid.UUID, token: uuid.UUID) -> bool:
    """Hold the row for 30 s more; False if somebody else took it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [LEASE_SECONDS, str(message_id), str(token)])
        return bool(cursor.rowcount)


def settle_sent(message_id: uuid.UUID, token: uuid.UUID) -> bool:
    """Mark a row sent if the lease is still ours; return whether it was."""
    held = OutboxMessage.objects.filter(pk=message_id, lease_token=token, state="sending")
    return bool(held.update(state="sent", lease_until=None, lease_token=None, last_error=""))


def put_back(message: OutboxMessage, token: uuid.UUID, why: str, *, seconds: float) -> bool:
    """Let a row rest for `seconds` without counting a try; return whether the lease was still ours."""
    held = OutboxMessage.objects.filter(pk=message.pk, lease_token=token, state="sending")
    due_at, tries = real_now() + timedelta(seconds=seconds), message.attempts - 1
    rest = {"due_at": due_at, "attempts": tries, "last_error": why[:2000]}
    return bool(held.update(state="pending", lease_until=None, lease_token=None, **rest))


def settle_failed(message: OutboxMessage, token: uuid.UUID, error: str, *, final: bool = False) -> bool:
    """Put a row back with backoff (5, 15, 45, 60 s …), or bury it when `final` or after 20 attempts."""
    dead = final or message.attempts >= MAX_ATTEMPTS
    wait = BACKOFF_SECONDS[min(message.attempts, len(BACKOFF_SECONDS)) - 1]
    held = OutboxMessage.objects.filter(pk=message.pk, lease_token=token, state="sending")
    return bool(
        held.update(
            state="dead" if dead else "pending",
            due_at=real_now() + timedelta(seconds=wait),
            lease_until=None,
            lease_token=None,
            last_error=error[:2000],
        )
    )
