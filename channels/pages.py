"""Sends `Notification` rows of the engine: lease, re-check, bundle, send, settle, next channel (engine design)."""

import logging
import uuid

from django.db import transaction

from channels import attempts, bundles, fallbacks, hints, leases
from channels.failures import SendFailed
from channels.lanes import REST_SECONDS, Delivery, Lanes, lane_of
from channels.outbound import web
from channels.outbound.letter import Draft, message_id, render
from channels.page_words import draft_of
from channels.providers import Message, is_off
from escalation import failpoints
from escalation.models import Notification
from ledger.clock import now

logger = logging.getLogger(__name__)


def send_notifications(limit: int = 100) -> int:
    """Send up to `limit` due notifications, severe ones first. Returns how many were taken.

    The web channel is handed over in one statement. Sends nothing while `settings.OUTBOUND` is off.
    """
    if is_off():
        return 0
    handed = web.hand_over_all()
    with Lanes() as lanes:
        return handed + lanes.each(limit - handed, lambda: claim(lanes))


def claim(lanes: Lanes) -> Delivery | None:
    """Lease the most severe due notification and return its delivery, None where nothing is due."""
    token, notification = leases.claim()
    return _deliver(notification, token, lanes) if notification is not None else None


def _deliver(notification: Notification, token: uuid.UUID, lanes: Lanes) -> Delivery:
    if notification.channel in web.SCREENS:
        leases.settle(notification, token, "sent", sent_at=now())
        return
    if leases.is_moot(notification):
        leases.settle(notification, token, "superseded")
        bundles.hand_on(notification)
        return
    held_until = bundles.seconds_to_hold(notification)
    if held_until is not None:
        bundles.hold(notification, token, seconds=held_until)
        return
    try:
        others = bundles.collect(notification, token)
        draft = draft_of(notification, others)
        message = render(draft, message_id(notification.idem_key)) if draft is not None else None
    except Exception as error:  # a poisoned row must not stop the queue
        logger.exception("notification %s cannot be rendered", notification.uuid)
        _failed(notification, token, SendFailed(f"{type(error).__name__}: {error}"[:500]))
        return
    if draft is None or message is None:
        _failed(notification, token, SendFailed("no address for this channel", final=True))
    elif lanes.busy(lane_of(draft)):
        with transaction.atomic():
            bundles.release(notification, token)
            leases.put_back(notification, token, notification.last_error, seconds=REST_SECONDS)
    else:
        yield from _send(notification, token, draft, message)


def _send(notification: Notification, token: uuid.UUID, draft: Draft, message: Message) -> Delivery:
    if not leases.rendered(token):
        return
    recipient = draft.to.address or str(notification.user_id)
    attempt = attempts.begin(notification.attempts, recipient, notification=notification)
    outcome = yield message
    failpoints.hit("after_send")
    if isinstance(outcome, SendFailed):
        attempts.end(attempt, "refused" if outcome.final else "failed", error=str(outcome))
        _failed(notification, token, outcome)
        return
    with transaction.atomic():
        attempts.end(attempt, "sent", ref=outcome)
        failpoints.hit("before_settle")
        at = now()
        if leases.settle(notification, token, "sent", sent_at=at, last_error="", provider_ref=outcome[:200]):
            bundles.settle(notification, token, at=at)
            hints.went_on(notification)


def _failed(notification: Notification, token: uuid.UUID, failure: SendFailed) -> None:
    with transaction.atomic():
        bundles.release(notification, token)
        if not failure.final and notification.attempts < leases.MAX_ATTEMPTS:
            leases.put_back(notification, token, str(failure))
        elif leases.settle(notification, token, "failed", last_error=str(failure)[:2000]):
            fallbacks.pass_on(notification)
            hints.went_on(notification)
