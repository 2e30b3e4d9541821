"""Sends `OutboxMessage` rows: lease, render, send to each receiver, settle. At least once, one Message-ID for ever."""

import logging
import uuid
from collections.abc import Generator

from django.db import transaction

from channels import attempts
from channels.failures import Rests, SendFailed
from channels.lanes import REST_SECONDS, Delivery, Lanes, Message, Outcome, lane_of
from channels.outbound.letter import Draft, message_id, render
from channels.providers import is_off
from channels.topics import AFTER, FAILED, SECRETS, TOPICS
from ledger import outbox
from ledger.models import OutboxMessage

logger = logging.getLogger(__name__)


def send_outbox(limit: int = 50) -> int:
    """Send up to `limit` due rows, one lease at a time, most urgent first. Returns how many were taken.

    Two senders never hold the same row. A row whose sender was killed is taken again when its lease lapses.
    Sends nothing while `settings.OUTBOUND` is off.
    """
    if is_off():
        return 0
    with Lanes() as lanes:
        return lanes.each(limit, lambda: claim(lanes))


def claim(lanes: Lanes) -> Delivery | None:
    """Lease the next due row and return its delivery, None where nothing is due."""
    token, rows = outbox.claim(1)
    return _deliver(rows[0], token, lanes) if rows else None


def _deliver(message: OutboxMessage, token: uuid.UUID, lanes: Lanes) -> Delivery:
    topic = TOPICS.get(message.topic)
    if topic is None:
        outbox.settle_failed(message, token, f"unknown topic {message.topic}", final=True)
        return
    try:
        drafts = topic(message)
        failure = yield from _send_all(message, token, drafts, lanes)
    except Exception as error:  # a poisoned row must not stop the queue; it backs off and is seen
        logger.exception("outbox row %s cannot be rendered", message.pk)
        failure = SendFailed(f"{type(error).__name__}: {error}"[:500])
    if isinstance(failure, Rests):
        outbox.put_back(message, token, str(failure), seconds=REST_SECONDS)
        return
    if failure is not None:
        final = failure.final or message.attempts >= outbox.MAX_ATTEMPTS
        with transaction.atomic():
            held = outbox.settle_failed(message, token, str(failure), final=final)
            if held and final:
                _forget_secrets(message)
            if held and message.topic in FAILED:
                FAILED[message.topic](message, str(failure))
        return
    with transaction.atomic():
        if outbox.settle_sent(message.pk, token):
            _forget_secrets(message)
            if message.topic in AFTER:
                AFTER[message.topic](message, drafts)


def _forget_secrets(message: OutboxMessage) -> None:
    if message.topic in SECRETS:
        SECRETS[message.topic](message)


def _send_all(
    message: OutboxMessage, token: uuid.UUID, drafts: list[Draft], lanes: Lanes
) -> Generator[Message, Outcome, SendFailed | None]:
    """Try every receiver not settled yet. None = done; a failure = try again, or final if nobody could be reached.

    Rests = nothing failed, but a receiver's domain does not answer another line yet.
    """
    done = attempts.settled(outbox=message)
    failed: SendFailed | None = None
    reached = rests = False
    for draft in drafts:
        if _recipient(draft) in done:
            reached = True
            continue
        if lanes.busy(lane_of(draft)):
            rests = True
            continue
        if not outbox.renew(message.pk, token):
            return SendFailed("the lease was lost")
        problem = yield from _send_one(message, draft)
        reached = reached or problem is None
        if problem is not None and (failed is None or not problem.final):
            failed = problem
    if rests and (failed is None or failed.final):
        return Rests("its domain does not answer another letter yet")
    if failed is not None and failed.final and reached:
        return None
    return failed


def _recipient(draft: Draft) -> str:
    """What the attempt table keeps: an address, or for a chat hook its digest (the hook holds a secret)."""
    return f"chat:{uuid.uuid5(uuid.NAMESPACE_URL, draft.chat_url)}" if draft.chat_url else draft.to.address.lower()


def _send_one(message: OutboxMessage, draft: Draft) -> Generator[Message, Outcome, SendFailed | None]:
    rendered = render(draft, message_id(message.pk, draft.key))
    attempt = attempts.begin(message.attempts, _recipient(draft), outbox=message)
    outcome = yield rendered
    if isinstance(outcome, SendFailed):
        attempts.end(attempt, "refused" if outcome.final else "failed", error=str(outcome))
        return outcome
    attempts.end(attempt, "sent", ref=outcome)
    return None
