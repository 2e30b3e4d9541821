"""The signed link of a page that asks for an acknowledgement: made, read, and what may be told before its POST.

Nothing is stored: the link carries the notification's id and when it was made, signed with the desk's key. It works
once because an acknowledgement is once per person (decisions 18).
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from escalation.models import Ack, Clock, Notification

SALT = "escalation.acknowledge"
VALID = timedelta(hours=24)
ID, INSTANT, SEAL = 16, 6, 16
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class AckView:
    """state: open, used, closed (its clock stopped) or expired. number and priority "" where no ticket is concerned."""

    state: str
    number: str
    priority: str
    due_at: datetime | None
    until: datetime
    language: str
    time_zone: str
    notification: Notification


def ack_token(notification: Notification, at: datetime) -> str:
    """Return the token of a page's link, made at `at`: 51 characters fit for an address."""
    body = notification.uuid.bytes + int((at - EPOCH).total_seconds()).to_bytes(INSTANT, "big")
    return base64.urlsafe_b64encode(body + _seal(body)).decode().rstrip("=")


def ack_view(token: str, at: datetime) -> AckView | None:
    """Return what may be told of a link; None for one we did not make. Reads only. 2 queries."""
    read = _read(token)
    if read is None:
        return None
    uuid, made_at = read
    rows = Notification.objects.select_related("firing__clock", "ticket", "user")
    found = rows.filter(uuid=uuid, user__is_active=True, firing__isnull=False).first()
    if found is None or found.user is None:
        return None
    until, ticket = made_at + VALID, found.ticket
    return AckView(
        state=_state(found, until, at), number=ticket.number if ticket else "",
        priority=ticket.priority if ticket else "", due_at=found.firing.due_at if found.firing else None, until=until,
        language=found.user.language, time_zone=found.user.time_zone, notification=found,
    )  # fmt: skip


def _state(notification: Notification, until: datetime, at: datetime) -> str:
    if Ack.objects.filter(firing=notification.firing_id, user=notification.user_id).exists():
        return "used"
    if notification.firing is not None and notification.firing.clock.state == Clock.State.STOPPED:
        return "closed"
    return "expired" if at >= until else "open"


def _read(token: str) -> tuple[UUID, datetime] | None:
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    body, seal = whole[: ID + INSTANT], whole[ID + INSTANT :]
    if len(whole) != ID + INSTANT + SEAL or not hmac.compare_digest(seal, _seal(body)):
        return None
    seconds = int.from_bytes(body[ID:], "big")
    return UUID(bytes=body[:ID]), EPOCH + timedelta(seconds=seconds)


def _seal(body: bytes) -> bytes:
    return salted_hmac(SALT, body, algorithm="sha256").digest()[:SEAL]
