"""Functional escalation: up with what was tried and why it belongs there, down with a reason (V-13, A-02, A-03)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.dispatch import dispatch
from tickets.models import Ticket
from tickets.routing import language_of, route
from tickets.text import require_reason, require_words
from tickets.words import TIERS


class Entry2(TextChoices):
    """What makes a ticket one for L2, the specialists."""

    SPECIALIST = "specialist", _("Needs a specialist's knowledge")
    PLAYBOOK_DONE = "playbook_done", _("The playbook is done and the trouble persists")
    ACCESS = "access", _("Needs access L1 does not have")
    OUR_PRODUCTS = "our_products", _("The trouble is in our products")


class Entry3(TextChoices):
    """What makes a ticket one for L3, engineering (A-03)."""

    OUR_PRODUCTS = "our_products", _("The trouble is in our products")
    NOT_KNOWN = "not_known_issue", _("It is not a known issue")
    HIGHER_ENTITY = "needs_higher_entity", _("A service desk needs a higher technical entity")


class Excluded(TextChoices):
    """What L3 does not do; asking for it is declined with the reason (A-02)."""

    DESIGN = "design", _("Design")
    ONSITE = "onsite_maintenance", _("On-site maintenance")
    CUSTOMISATION = "customisation", _("Customisation")


CRITERIA = {"l2": Entry2, "l3": Entry3}


@transaction.atomic
def escalate_tier(
    *,
    ticket_id: int,
    tried: str,
    criteria: Sequence[str],
    actor: Actor,
    at: datetime,
    team_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Move one tier up, or to the tier of `team_id` where that is higher still; dispatched again.

    tried  what was done so far. criteria  why it belongs up there, words of `CRITERIA`.

    Raises Refused("outside_remit") for what L3 does not do, ("no_criteria"), ("bad_criteria"), ("placeholder").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "escalate_tier", actor)
    to = _target(ticket, team_id, +1)
    _require_remit(to, criteria)
    tried = require_words(tried, "tried")
    return _move(ticket, to, team_id, {"tried": tried}, sorted(set(criteria)), actor=actor, at=at)


@transaction.atomic
def return_tier(
    *,
    ticket_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    team_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Move one tier down with a reason; dispatched again."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "return_tier", actor)
    to = _target(ticket, team_id, -1)
    return _move(ticket, to, team_id, {"reason": require_reason(reason)}, [], actor=actor, at=at)


def _target(ticket: Ticket, team_id: int | None, way: int) -> str:
    here = TIERS.index(ticket.state)
    team = Team.objects.filter(pk=team_id, tier__in=TIERS).first() if team_id is not None else None
    there = TIERS.index(team.tier) if team is not None else here + way
    if (there - here) * way <= 0:
        raise Refused("wrong_tier", _("That team does not work at the tier you ask for. Choose another."), "team_id")
    return TIERS[there]


def _require_remit(to: str, criteria: Sequence[str]) -> None:
    excluded = [Excluded(c) for c in criteria if c in Excluded.values]
    if excluded and to == "l3":
        message = _("%(what)s is outside the remit of L3. Keep the ticket and engage the team that does it.")
        raise Refused("outside_remit", message % {"what": excluded[0].label}, "criteria", reason=excluded[0].value)
    known = CRITERIA[to]
    if not criteria:
        raise Refused("no_criteria", _("Say what makes this a ticket for the next tier."), "criteria")
    if not set(criteria) <= set(known.values):
        raise Refused("bad_criteria", _("Choose the entry criteria from the list."), "criteria")


def _move(
    ticket: Ticket, to: str, team_id: int | None, texts: dict, criteria: list, *, actor: Actor, at: datetime
) -> Ticket:
    region = ticket.organisation.region if ticket.organisation else ""
    way = route(
        category=ticket.category, kind=ticket.kind, region=region, tier=to, team_id=team_id,
        language=language_of(ticket),
    )  # fmt: skip
    was, before = ticket.state, ticket.team
    ticket.change_tier(tier=to)
    dispatch(ticket, way.team, at=at)
    store(ticket)
    facts = {"from": was, "to": to, "team": ref(way.team), "before": ref(before), "dispatch_no": ticket.dispatch_no}
    facts |= {"criteria": criteria, "rule": way.why_code, "state_from": was, "state_to": ticket.state}
    tell("ticket.tier_changed", ticket, actor=actor, at=at, texts=texts, **facts)
    return fresh(ticket)
