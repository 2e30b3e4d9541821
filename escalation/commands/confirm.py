"""Confirming a contact duty is a named human act: on the desk, by one-tap link, or by a recorded call (X-04)."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escalation.commands.locked import duty_under_lock, locked_duty
from escalation.commands.stages import answers_for, deputy_of, settle
from escalation.models import ConfirmLink, Duty
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import keep_text, record
from tickets import words
from tickets.models import Interaction

CALLERS = ("agent", "supervisor", "duty_manager")


def token_hash(token: str) -> str:
    """Return what the database keeps of a link's token: SHA-256, hex."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def confirm_duty(*, duty_id: int, how: str = Duty.How.DESK, actor: Actor, at: datetime, note: str = "") -> Duty:
    """Confirm as the signed-in person named by the duty, or as who stands in, named as such.

    Raises Refused: unknown_duty, closed, already_confirmed, not_yours. Rule X-04.
    """
    duty = locked_duty(duty_id, actor)
    _require_unconfirmed(duty)
    if not (actor.is_staff and answers_for(actor.user_id, duty)):
        raise Refused("not_yours", _("Only the person named or the deputy confirms here. Record a phone call instead."))
    return settle(duty, by=_user(actor), how=how, note=note, actor=actor, at=at)


@transaction.atomic
def confirm_by_link(*, token: str, ip: str | None, user_agent: str, at: datetime) -> Duty:
    """Confirm by the holder of a one-tap link; once, however many POSTs arrive. Keeps address and agent on the link.

    Raises Refused: unknown_link, link_used, link_expired, closed, already_confirmed. Rule X-04; decisions 18.
    """
    link = take_link(token, at)
    duty = settle(link.duty, by=link.person, how=Duty.How.LINK, note="", actor=holder(link), at=at)
    spend(link, ip, user_agent, at)
    return duty


def _user(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id or 0)


def take_link(token: str, at: datetime) -> ConfirmLink:
    """Return the unspent link of `token` with its duty, everything locked: ticket, escalation, duty, link."""
    found = ConfirmLink.objects.filter(token_sha256=token_hash(token)).select_related("duty__escalation").first()
    if found is None:
        raise Refused("unknown_link", _("We do not know this link."))
    duty = duty_under_lock(found.duty_id, found.duty.escalation_id, found.duty.escalation.ticket_id)
    link = ConfirmLink.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=found.pk)
    link.duty = duty
    if link.used_at is not None:
        raise Refused("link_used", _("This link was used already."))
    _require_unconfirmed(duty)
    if at >= link.expires_at:
        raise Refused("link_expired", _("This link has expired."))
    return link


def spend(link: ConfirmLink, ip: str | None, user_agent: str, at: datetime) -> None:
    """Mark a locked link used."""
    link.used_at, link.used_ip, link.used_agent = at, ip, user_agent[:200]
    link.save(update_fields=["used_at", "used_ip", "used_agent"])


def holder(link: ConfirmLink) -> Actor:
    """Return the actor behind a link: the person it was sent to."""
    person = link.person
    return Actor(kind="link", ref=str(person.uuid), name=person.name, user_id=person.pk, via="link")


@transaction.atomic
def record_phone_confirmation(
    *, duty_id: int, number: str, outcome: str, note: str, deputy: bool = False, actor: Actor, at: datetime
) -> Duty:
    """Record an outbound call to the person named (or the deputy): reached confirms the duty, not_reached does not.

    outcome  "reached" or "not_reached"; the call becomes an interaction of the ticket either way.

    Raises Refused: unknown_duty, closed, already_confirmed, not_allowed, own_duty, nobody_named, no_deputy,
    bad_outcome, bad_number, note_missing. Rule X-04.
    """
    duty = locked_duty(duty_id, actor)
    _require_unconfirmed(duty)
    person = _called(duty, deputy, actor)
    if outcome not in {Interaction.Disposition.REACHED, Interaction.Disposition.NOT_REACHED}:
        raise Refused("bad_outcome", _("Say whether the person was reached."), field="outcome")
    number = number.replace(" ", "")
    if not (number.startswith("+") and number[1:].isdigit() and 7 <= len(number) <= 16):
        raise Refused("bad_number", _("Give the number dialled, with country code: +61…"), field="number")
    if outcome == Interaction.Disposition.REACHED and not note.strip():
        raise Refused("note_missing", _("Say what was told and what was answered."), field="note")
    ticket = duty.escalation.ticket
    call = Interaction.objects.create(
        channel=words.Channel.CALL, direction=Interaction.Direction.OUT, caller_number=number, started_at=at,
        answered_at=at if outcome == Interaction.Disposition.REACHED else None, ended_at=at, agent_id=actor.user_id,
        organisation_id=ticket.organisation_id, ticket=ticket, disposition=outcome,
        summary=keep_text(ticket.chain, "summary", note.strip()) if note.strip() else None,
    )  # fmt: skip
    if outcome == Interaction.Disposition.REACHED:
        return settle(duty, by=person, how=Duty.How.CALL, note=note, actor=actor, at=at, call=str(call.uuid))
    record(
        "escalation.attempted", chain=ticket.chain, actor=actor, at=at, about=duty.escalation,
        texts={"note": note.strip()}, escalation=str(duty.escalation.uuid), duty=str(duty.uuid),
        role=duty.role, call=str(call.uuid), person=str(person.uuid),
    )  # fmt: skip
    return duty


def _called(duty: Duty, deputy: bool, actor: Actor) -> User:
    if not (actor.is_staff and actor.has_role(*CALLERS)):
        raise Refused("not_allowed", _("An agent, supervisor or duty manager records calls."))
    person = deputy_of(duty) if deputy else duty.person
    if person is None and deputy:
        raise Refused("no_deputy", _("No deputy is named for this person."), field="deputy")
    if person is None:
        raise Refused("nobody_named", _("Nobody is named for this role. Name a person in the account team first."))
    if person.pk == actor.user_id:
        raise Refused("own_duty", _("This is your own duty: confirm it yourself."))
    return person


def _require_unconfirmed(duty: Duty) -> None:
    if duty.confirmed_at is not None:
        raise Refused("already_confirmed", _("This contact is confirmed already."), at=duty.confirmed_at.isoformat())
