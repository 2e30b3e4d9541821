"""Words of a notification: one page with its one-tap link, a digest, news, a stand-down."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from channels.addresses import target_of
from channels.outbound.letter import Draft
from channels.topics.about import desk_url
from escalation.board_ack import ack_token
from escalation.models import ConfirmLink, Duty, Firing, Notification
from escalation.oncall import WHY
from ledger.clock import now
from tickets.models import Note, Ticket

ALL_TOLD = "all_told"
REPLY_WORD = "CONFIRM"
VALID = timedelta(minutes=60)
TEMPLATES = {"page": "page", "news": "escalation_news", "stand_down": "stand_down"}


def draft_of(notification: Notification, others: list[Notification]) -> Draft | None:
    """Return what is to be said; None if there is no address for the channel. `others` = what a digest also lists."""
    target = target_of(notification)
    if target is None:
        return None
    sent: dict[str, Any] = {"chat_url": target.url, "way": target.way, "secret": target.secret}
    if others:
        listed = [_line(row) for row in [notification, *others]]
        context = {"pages": listed, "action_url": f"{settings.BASE_URL}/desk/inbox/", "action": _("Open your inbox")}
        return Draft(target.to, "digest", context, None, **sent)
    context = _context(notification)
    return Draft(target.to, TEMPLATES.get(notification.kind, "page"), context, notification.ticket, **sent)


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
        "label": _(firing.rule.label) if firing is not None else _("You are called to an escalation"),
        "code": firing.rule_code if firing is not None else "",
        "collapsed": firing.collapsed if firing is not None else 0,
        "role": notification.role,
        "why": WHY.get(notification.why, notification.why),
        "due_at": due,
        "escalation": notification.escalation,
        "confirm": False,
        "progress": _progress(firing, ticket),
    }
    person = notification.user
    if duty is not None and duty.confirmed_at is None and notification.kind == "page" and person is not None:
        context |= {"confirm": True, "action": _("Confirm that you know"), "reply_word": _word(notification)}
        if notification.channel != Notification.Channel.VOICE:
            context["action_url"] = confirm_url(notification, duty, person)
    elif ticket is not None:
        context |= {"action_url": desk_url(ticket), "action": _("Open the ticket"), "ack_url": _ack_url(notification)}
    return context


def _ack_url(notification: Notification) -> str:
    """The signed link that acknowledges a page which asks for no confirmation; "" for anything else."""
    spoken = notification.channel == Notification.Channel.VOICE
    if notification.kind != "page" or notification.firing is None or notification.user is None or spoken:
        return ""
    return f"{settings.BASE_URL}/a/{ack_token(notification, now())}/"


def _word(notification: Notification) -> str:
    """The one word a reply confirms with; "" where replies do not reach us."""
    by_mail = notification.channel == Notification.Channel.EMAIL
    return REPLY_WORD if by_mail and settings.MAIL_HOOK_SECRET else ""


def _progress(firing: Firing | None, ticket: Ticket | None) -> Note | None:
    """The last progress on record, for what tells everyone how it stands (X-07); None for any other page."""
    if firing is None or ticket is None or ALL_TOLD not in firing.rule.targets:
        return None
    return Note.objects.filter(ticket=ticket, progress=True, retracted_at=None).select_related("text").first()


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
