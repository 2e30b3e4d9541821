"""Child tickets: attached, detached, told together. Each customer's ticket remains its own (V-19)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle, words
from tickets.access import require_may_work
from tickets.commands.base import take, tell
from tickets.commands.major_base import Rows, children_of, require_state, take_major, tell_major
from tickets.commands.major_impact import OPEN_STATES, affect
from tickets.commands.note import add_progress
from tickets.major_access import LEADS, require_leads
from tickets.major_naming import require_nobody_named
from tickets.models import MajorIncident, MajorTicket, Ticket
from tickets.routing import language_of
from tickets.text import require_reason, require_words


@transaction.atomic
def attach_ticket(*, incident_id: int, ticket_id: int, actor: Actor, at: datetime) -> MajorIncident:
    """Attach a ticket of any customer; that customer is affected from then on. Agents attach tickets they work on.

    Raises Refused("unknown_ticket"), ("restricted"), ("in_major"), ("ended"), ("not_your_ticket"), ("wrong_state").
    """
    incident = take_major(incident_id, actor)
    require_state(incident, "declared", "restored")
    attach_to(incident, take(ticket_id, actor), actor=actor, at=at)
    return incident


@transaction.atomic
def detach_ticket(*, incident_id: int, ticket_id: int, reason: str, actor: Actor, at: datetime) -> MajorIncident:
    """Take a ticket out again, with a reason. Raises Refused("not_attached"), ("no_reason"), ("not_your_ticket")."""
    incident = take_major(incident_id, actor)
    require_state(incident, *OPEN_STATES)
    ticket = take(ticket_id, actor)
    lifecycle.require_verified(ticket, actor)
    _require_may(incident, ticket, actor)
    row = incident.children.filter(ticket=ticket, detached_at=None).first()
    if row is None:
        raise Refused("not_attached", _("That ticket is not attached. Look at the list again."), "ticket")
    reason = require_reason(reason)
    row.detached_at = at
    row.save()
    tell_major("major.ticket_detached", incident, actor=actor, at=at, texts={"reason": reason}, ticket=ticket.number)
    tell("ticket.left_major", ticket, actor=actor, at=at, texts={"reason": reason}, number=incident.number)
    return incident


@transaction.atomic
def update_children(*, incident_id: int, bodies: Mapping[str, str], actor: Actor, at: datetime) -> Rows:
    """Write one public progress note on each child, in its customer's language; return what came of each.

    A ticket that refuses (ended, of another team) is named with the reason; the rest goes on.
    Raises Refused("placeholder"), ("names_customer"), ("not_leading").
    """
    incident = take_major(incident_id, actor)
    require_leads(incident, actor, "communications", "customers")
    require_state(incident, *OPEN_STATES)
    texts = {language: require_words(body, "body") for language, body in bodies.items() if body.strip()}
    if "en" not in texts:
        raise Refused("placeholder", _("Write the text in English; it is the one everybody else gets."), "body")
    require_nobody_named(texts.values(), "body")
    rows = write_on_children(incident, texts, actor=actor, at=at)
    tell_major(
        "major.children_updated", incident, actor=actor, at=at, texts={"body": texts["en"]}, done=len(rows.done),
        refused=len(rows.refused),
    )  # fmt: skip
    return rows


def write_on_children(incident: MajorIncident, texts: Mapping[str, str], *, actor: Actor, at: datetime) -> Rows:
    """Write the note on every child that takes it. One savepoint for each."""
    rows = Rows()
    for ticket in children_of(incident, actor):
        chinese = language_of(ticket).lower().startswith("zh")
        body = (texts.get("zh-hans") if chinese else "") or texts["en"]
        try:
            with transaction.atomic():
                add_progress(ticket_id=ticket.pk, body=body, public=True, actor=actor, at=at)
        except Refused as refusal:
            rows.refused.append((ticket.number, str(refusal.message)))
        else:
            rows.done.append(ticket.number)
    return rows


def attach_to(incident: MajorIncident, ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Attach a ticket already held. Raises as `attach_ticket`."""
    lifecycle.require_verified(ticket, actor)
    _require_may(incident, ticket, actor)
    if ticket.restricted:
        message = _("A restricted ticket stays with those who need to know. Attach another ticket of that customer.")
        raise Refused("restricted", message, "ticket")
    if ticket.state in words.ENDED:
        raise Refused("ended", _("That ticket has ended. Choose an open one."), "ticket")
    if MajorTicket.objects.filter(ticket=ticket, detached_at=None).exists():
        raise Refused("in_major", _("That ticket is in a major incident already. Detach it there first."), "ticket")
    MajorTicket.objects.create(incident=incident, ticket=ticket, attached_at=at)
    if ticket.organisation_id:
        affect(incident, [ticket.organisation_id], at=at, by_hand=True, reason=ticket.number)
    tell_major("major.ticket_attached", incident, actor=actor, at=at, ticket=ticket.number)
    tell("ticket.joined_major", ticket, actor=actor, at=at, number=incident.number)


def _require_may(incident: MajorIncident, ticket: Ticket, actor: Actor) -> None:
    """Leaders any ticket they may learn of, others those they may work on."""
    if incident.commander_id == actor.user_id or actor.has_role(*LEADS):
        return
    require_may_work(ticket, actor)
