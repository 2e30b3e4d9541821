"""The web channel: a notification is on screen as soon as it is there; the person marks it seen."""

from datetime import datetime

from django.db.models import QuerySet

from escalation.models import Notification
from ledger.actor import Actor
from ledger.clock import now


def hand_over_all() -> int:
    """Mark every waiting web notification as handed over; one statement. Returns how many."""
    waiting = Notification.objects.filter(channel="web", state="pending")
    return waiting.update(state="sent", sent_at=now(), attempts=1)


def inbox(actor: Actor) -> QuerySet[Notification]:
    """Return what `actor` is shown: own web notifications, newest first. Empty for anyone but a user."""
    rows = Notification.objects.filter(channel="web", user_id=actor.user_id or -1).exclude(state="superseded")
    return rows.select_related("ticket", "firing__rule", "escalation").order_by("-created_at")


def unseen(actor: Actor) -> int:
    """Return the number on the badge."""
    return inbox(actor).filter(seen_at=None).count()


def mark_seen(uuids: list, *, actor: Actor, at: datetime) -> int:
    """Mark own notifications seen; others' and unknown ones are passed over. Seeing is not confirming (X-04)."""
    return inbox(actor).filter(uuid__in=uuids, seen_at=None).update(state="seen", seen_at=at)
