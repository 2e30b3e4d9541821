"""The screen: a notification is there as soon as it is handed over; the person marks it seen."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from escalation.models import Notification
from ledger.actor import Actor
from ledger.clock import now

SCREENS = ("web", "push")


def hand_over_all() -> int:
    """Mark what waits for a screen as handed over; returns how many. 2 statements.

    Pages of a clock that has stopped meanwhile are not shown any more (I7).
    """
    waiting = Notification.objects.filter(channel__in=SCREENS, state="pending")
    waiting.filter(kind="page", firing__clock__state="stopped").update(state="superseded")
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


def claim_push(actor: Actor, *, at: datetime, limit: int = 5) -> list[Notification]:
    """Return what the actor's browser is to show now, the severest and newest first, each to one tab only.

    Being shown is the receipt, never a confirmation (X-04). 2 statements.
    """
    mine = Notification.objects.filter(channel="push", user_id=actor.user_id or -1, receipt="", seen_at=None)
    with transaction.atomic():
        new = mine.exclude(state__in=["pending", "superseded"]).order_by("severity", "-created_at")
        ids = list(new.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:limit])
        Notification.objects.filter(pk__in=ids).update(receipt=Notification.Receipt.DELIVERED, receipt_at=at)
    rows = Notification.objects.filter(pk__in=ids).select_related("ticket", "firing__rule", "escalation")
    return list(rows.order_by("severity", "-created_at"))


def mark_clicked(uuid: str, *, actor: Actor, at: datetime) -> int:
    """Mark an own desktop notification seen, and the same page's line in the inbox."""
    found = Notification.objects.filter(channel="push", user_id=actor.user_id or -1, uuid=uuid).first()
    if found is None:
        return 0
    same = Notification.objects.filter(channel__in=SCREENS, user=found.user, firing=found.firing, seen_at=None)
    return same.filter(ticket=found.ticket, role=found.role).update(state="seen", seen_at=at)
