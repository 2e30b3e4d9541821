"""Calls of providers to us: signed as standardwebhooks.com says, within five minutes, each taken once."""

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from channels.models import HookEvent
from channels.outbound.webhook import PREFIX, sign
from ledger.clock import real_now

WINDOW_SECONDS = 300
KEPT = timedelta(days=1)
Handler = Callable[[dict[str, Any]], str]


class Unsigned(Exception):
    """A call that is not the provider's: no or a wrong signature, or a time outside the window."""


class Replayed(Exception):
    """A call that was taken before."""


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return the id of a signed call. Raises Unsigned.

    secret   "whsec_…" as the provider got it, or plain text.
    headers  webhook-id, webhook-timestamp and webhook-signature ("v1,… v1,…" while keys change), any case.
    """
    ident, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not ident or len(ident) > 200 or not stamp.isdecimal() or len(stamp) > 12:
        raise Unsigned("incomplete")
    if abs(real_now().timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise Unsigned("outside the window")
    expected = sign(_key(secret), ident, int(stamp), body)
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(one.encode(), expected.encode()) for one in given):
        raise Unsigned("wrong signature")
    return ident


def take(source: str, ident: str, event: dict[str, Any], handler: Handler) -> str:
    """Do what a verified call asks, once, and return what it did. Raises Replayed.

    The mark that it was taken commits with what it did: a call that failed half-way may come again.
    """
    kind = str(event.get("type", ""))[:20]
    with transaction.atomic():
        try:
            with transaction.atomic():
                mark = HookEvent.objects.create(source=source, event_id=ident, kind=kind, received_at=real_now())
        except IntegrityError as error:
            raise Replayed from error
        mark.outcome = handler(event)[:40]
        mark.save(update_fields=["outcome"])
        return mark.outcome


def expire(*, at: datetime) -> int:
    """Forget marks older than a day, long after their window; returns how many. Housekeeping."""
    return HookEvent.objects.filter(received_at__lt=real_now() - KEPT).delete()[0]


def _key(secret: str) -> str:
    return secret if secret.startswith(PREFIX) else PREFIX + base64.b64encode(secret.encode()).decode()
