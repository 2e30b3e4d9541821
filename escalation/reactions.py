"""What a fact starts, stops or pauses, in the fact's own transaction. One page: fact → what happens to the clocks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escalation.commands.arm import arm_once, arm_rules, move, retime
from escalation.commands.pause import go_on, hold
from escalation.commands.stop import restore_clock, stop_clocks, stop_rules
from escalation.locks import lock_clocks
from escalation.management_clocks import confirmed, contact_and_review, start_management_clocks
from escalation.models import Clock
from escalation.next_due import refresh_next_due
from escalation.ticket_clocks import TicketClocks
from ledger.actor import Actor
from ledger.models import Entry
from tickets.models import Commitment, Suspension, Ticket
from tickets.words import State

Handler = Callable[[Entry, TicketClocks], None]


def on_ticket_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Run what `entry` means for the clocks of its ticket, then keep the ticket's next due time. Rules C-08 … C-23."""
    ticket = _ticket_of(entry, about)
    if ticket is None:
        return
    TICKET_FACTS[entry.name](entry, TicketClocks(ticket, at=entry.at))
    _keep_next_due(ticket, about)


def on_escalation_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Run what `entry` means for the clocks of a formal escalation (`about`). Rules X-04, X-07, A-07."""
    clocks = lock_clocks(subject_kind="escalation", subject_id=about.pk)
    at = entry.at
    if entry.name == "escalation.requested":
        start_management_clocks(about, at=at)
    for clock in clocks:
        if entry.name == "escalation.closed":
            stop_clocks([clock], reason=str(entry.data.get("reason", "closed")), at=at)
        elif clock.state != Clock.State.STOPPED:
            _management(entry.name, clock, about, at)
    _keep_next_due(about.ticket, None)


def _management(name: str, clock: Clock, escalation: Any, at: datetime) -> None:
    if name == "escalation.confirmed":
        confirmed(clock, escalation, at=at)
    elif name == "escalation.stage_two":
        arm_once(clock, anchor="stage_two", at=escalation.stage_two_at or at)
    elif name in {"escalation.reviewed", "escalation.customer_contacted"}:
        contact_and_review(clock, escalation, at=at, contacted=name == "escalation.customer_contacted")
    elif name == "escalation.plan_agreed":
        stop_rules([clock], event="plan_agreed", at=at)


def _ticket_of(entry: Entry, about: Any) -> Ticket | None:
    """Return the ticket as the transaction sees it now; None for facts outside any ticket's chain."""
    rows = Ticket.objects.select_related("organisation")
    if isinstance(about, Ticket):
        return rows.get(pk=about.pk)
    kind, _, number = entry.chain.partition(":")
    return rows.filter(number=number).first() if kind == "ticket" else None


def _keep_next_due(ticket: Ticket, about: Any) -> None:
    due_at, code = refresh_next_due(ticket.pk)
    if isinstance(about, Ticket):
        about.next_due_at, about.next_due_code = due_at, code


def _event(*events: str) -> Handler:
    def handle(entry: Entry, clocks: TicketClocks) -> None:
        for event in events:
            clocks.event(event)
        clocks.follow()

    return handle


def _follow(entry: Entry, clocks: TicketClocks) -> None:
    clocks.follow()


def _logged(entry: Entry, clocks: TicketClocks) -> None:
    clocks.start(received=True)


def _dispatched(entry: Entry, clocks: TicketClocks) -> None:
    clocks.follow()
    for clock in clocks.live("fault_handling"):
        if clock.started_at < entry.at or not clock.timers.filter(rule_code="T-1").exists():
            arm_rules(clock, anchors={"dispatched"}, anchor_at=entry.at, at=entry.at, facts=clocks.facts)
            stop_rules([clock], event="redispatched", at=entry.at)


def _signed(entry: Entry, clocks: TicketClocks) -> None:
    clocks.event("signed_for")
    for clock in clocks.live("fault_handling"):
        arm_rules(clock, anchors={"specialists_dispatched"}, anchor_at=entry.at, at=entry.at, facts=clocks.facts)


def _noted(entry: Entry, clocks: TicketClocks) -> None:
    if entry.data.get("progress"):
        for clock in clocks.live("fault_handling"):
            retime(clock, code="T-3", at=entry.at)
    if entry.data.get("first_answer") or clocks.ticket.answered_at is not None:
        clocks.event("answered")


def _suspended(entry: Entry, clocks: TicketClocks) -> None:
    uuid = entry.data.get("suspension")
    suspension = Suspension.objects.filter(uuid=uuid).values_list("pk", flat=True).first() if uuid else None
    for clock in clocks.live():
        hold(clock, at=entry.at, suspension_id=suspension)


def _resumed(entry: Entry, clocks: TicketClocks) -> None:
    for clock in clocks.live():
        go_on(clock, at=entry.at)


def _ended(entry: Entry, clocks: TicketClocks) -> None:
    stop_clocks(lock_clocks(ticket=clocks.ticket), reason=entry.name.partition(".")[2], at=entry.at)


def _taken_back(entry: Entry, clocks: TicketClocks) -> None:
    suspended = clocks.ticket.state == State.SUSPENDED
    reason = "resolved" if entry.name == "ticket.disputed" else "merged"
    for clock in clocks.clocks:
        if clock.stop_reason in {reason, "cancelled"}:
            restore_clock(clock, at=entry.at, suspended=suspended)
    clocks.follow()


def _reopened(entry: Entry, clocks: TicketClocks) -> None:
    clocks.start(received=False)


def _promise_moved(entry: Entry, clocks: TicketClocks) -> None:
    promise = Commitment.objects.filter(uuid=entry.data.get("commitment")).select_related("moved_to").first()
    promise = promise.moved_to or promise if promise else None
    if promise is not None and promise.kind == Commitment.Kind.RESOLUTION:
        for clock in clocks.live("response"):
            move(clock, code="E-2", due_at=promise.due_at, at=entry.at)


TICKET_FACTS: dict[str, Handler] = {
    "ticket.logged": _logged,
    "ticket.verified": _event("verified"),
    "ticket.acknowledged": _event("acknowledged"),
    "ticket.contact_recorded": _event("contact_recorded"),
    "ticket.triaged": _dispatched,
    "ticket.transferred": _dispatched,
    "ticket.tier_changed": _dispatched,
    "ticket.signed_for": _signed,
    "note.added": _noted,
    "ticket.suspended": _suspended,
    "ticket.resumed": _resumed,
    "ticket.resolved": _ended,
    "ticket.rejected": _ended,
    "ticket.cancelled": _ended,
    "ticket.merged": _ended,
    "ticket.disputed": _taken_back,
    "ticket.unmerged": _taken_back,
    "ticket.reopened": _reopened,
    "ticket.reclassified": _follow,
    "ticket.reprioritised": _follow,
    "ticket.customer_corrected": _follow,
    "ticket.became_critical": _follow,
    "ticket.no_longer_critical": _follow,
    "commitment.moved": _promise_moved,
}
