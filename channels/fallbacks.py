"""When a person cannot be reached by one channel: the next channel, then somebody else. Never nobody (I9)."""

import logging
import uuid

from django.conf import settings

from accounts.models import User
from escalation.models import Notification
from ledger.clock import now, real_now

logger = logging.getLogger(__name__)
ORDER = ("email", "chat")


def pass_on(notification: Notification) -> list[Notification]:
    """Queue what follows a final failure and return it: next channel of the person, else manager, else break-glass.

    Nothing follows where another channel of the same page is on its way or has arrived.
    """
    if notification.kind != "page":
        return []
    same = Notification.objects.filter(
        firing=notification.firing, role=notification.role, user=notification.user, ticket=notification.ticket,
        duty=notification.duty, channel__in=ORDER,
    )  # fmt: skip
    if notification.user_id and same.exclude(state__in=["failed", "superseded"]).exists():
        return []
    tried = set(same.values_list("channel", flat=True))
    user = notification.user
    if user is not None and user.chat_url and "chat" not in tried:
        return [_queue(notification, user=user, channel="chat", why=notification.why)]
    if user is not None and user.manager is not None and user.manager.is_active:
        return [_queue(notification, user=user.manager, channel="email", why=f"fallback of {user.name}"[:80])]
    name = user.name if user is not None else notification.address
    addresses = [address for address in settings.BREAK_GLASS if address != notification.address]
    if not addresses:
        logger.error("nobody left to tell of %s: set DESK_BREAK_GLASS", notification.uuid)
    return [_queue(notification, address=a, channel="email", why=f"fallback of {name}"[:80]) for a in addresses]


def _queue(
    failed: Notification, *, channel: str, why: str, user: User | None = None, address: str = ""
) -> Notification:
    whom = user.uuid if user is not None else address
    row, _made = Notification.objects.get_or_create(
        idem_key=uuid.uuid5(failed.idem_key, f"{failed.role}:{whom}:{channel}"),
        defaults={
            "firing": failed.firing, "escalation": failed.escalation, "ticket": failed.ticket,
            "duty": failed.duty, "role": failed.role, "why": why, "user": user, "address": address,
            "channel": channel, "kind": failed.kind, "severity": failed.severity, "created_at": now(),
            "next_at": real_now(),
        },
    )  # fmt: skip
    return row
