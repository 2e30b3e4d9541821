"""Every contact with the desk is documented, whatever its outcome; none of it needs verification (V-06, P-01)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, User
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import keep_text, record
from tickets import words
from tickets.commands.base import take, tell
from tickets.commands.gate import visible_interaction
from tickets.commands.intake import bind_interaction
from tickets.commands.participants import take_part
from tickets.lifecycle import require
from tickets.models import Draft, Interaction
from tickets.text import clean_line

LARGEST_DRAFT = 60_000


def chain_of(interaction: Interaction) -> str:
    """The ledger chain of an interaction."""
    return f"interaction:{interaction.uuid}"


@transaction.atomic
def start_interaction(
    *,
    channel: str,
    direction: str,
    actor: Actor,
    at: datetime,
    caller_number: str = "",
    called_queue: str = "",
    started_at: datetime | None = None,
    answered_at: datetime | None = None,
    agent_id: int | None = None,
) -> Interaction:
    """Write down that somebody calls, writes or stands there. A customer's own is tied to it as contact.

    started_at  None = now. agent_id  None = the acting member of staff. Raises Refused("bad_channel"),
    ("bad_direction"), ("unknown_person").
    """
    if channel not in words.Channel.values:
        raise Refused("bad_channel", _("Choose the channel from the list."), "channel")
    if direction not in Interaction.Direction.values:
        raise Refused("bad_direction", _("A contact is inbound or outbound. Choose one."), "direction")
    agent_id = agent_id or (actor.user_id if actor.is_staff else None)
    if agent_id is not None and not User.objects.filter(pk=agent_id, kind="staff").exists():
        raise Refused("unknown_person", _("We do not know that colleague. Choose another."), "agent_id")
    contact = Contact.objects.get(pk=actor.contact_id or 0) if actor.is_customer else None
    made = Interaction.objects.create(
        channel=channel,
        direction=direction,
        caller_number=clean_line(caller_number)[:20],
        called_queue=clean_line(called_queue)[:60],
        started_at=started_at or at,
        answered_at=answered_at,
        agent_id=agent_id,
        contact=contact,
        organisation_id=contact.organisation_id if contact else None,
    )
    facts: dict[str, Any] = {"channel": channel, "direction": direction}
    record("interaction.started", chain=chain_of(made), actor=actor, at=at, about=made, **facts)
    return made


@transaction.atomic
def answer_interaction(*, interaction_id: int, actor: Actor, at: datetime) -> Interaction:
    """Record that a contact begun before was answered now: a call-back is started, answered, then offered as proof.

    Raises Refused("unknown_interaction"), ("answered"), ("call_over") once it has ended, ("too_early") at the instant
    it was started, ("not_yours") when staff record it for a colleague's call.
    """
    visible_interaction(interaction_id, actor)
    found = Interaction.objects.select_for_update(no_key=True, of=("self",)).get(pk=interaction_id)
    if actor.is_staff and found.agent_id != actor.user_id:
        raise Refused("not_yours", _("A colleague makes this call. Only they record that it was answered."))
    if found.answered_at is not None:
        raise Refused("answered", _("This call is on record as answered already. Go on with it."))
    if found.ended_at is not None:
        raise Refused("call_over", _("This call has ended unanswered. Call again."))
    if at <= found.started_at:
        raise Refused("too_early", _("Nobody answers at the moment of dialling. Record it once they have."))
    found.answered_at = at
    found.save(update_fields=["answered_at"])
    chain = found.ticket.chain if found.ticket else chain_of(found)
    record("interaction.answered", chain=chain, actor=actor, at=at, about=found, interaction=str(found.uuid))
    return found


@transaction.atomic
def attach_interaction(*, interaction_id: int, ticket_id: int, actor: Actor, at: datetime) -> Interaction:
    """Tie a contact to a ticket: a second call about it, a reply. Raises Refused("taken") if it has another.

    A verified caller of the ticket's customer joins it as another reporter.
    """
    ticket = take(ticket_id, actor)
    require(ticket, "document", actor)
    found = bind_interaction(interaction_id, ticket, actor=actor)
    if found.verified and found.contact_id and found.organisation_id == ticket.organisation_id:
        take_part(ticket, "reporter", at=at, contact_id=found.contact_id)
    tell("interaction.attached", ticket, actor=actor, at=at, interaction=str(found.uuid), channel=found.channel)
    return found


@transaction.atomic
def end_interaction(
    *, interaction_id: int, actor: Actor, at: datetime, disposition: str = "", summary: str = ""
) -> Interaction:
    """End a contact and sum it up. Without ticket and disposition it stays on the unfinished list (P-01).

    May be called again on an ended one to finish it. Raises Refused("bad_disposition"), ("summed_up").
    """
    visible_interaction(interaction_id, actor)
    found = Interaction.objects.select_for_update(no_key=True, of=("self",)).get(pk=interaction_id)
    if disposition and disposition not in Interaction.Disposition.values:
        raise Refused("bad_disposition", _("Choose the outcome of the call from the list."), "disposition")
    if summary.strip() and found.summary_id is not None:
        raise Refused("summed_up", _("This call is summed up already. Add a note to the ticket instead."), "summary")
    chain = found.ticket.chain if found.ticket else chain_of(found)
    found.ended_at = found.ended_at or max(at, found.started_at)
    found.disposition = disposition or found.disposition
    if summary.strip():
        found.summary = keep_text(chain, "summary", summary.strip())
    found.save()
    texts = {"summary": found.summary} if found.summary and summary.strip() else None
    facts = {"interaction": str(found.uuid), "disposition": found.disposition}
    about = found.ticket if found.ticket_id else found
    record("interaction.ended", chain=chain, actor=actor, at=at, about=about, texts=texts, **facts)
    return found


def save_draft(*, user: User, key: str, data: dict[str, Any], at: datetime) -> Draft:
    """Keep what somebody typed and has not sent, by key ("call:<interaction>", "note:<number>"). An empty `data`
    clears it. No fact: a draft is nobody's business yet. Raises Refused("too_long")."""
    if len(str(data)) > LARGEST_DRAFT:
        raise Refused("too_long", _("The text is too long. Shorten it."), most=LARGEST_DRAFT)
    row = Draft(user=user, key=key[:80], data=data, updated_at=at)
    Draft.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["user", "key"], update_fields=["data", "updated_at"]
    )
    return row
