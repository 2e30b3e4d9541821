"""Classified, prioritised, routed: nothing leaves triage without (C-13, V-08, V-09, C-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.correct import correct_customer, reclassify, reprioritise, set_critical
from tickets.commands.dispatch import attach_playbook, dispatch
from tickets.commands.subject import require_classified, set_restricted, set_subject
from tickets.models import Ticket
from tickets.priority import decide_priority, require_scope_reason
from tickets.routing import Route, language_of, route
from tickets.text import clean_line
from tickets.words import TIERS

__all__ = ["Triage", "correct_customer", "reclassify", "reprioritise", "set_critical", "triage"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Triage:
    """The answers of triage. `priority` None = the matrix; `team_id` and `tier` None = routed; `restricted` None =
    as the kind demands; `title` None = unchanged. `also_affected` are ids of services of the same organisation.
    `proposed_scope` is what monitoring and other tickets said, "" nothing: another scope needs a reason (V-09)."""

    kind: str
    category: str
    impact: str
    urgency: str
    issue_type: str = ""
    priority: str | None = None
    priority_reason: str = ""
    scope: str = ""
    proposed_scope: str = ""
    service_id: int | None = None
    no_service_reason: str = ""
    also_affected: Sequence[int] = ()
    site_id: int | None = None
    team_id: int | None = None
    tier: str | None = None
    critical: bool = False
    restricted: bool | None = None
    title: str | None = None


@transaction.atomic
def triage(*, ticket_id: int, triage: Triage, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Classify and route; the ticket goes to its tier, the playbook of its category is attached, clocks are armed.

    Critical requests a priority escalation through the fact ticket.became_critical (X-08).
    Raises Refused with the field at fault: unclassified, bad_category, no_service, unknown_service, no_scope,
    priority_reason, scope_reason, no_route, wrong_tier.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "triage", actor)
    require_classified(triage.kind, triage.category, triage.impact, triage.urgency)
    chosen, proposed = decide_priority(
        triage.impact, triage.urgency, triage.priority, triage.priority_reason, critical=triage.critical
    )
    require_scope_reason(triage.scope, triage.proposed_scope, triage.priority_reason)
    set_subject(ticket, triage, actor=actor)
    ticket.kind, ticket.category, ticket.issue_type = triage.kind, triage.category, clean_line(triage.issue_type)[:60]
    ticket.impact, ticket.urgency, ticket.priority = triage.impact, triage.urgency, chosen
    was_critical, ticket.critical = ticket.critical, triage.critical
    if triage.title is not None:
        ticket.title = clean_line(triage.title)[:200] or ticket.title
    set_restricted(ticket, triage.restricted, actor=actor)
    way = _way(ticket, triage)
    ticket.triage(tier=way.tier)
    ticket.reached_l2 = ticket.reached_l2 or way.tier != "l1"
    dispatch(ticket, way.team, at=at)
    store(ticket)
    attach_playbook(ticket, at=at)
    tell(
        "ticket.triaged", ticket, actor=actor, at=at, texts={"priority_reason": triage.priority_reason.strip()},
        kind=ticket.kind, category=ticket.category, priority=chosen, proposed=proposed, team=ref(way.team),
        tier=way.tier, dispatch_no=ticket.dispatch_no, critical=ticket.critical, rule=way.why_code,
        **({"proposed_scope": triage.proposed_scope} if triage.proposed_scope else {}),
        state_from="triage", state_to=ticket.state,
    )  # fmt: skip
    if ticket.critical and not was_critical:
        tell("ticket.became_critical", ticket, actor=actor, at=at)
    return fresh(ticket)


def _way(ticket: Ticket, triage: Triage) -> Route:
    if triage.tier is not None and triage.tier not in TIERS:
        raise Refused("wrong_tier", _("Choose the tier from the list."), "tier")
    region = ticket.organisation.region if ticket.organisation else ""
    return route(
        category=ticket.category, kind=ticket.kind, region=region, tier=triage.tier, team_id=triage.team_id,
        language=language_of(ticket),
    )  # fmt: skip
