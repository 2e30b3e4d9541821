"""Words of a notification: one page with its one-tap link, a digest, news, a stand-down."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from channels.outbound.letter import Draft, Receiver
from channels.topics.about import desk_url, of_user
from escalation.models import ConfirmLink, Duty, Notification
from escalation.oncall import WHY
from ledger.clock import now

VALID = timedelta(minutes=60)
TEMPLATES = {"page": "page", "news": "escalation_news", "stand_down": "stand_down"}


def draft_of(notification: Notification, others: list[Notification]) -> Draft | None:
    """Return what is to be said; None if there is no address for the channel. `others` = what a digest also lists."""
    to, chat_url = _receiver(notification)
    if to is None:
        return None
    if others:
        listed = [_line(row) for row in [notification, *others]]
        context = {"pages": listed, "action_url": f"{settings.BASE_URL}/desk/inbox/", "action": _("Open your inbox")}
        return Draft(to, "digest", context, None, chat_url)
    context = _context(notification)
    return Draft(to, TEMPLATES.get(notification.kind, "page"), context, notification.ticket, chat_url)


def _receiver(notification: Notification) -> tuple[Receiver | None, str]:
    user = notification.user
    if notification.channel == "chat":
        url = user.chat_url if user is not None and user.is_active else ""
        return (Receiver("", user.name, user.language, user.time_zone), url) if user and url else (None, "")
    if user is not None:
        return of_user(user), ""
    return (Receiver(notification.address) if notification.address else None), ""


def _line(row: Notification) -> dict[str, Any]:
    """One line of a digest: number, rule and due time; nothing else of a restricted ticket."""
    firing, ticket = row.firing, row.ticket
    return {
        "number": ticket.number if ticket else "",
        "label": "" if ticket and ticket.restricted else (_(firing.rule.label) if firing else row.role),
        "due_at": firing.due_at if firing else row.created_at,
    }


def _context(notification: Notification) -> dict[str, Any]:
    firing, duty, ticket = notification.firing, notification.duty, notification.ticket
    due = (duty.due_at if duty is not None else None) or (firing.due_at if firing is not None else None)
    context = {
        "label": _(firing.rule.label) if firing is not None else "",
        "code": firing.rule_code if firing is not None else "",
        "collapsed": firing.collapsed if firing is not None else 0,
        "role": notification.role,
        "why": WHY.get(notification.why, notification.why),
        "due_at": due,
        "escalation": notification.escalation,
        "confirm": False,
    }
    person = notification.user
    if duty is not None and duty.confirmed_at is None and notification.kind == "page" and person is not None:
        context |= {
            "action_url": confirm_url(notification, duty, person),
            "action": _("Confirm that you know"),
            "confirm": True,
        }
    elif ticket is not None:
        context |= {"action_url": desk_url(ticket), "action": _("Open the ticket")}
    return context


def confirm_url(notification: Notification, duty: Duty, person: User) -> str:
    """Make a one-tap link for the person of a duty and return its address. Only the hash is kept (decisions 18).

    Valid until an hour after the duty is due, at least an hour from now. Each try of a mail has its own link.
    """
    at, token = now(), secrets.token_urlsafe(32)
    ConfirmLink.objects.create(
        duty=duty,
        person=person,
        notification=notification,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        created_at=at,
        expires_at=max(duty.due_at or at, at) + VALID,
    )
    return f"{settings.BASE_URL}/c/{token}/"
