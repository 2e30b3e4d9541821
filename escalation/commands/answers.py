"""Confirming from afar: a key pressed on the phone, one word mailed back (X-04, decisions 18)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactMethod, User
from escalation.commands.locked import duty_under_lock
from escalation.commands.stages import answers_for, settle
from escalation.models import Duty, Notification
from escalation.oncall import on_duty_manager
from escalation.replies import Reply, doubts
from ledger.actor import Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.ids import uuid7
from ledger.record import record

KEY = "1"
LONGEST_TEXT = 2000


@transaction.atomic
def confirm_by_keypad(*, reference: UUID, digit: str, call: str, at: datetime) -> Duty:
    """Confirm by the key pressed in the call that `reference` (its idempotency key) made.

    call  the provider's own id of the call, kept with the fact.

    Raises Refused: unknown_call, wrong_key, closed, already_confirmed, not_yours. Rule X-04.
    """
    asked = _asked(reference, Notification.Channel.VOICE)
    if asked is None:
        raise Refused("unknown_call", _("We made no such call."))
    if digit != KEY:
        raise Refused("wrong_key", _("Another key was pressed."))
    return _confirm(asked, Duty.How.KEYPAD, at, call=call[:80])


@transaction.atomic
def take_reply(*, reply: Reply, at: datetime) -> str:
    """Take one mailed reply to a page and return what it did: "confirmed", "already_confirmed", "closed", "unread"
    (it is no confirmation, so the duty manager sees it as news) or "unknown" (it answers nothing of ours).

    Rules: X-04, decisions 18. Never raises Refused.
    """
    asked = next((row for row in map(_by_mail, reply.references) if row is not None), None)
    if asked is None or asked.user is None:
        return "unknown"
    reasons = doubts(reply, _mailboxes(asked.user))
    if reasons:
        _tell_the_duty_manager(asked, reply, reasons, at)
        return "unread"
    try:
        _confirm(asked, Duty.How.REPLY, at, message=reply.message_id[:200])
    except Refused as refusal:
        if refusal.code in {"already_confirmed", "closed"}:
            return refusal.code
        _tell_the_duty_manager(asked, reply, [refusal.code], at)
        return "unread"
    return "confirmed"


def _asked(reference: UUID, channel: str) -> Notification | None:
    """Return the page that asked a person for a confirmation, by its idempotency key."""
    rows = Notification.objects.select_related("user", "duty__escalation__ticket__organisation", "duty__person")
    return rows.filter(idem_key=reference, channel=channel, kind="page", duty__isnull=False).first()


def _by_mail(message_id: str) -> Notification | None:
    try:
        reference = UUID(message_id.strip().strip("<>").partition("@")[0])
    except ValueError:
        return None
    return _asked(reference, Notification.Channel.EMAIL)


def _mailboxes(user: User) -> list[str]:
    ways = ContactMethod.objects.filter(user=user, channel="email", enabled=True, verified_at__isnull=False)
    return [user.email, *ways.values_list("address", flat=True)]


def _confirm(asked: Notification, how: str, at: datetime, **data: str) -> Duty:
    person, found = asked.user, asked.duty
    if person is None or found is None or not person.is_active:
        raise Refused("not_yours", _("Nobody of ours is known by this."))
    duty = duty_under_lock(found.pk, found.escalation_id, found.escalation.ticket_id)
    if not answers_for(person.pk, duty):
        raise Refused("not_yours", _("Only the person named or who stands in confirms."))
    return settle(duty, by=person, how=how, note="", actor=_holder(person, how), at=at, **data)


def _holder(person: User, how: str) -> Actor:
    return Actor(kind="link", ref=str(person.uuid), name=person.name, user_id=person.pk, via=how)


def _tell_the_duty_manager(asked: Notification, reply: Reply, reasons: list[str], at: datetime) -> None:
    """Put the reply before the duty manager as unread news, and on record; it confirms nothing."""
    duty = asked.duty
    assert duty is not None and asked.user is not None
    escalation, ticket = duty.escalation, duty.escalation.ticket
    region = ticket.organisation.region if ticket.organisation else ""
    manager = on_duty_manager(at, ticket.organisation_id, region)
    if manager.found:
        channel = Notification.Channel.WEB if manager.user else Notification.Channel.EMAIL
        Notification.objects.create(
            escalation=escalation, ticket=ticket, duty=None, role="duty_manager", user=manager.user,
            address=manager.address, why="reply", channel=channel, kind="news", idem_key=uuid7(),
            created_at=at, next_at=real_now(),
        )  # fmt: skip
    record(
        "escalation.reply_unread",
        chain=ticket.chain,
        actor=Actor(kind="link", ref=str(asked.user.uuid), name=asked.user.name, via="reply"),
        at=at,
        about=escalation,
        texts={"text": reply.text.strip()[:LONGEST_TEXT] or "–"},
        escalation=str(escalation.uuid),
        duty=str(duty.uuid),
        role=duty.role,
        reasons=reasons,
    )
