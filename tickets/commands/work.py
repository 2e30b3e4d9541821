"""Who has it: sign for it, contact the reporter, assign, transfer (C-18, C-19, C-03)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.dispatch import dispatch
from tickets.commands.owner import assignable, put_owner
from tickets.commands.participants import take_part
from tickets.models import Ticket
from tickets.routing import route, specialists_of
from tickets.text import require_reason

OUTCOMES = ("reached", "not_reached", "left_message")


@transaction.atomic
def sign_for(*, ticket_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Take ownership as a member of its team; specialists and contractor of the route are engaged (C-18, C-19).

    Raises Refused("not_in_team"), or ("taken") when a colleague has signed (details `by`: the public id).
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "sign_for", actor)
    if not actor.is_staff or ticket.team_id not in actor.team_ids:
        raise Refused("not_in_team", _("Only a member of the ticket's team signs for it. Have it assigned or moved."))
    if ticket.signed_at is not None:
        whose = ref(ticket.owner)
        if ticket.owner_id == actor.user_id:
            raise Refused("taken", _("You have signed for this ticket already. Go on with it."), by=whose)
        name = ticket.owner.name if ticket.owner else ""
        raise Refused(
            "taken", _("%(name)s has signed for this ticket. Ask for it to be assigned.") % {"name": name}, by=whose
        )
    ticket.owner_id, ticket.signed_at = actor.user_id, at
    store(ticket)
    take_part(ticket, "owner", at=at, user_id=actor.user_id)
    region = ticket.organisation.region if ticket.organisation else ""
    helpers = specialists_of(
        category=ticket.category, kind=ticket.kind, region=region, team=ticket.team, tier=ticket.tier
    )
    for team in helpers:
        take_part(ticket, "contractor" if team.function == "contractor" else "engaged", at=at, team_id=team.pk)
    tell(
        "ticket.signed_for", ticket, actor=actor, at=at, owner=actor.ref,
        specialists=[ref(team) for team in helpers], dispatch_no=ticket.dispatch_no,
    )  # fmt: skip
    return fresh(ticket)


@transaction.atomic
def record_contact(
    *, ticket_id: int, outcome: str, actor: Actor, at: datetime, text: str = "", version: int | None = None
) -> Ticket:
    """Record the outcome of contacting the reporter; the first meets the 15 minutes (C-19). Additive: no version.

    outcome  reached, not_reached or left_message. Raises Refused("bad_outcome").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "record_contact", actor)
    if outcome not in OUTCOMES:
        raise Refused("bad_outcome", _("Choose the outcome from the list."), "outcome")
    ticket.contacted_at = ticket.contacted_at or at
    first_answer = outcome == "reached" and ticket.answered_at is None
    if first_answer:
        ticket.answered_at = at
    store(ticket, bump=False)
    if actor.is_staff:
        take_part(ticket, "worked", at=at, user_id=actor.user_id)
    facts = {"outcome": outcome, "first_answer": first_answer}
    tell("ticket.contact_recorded", ticket, actor=actor, at=at, texts={"text": text.strip()}, **facts)
    return fresh(ticket)


@transaction.atomic
def assign(
    *, ticket_id: int, user_id: int | None, actor: Actor, at: datetime, reason: str = "", version: int | None = None
) -> Ticket:
    """Give it to a member of its team who may see it; None puts it back into the team's queue.

    A new owner signs for it anew. Raises Refused("unknown_person"), ("not_in_team"), ("may_not_see").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "assign", actor)
    person = assignable(ticket, user_id) if user_id is not None else None
    same = person is not None and person.pk == ticket.owner_id
    put_owner(ticket, person, signed_at=ticket.signed_at if same else None, actor=actor, at=at, reason=reason.strip())
    return fresh(ticket)


@transaction.atomic
def transfer(
    *,
    ticket_id: int,
    team_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    user_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Move it to another team of the same tier; it is dispatched again. user_id: straight to one of that team, who
    signs for it; None = to the team's queue.

    Raises Refused("same_team"), ("unknown_team"), ("wrong_tier"), ("no_reason"), ("unknown_person"), ("not_in_team"),
    ("may_not_see").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "transfer", actor)
    reason = require_reason(reason)
    if team_id == ticket.team_id:
        raise Refused("same_team", _("The ticket is with that team already. Choose another."), "team_id")
    way = route(category=ticket.category, kind=ticket.kind, region="", tier=ticket.tier, team_id=team_id)
    before = Team.objects.filter(pk=ticket.team_id or 0).first()
    dispatch(ticket, way.team, at=at)
    store(ticket)
    facts = {"team": ref(way.team), "before": ref(before), "dispatch_no": ticket.dispatch_no}
    tell("ticket.transferred", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    if user_id is not None:
        put_owner(ticket, assignable(ticket, user_id), signed_at=None, actor=actor, at=at)
    return fresh(ticket)
