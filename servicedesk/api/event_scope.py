"""Which hints a viewer may hear: the same answer as `tickets.access.visible`, without asking the database.

Hints carry no content, but that a foreign ticket changed is content too. A restricted ticket is asked for by name.
"""

from collections.abc import Mapping
from typing import Any

from ledger.actor import Actor
from tickets.access import DESK_ROLES

ASK = None
PUBLIC_FACTS = frozenset(
    {
        "ticket.logged", "ticket.verified", "ticket.rejected", "ticket.acknowledged", "ticket.triaged",
        "ticket.suspension_requested", "ticket.consent_given", "ticket.consent_refused", "ticket.suspended",
        "ticket.suspension_declined", "ticket.resumed", "ticket.resolved", "ticket.confirmed", "ticket.disputed",
        "ticket.closed", "ticket.reopened", "ticket.cancelled", "ticket.merged", "ticket.reprioritised",
        "ticket.signed_for", "ticket.assigned", "escalation.requested", "escalation.joined", "escalation.reviewed",
        "escalation.customer_contacted", "escalation.plan_agreed", "escalation.closed", "commitment.made",
        "commitment.kept", "commitment.moved", "commitment.broken",
        "work_item.added", "work_item.done", "work_item.skipped",
    }
)  # fmt: skip


def may_hear(actor: Actor, hint: Mapping[str, Any], regions: Mapping[int, str]) -> bool | None:
    """Whether `actor` may learn of this change; ASK (None) = only the database knows (restricted tickets).

    hint     as `servicedesk.wiring.hint` made it.
    regions  organisation id → region, for every organisation named by a hint.
    """
    organisation = hint.get("organisation_id")
    if actor.is_customer:
        if not is_ticket(hint) or organisation is None or organisation not in (actor.organisation_ids or ()):
            return False
        if not hint.get("public") and hint.get("name") not in PUBLIC_FACTS:
            return False
        return ASK if hint.get("restricted") else True
    if not actor.is_staff or not _in_reach(actor, hint, organisation, regions):
        return False
    return ASK if hint.get("restricted") else True


def _in_reach(actor: Actor, hint: Mapping[str, Any], organisation: int | None, regions: Mapping[int, str]) -> bool:
    if not actor.has_role(*DESK_ROLES) and not actor.company_wide:
        return organisation is not None and organisation in actor.ladder_organisation_ids
    if actor.company_wide or not actor.regions or organisation is None:
        return True
    return regions.get(organisation) in actor.regions or hint.get("team_id") in actor.team_ids


def is_ticket(hint: Mapping[str, Any]) -> bool:
    """Whether the hint is about a ticket (its chain is the ticket's)."""
    return str(hint.get("chain", "")).startswith("ticket:")


def topics_of(actor: Actor, hint: Mapping[str, Any]) -> set[str]:
    """Return what the page is told: the ticket, and for staff the fact and the lists it may move.

    Customers: "ticket:SD-000123", "tickets". Staff also: "note.added", "queue", "board", "inbox", "calls".
    """
    chain, name = str(hint.get("chain", "")), str(hint.get("name", ""))
    topics = {chain, "tickets"} if is_ticket(hint) else {chain}
    if actor.is_customer:
        return topics
    topics.add(name)
    head = name.partition(".")[0]
    if is_ticket(hint):
        topics |= {"queue", "board", "inbox"}
    if head in {"interaction", "verification"}:
        topics.add("calls")
    return topics


def concerns(wanted: frozenset[str], topics: set[str]) -> bool:
    """Whether a page that asked for `wanted` ("board", "ticket:*"; empty = everything) cares for `topics`."""
    if not wanted:
        return True
    return any(w in topics or (w.endswith("*") and any(t.startswith(w[:-1]) for t in topics)) for w in wanted)
