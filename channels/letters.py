"""Sends `OutboxMessage` rows: lease, render, send to each receiver, settle. At least once, one Message-ID for ever."""

import logging
import uuid
from datetime import timedelta

from django.db import transaction

from channels import attempts
from channels.failures import SendFailed
from channels.outbound.letter import Draft, message_id, render
from channels.providers import Providers, is_off
from channels.topics import AFTER, SECRETS, TOPICS
from ledger import outbox
from ledger.clock import real_now
from ledger.models import OutboxMessage

logger = logging.getLogger(__name__)


def send_outbox(limit: int = 50) -> int:
    """Send up to `limit` due rows, one lease at a time, most urgent first. Returns how many were taken.

    Two senders never hold the same row. A row whose sender was killed is taken again when its lease lapses.
    Sends nothing while `settings.OUTBOUND` is off.
    """
    taken = 0
    if is_off():
        return taken
    with Providers() as providers:
        while taken < limit:
            token, rows = outbox.claim(1)
            if not rows:
                break
            taken += 1
            _deliver(rows[0], token, providers)
    return taken


def _deliver(message: OutboxMessage, token: uuid.UUID, providers: Providers) -> None:
    topic = TOPICS.get(message.topic)
    if topic is None:
        outbox.settle_failed(message, token, f"unknown topic {message.topic}", final=True)
        return
    try:
        drafts = topic(message)
        failure = _send_all(message, token, drafts, providers)
    except Exception as error:  # a poisoned row must not stop the queue; it backs off and is seen
        logger.exception("outbox row %s cannot be rendered", message.pk)
        failure = SendFailed(f"{type(error).__name__}: {error}"[:500])
    if failure is not None:
        final = failure.final or message.attempts >= outbox.MAX_ATTEMPTS
        with transaction.atomic():
            if outbox.settle_failed(message, token, str(failure), final=final) and final:
                _forget_secrets(message)
        return
    with transaction.atomic():
        if outbox.settle_sent(message.pk, token):
            _forget_secrets(message)
            if message.topic in AFTER:
                AFTER[message.topic](message, drafts)


def _forget_secrets(message: OutboxMessage) -> None:
    if message.topic in SECRETS:
        SECRETS[message.topic](message)


def _send_all(message: OutboxMessage, token: uuid.UUID, drafts: list[Draft], providers: Providers) -> SendFailed | None:
    """Try every receiver not settled yet. None = done; a failure = try again, or final if nobody could be reached."""
    done = attempts.settled(outbox=message)
    failed: SendFailed | None = None
    reached = False
    for draft in drafts:
        if _recipient(draft) in done:
            reached = True
            continue
        if not _still_ours(message, token):
            return SendFailed("the lease was lost")
        problem = _send_one(message, draft, providers)
        reached = reached or problem is None
        if problem is not None and (failed is None or not problem.final):
            failed = problem
    if failed is not None and failed.final and reached:
        return None
    return failed


def _recipient(draft: Draft) -> str:
    """What the attempt table keeps: an address, or for a chat hook its digest (the hook holds a secret)."""
    return f"chat:{uuid.uuid5(uuid.NAMESPACE_URL, draft.chat_url)}" if draft.chat_url else draft.to.address.lower()


def _send_one(message: OutboxMessage, draft: Draft, providers: Providers) -> SendFailed | None:
    rendered = render(draft, message_id(message.pk, draft.key))
    attempt = attempts.begin(message.attempts, _recipient(draft), outbox=message)
    try:
        ref = providers.send(rendered)
    except SendFailed as failure:
        attempts.end(attempt, "refused" if failure.final else "failed", error=str(failure))
        return failure
    attempts.end(attempt, "sent", ref=ref)
    return None


def _still_ours(message: OutboxMessage, token: uuid.UUID) -> bool:
    """Renew the lease before each receiver; False if somebody else took the row meanwhile."""
    held = OutboxMessage.objects.filter(pk=message.pk, lease_token=token, state="sending")
    return bool(held.update(lease_until=real_now() + timedelta(seconds=outbox.LEASE_SECONDS)))
