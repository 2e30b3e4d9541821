"""Those who were told of an escalation: they hear of progress until it is over, and then that it is (X-07)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import User
from channels.addresses import Target, by_way
from channels.outbound.letter import Draft, Receiver
from channels.topics.about import as_uuid, desk_url, fact, ticket_of
from escalation.models import Duty, Escalation, Notification
from escalation.reach import carried
from ledger.models import OutboxMessage
from tickets.models import Note, Ticket

TOLD = ("sending", "sent", "seen", "bundled")
SCREENS = ("web", "push")
WRITTEN = ("email", "chat")


def stand_down(message: OutboxMessage) -> list[Draft]:
    """It is over: to everyone who was told, by the way they were told, once (domain.md, "Also expected").

    An escalation's end speaks to those told of it; the ticket's end to those told of its clocks only. Whoever was
    called by voice reads it: nobody is woken to hear that there is nothing to do.
    """
    ticket = ticket_of(message)
    if ticket is None or message.entry is None:
        return []
    told = Notification.objects.filter(ticket=ticket, state__in=TOLD).exclude(channel__in=SCREENS)
    of_escalation = told.filter(escalation__isnull=False)
    if message.entry.name == "escalation.closed":
        told = of_escalation
    else:
        told = told.filter(escalation=None).exclude(user__in=of_escalation.values("user").exclude(user=None))
        told = told.exclude(user__uuid=as_uuid(message.entry.actor_ref))
    context = {"action_url": desk_url(ticket), "action": gettext_lazy("Open the ticket"), "ended": message.entry.name}
    rows = told.select_related("user").order_by("pk")
    return _drafts((_as_told(row) for row in rows), "stand_down", context, ticket)


def progress(message: OutboxMessage) -> list[Draft]:
    """A progress note while an escalation is open: to everyone told so far, in writing, but its author (X-07)."""
    ticket = ticket_of(message)
    if ticket is None or not fact(message, "progress"):
        return []
    escalation = Escalation.objects.filter(ticket=ticket, closed_at=None).first()
    note = Note.objects.filter(uuid=as_uuid(fact(message, "note"))).select_related("text").first()
    if escalation is None or note is None or note.retracted_at is not None or not note.body:
        return []
    targets = [_in_writing(user) for user in told_of(escalation) if user.pk != note.author_user_id]
    context = {
        "note": note.body, "author": note.author_name, "at": note.at, "stage": escalation.stage,
        "action_url": desk_url(ticket), "action": gettext_lazy("Open the ticket"),
    }  # fmt: skip
    return _drafts(targets, "escalation_progress", context, ticket)


def told_of(escalation: Escalation) -> list[User]:
    """Return everyone a page or a duty of the escalation went to, active ones, in the order they were told."""
    told = Notification.objects.filter(escalation=escalation, kind="page", state__in=TOLD, user__is_active=True)
    named = Duty.objects.filter(escalation=escalation, person__is_active=True)
    ids = [*named.values_list("person_id", flat=True), *told.order_by("pk").values_list("user_id", flat=True)]
    users = User.objects.in_bulk({pk for pk in ids if pk})
    return [users[pk] for pk in dict.fromkeys(pk for pk in ids if pk)]


def _as_told(row: Notification) -> Target | None:
    user = row.user
    if user is None:
        return Target(Receiver(row.address)) if row.address else None
    if not user.is_active:
        return None
    if row.channel == "voice":
        text = by_way(user, "sms") if carried("sms") else None
        return text or by_way(user, "email")
    return by_way(user, row.channel, row.address) or by_way(user, "email")


def _in_writing(user: User) -> Target | None:
    return next((target for target in (by_way(user, way) for way in WRITTEN) if target is not None), None)


def _drafts(targets: Iterable[Target | None], template: str, context: dict[str, Any], ticket: Ticket) -> list[Draft]:
    """One draft for each different target."""
    drafts = [
        Draft(target.to, template, context, ticket, target.url, target.way, target.secret)
        for target in targets
        if target is not None
    ]
    return list({(draft.way, draft.key): draft for draft in drafts}.values())
