"""What a fact starts, stops or pauses, in the fact's own transaction. One page: fact → what happens to the clocks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escalation import policy
from escalation.acknowledgements import keep_silent
from escalation.commands.adjust import move, restart
from escalation.commands.arm import arm_once, arm_rules
from escalation.commands.pause import go_on, hold
from escalation.commands.stop import restore_clock, stop_clocks, stop_rules
from escalation.locks import LIVE, lock_clocks, lock_timers
from escalation.management_clocks import confirmed, contact_and_review, start_management_clocks
from escalation.models import Clock
from escalation.muting import follow_window
from escalation.next_due import refresh_next_due
from escalation.subject_reactions import start_playbook, still_owed
from escalation.ticket_clocks import TicketClocks
from ledger.actor import Actor
from ledger.models import Entry
from ledger.unwatched import is_unwatched, once
from tickets.models import Commitment, Suspension, Ticket
from tickets.words import State

Handler = Callable[[Entry, TicketClocks], None]
MOVES_SERVICE = frozenset({"ticket.triaged", "ticket.reclassified", "ticket.customer_corrected"})


def on_ticket_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Run what `entry` means for the clocks of its ticket, then keep the ticket's next due time. Rules C-08 … C-23."""
    ticket = _ticket_of(entry, about)
    if ticket is None:
        return
    clocks = TicketClocks(ticket, at=entry.at)
    TICKET_FACTS[entry.name](entry, clocks)
    if clocks.begun or entry.name in MOVES_SERVICE:
        follow_window(ticket, clocks.live, at=entry.at, moved=entry.name in MOVES_SERVICE)
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
    if isinstance(about, Ticket) and is_unwatched():
        return _with_organisation(about)
    rows = Ticket.objects.select_related("organisation")
    if isinstance(about, Ticket):
        return rows.get(pk=about.pk)
    kind, _, number = entry.chain.partition(":")
    return rows.filter(number=number).first() if kind == "ticket" else None


def _with_organisation(ticket: Ticket) -> Ticket:
    """Unwatched, the command's own object: it has just been stored."""
    if ticket.organisation_id is not None and not Ticket.organisation.is_cached(ticket):
        known = once(("organisation", ticket.organisation_id), lambda: ticket.organisation)
        ticket.organisation = known
    return ticket


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
    """Every dispatch arms its rules again; a clock that starts with this one has armed them already."""
    known = {clock.pk for clock in clocks.live()}
    clocks.follow()
    for clock in clocks.live():
        if clock.pk in known or not _armed_with_it(clock, entry.at):
            arm_rules(clock, anchors={"dispatched"}, anchor_at=entry.at, at=entry.at, facts=clocks.facts_at(entry.at))
            stop_rules([clock], event="redispatched", at=entry.at)
    if entry.name == "ticket.triaged":
        start_playbook(clocks)


def _armed_with_it(clock: Clock, at: datetime) -> bool:
    """Whether the clock began at this dispatch with nobody owning the ticket: its dispatch rules are armed."""
    return clock.started_at == at and any(timer.rule.anchor == "dispatched" for timer in lock_timers(clock, *LIVE))


def _signed(entry: Entry, clocks: TicketClocks) -> None:
    clocks.event("signed_for")
    for clock in clocks.live():
        anchors = {"specialists_dispatched"}
        arm_rules(clock, anchors=anchors, anchor_at=entry.at, at=entry.at, facts=clocks.facts_at(entry.at))


def _noted(entry: Entry, clocks: TicketClocks) -> None:
    if entry.data.get("progress"):
        every = lock_clocks(ticket=clocks.ticket, stopped_at=None)
        clocks.clocks = [c for c in every if c.subject_kind == "ticket" and c.run_no == clocks.ticket.run_no]
        for clock in clocks.clocks:
            restart(clock, event="progress", at=entry.at)
        keep_silent(every, at=entry.at)
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
    """The report's clock outlives every ending but its own; steps of a plan outlive the solution."""
    reason, outlives = entry.name.partition(".")[2], {"work_item"} if entry.name == "ticket.resolved" else set()
    every = lock_clocks(ticket=clocks.ticket)
    reports = [clock for clock in every if clock.version.conditions.get(policy.STARTS_ON) == "resolved"]
    stop_clocks([c for c in every if c not in reports and c.subject_kind not in outlives], reason=reason, at=entry.at)
    if entry.name == "ticket.resolved":
        clocks.clocks = [c for c in every if c.subject_kind == "ticket" and c.run_no == clocks.ticket.run_no]
        clocks.resolved()


def _taken_back(entry: Entry, clocks: TicketClocks) -> None:
    suspended = clocks.ticket.state == State.SUSPENDED
    reason = "resolved" if entry.name == "ticket.disputed" else "merged"
    every = lock_clocks(ticket=clocks.ticket, subject_kind__in=["ticket", "commitment", "work_item"])
    clocks.clocks = [c for c in every if c.subject_kind == "ticket" and c.run_no == clocks.ticket.run_no]
    if entry.name == "ticket.disputed":
        _end_reports(clocks, "disputed", entry.at)
    for clock in [*clocks.clocks, *still_owed(every)]:
        if clock.stop_reason in {reason, "cancelled"}:
            restore_clock(clock, at=entry.at, suspended=suspended and clock.subject_kind == "ticket")
    clocks.follow()


def _reopened(entry: Entry, clocks: TicketClocks) -> None:
    _end_reports(clocks, "reopened", entry.at, run_no=clocks.ticket.run_no - 1)
    clocks.start(received=False)


def _filed(entry: Entry, clocks: TicketClocks) -> None:
    clocks.event("report_filed")
    _end_reports(clocks, "report_filed", entry.at)


def _end_reports(clocks: TicketClocks, reason: str, at: datetime, run_no: int | None = None) -> None:
    """Stop the clocks that count from the resolution: filed, disputed or reopened."""
    earlier = lock_clocks(ticket=clocks.ticket, subject_kind="ticket", run_no=run_no) if run_no else clocks.clocks
    reports = (clock for clock in earlier if clock.version.conditions.get(policy.STARTS_ON) == "resolved")
    stop_clocks(reports, reason=reason, at=at)


def _promise_moved(entry: Entry, clocks: TicketClocks) -> None:
    promise = Commitment.objects.filter(uuid=entry.data.get("commitment")).select_related("moved_to").first()
    promise = promise.moved_to or promise if promise else None
    if promise is not None and promise.kind == Commitment.Kind.RESOLUTION:
        for clock in clocks.live():
            move(clock, code="E-2", promise=promise, at=entry.at)


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
    "report.filed": _filed,
    "ticket.reclassified": _follow,
    "ticket.reprioritised": _follow,
    "ticket.customer_corrected": _follow,
    "ticket.became_critical": _follow,
    "ticket.no_longer_critical": _follow,
    "commitment.moved": _promise_moved,
}
