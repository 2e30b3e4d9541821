"""One answered POST per (client, key): a repeat gets the same answer and no second effect.

The key is stored in the transaction of its effect, under an advisory lock: a concurrent twin is told at once, and a
run that fails takes its key with it, so that the client may try again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from ledger.errors import Refused
from ledger.models import IdempotencyKey
from ledger.record import canonical

KEEP = timedelta(hours=24)
MAX_KEY = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a POST answered: HTTP status, the headers worth repeating, a JSON-able body.

    replayed  True when it comes from the store and nothing was done this time.
    """

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False


def request_hash(*parts: Any) -> str:
    """Return the SHA-256 of what makes a request: method, path, body (text, bytes or JSON-able), hex."""
    texts = [p if isinstance(p, bytes) else (p if isinstance(p, str) else canonical(p)).encode() for p in parts]
    return hashlib.sha256(b"\x1f".join(hashlib.sha256(text).digest() for text in texts)).hexdigest()


def once(*, client: str, key: str, digest: str, at: datetime, run: Callable[[], Answer]) -> Answer:
    """Run `run` once for (`client`, `key`) and return its answer; within 24 h a repeat gets the stored one.

    client  who asks: an actor's ref. key: what it chose, 1 to 200 printable characters. digest: `request_hash`.
    `run` runs inside one transaction with the key. An answer of 500 and more is not kept and its effects are undone;
    a `Refused` raised by `run` passes through and frees the key.
    Raises Refused: bad_key (400), in_progress (409: its twin still runs), key_reused (422: other payload).
    """
    if not (0 < len(key) <= MAX_KEY and key.isprintable() and key.strip()):
        raise Refused("bad_key", _("Send an Idempotency-Key of 1 to 200 printable characters."), status=400)
    with transaction.atomic():
        row = _claim(client, key, digest, at)
        if row.status is not None:
            return Answer(status=row.status, body=row.body, headers=row.headers, replayed=True)
        answer = run()
        if answer.status >= 500:
            transaction.set_rollback(True)
            return answer
        row.status, row.headers, row.body = answer.status, answer.headers, answer.body
        row.save(update_fields=["status", "headers", "body"])
    return answer


def expire(at: datetime, *, limit: int = 5000) -> int:
    """Forget keys older than 24 h, at most `limit`; return how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=at - KEEP).values_list("pk", flat=True)[:limit]
    return IdempotencyKey.objects.filter(pk__in=list(old)).delete()[0]


def _claim(client: str, key: str, digest: str, at: datetime) -> IdempotencyKey:
    """Return our fresh row, or the finished one of the same request. The advisory lock is held to the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 11))", [f"{client}\x1f{key}"])
        if not cursor.fetchone()[0]:
            raise Refused("in_progress", _("The same request is still running. Ask again shortly."), status=409)
    found = IdempotencyKey.objects.filter(client=client, key=key).first()
    if found is not None and found.created_at < at - KEEP:
        found.delete()
        found = None
    if found is None:
        return IdempotencyKey.objects.create(client=client, key=key, request_hash=digest, created_at=at)
    if found.request_hash != digest:
        raise Refused("key_reused", _("This key was used for another request. Use a new one."), status=422)
    return found
