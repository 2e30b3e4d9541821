"""What goes from one manager to the next with the sheet: open promises, acknowledgements, escalations in charge.

Nothing is lost and nothing doubled: each thing has one holder before and one after, and one row says that it passed.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from escalation.locks import lock_clocks, lock_timers
from escalation.models import Ack, Clock, Escalation, Handover, HandoverPass, Timer
from escalation.subject_reactions import PROMISE
from escalation.timers import save_timers
from ledger.actor import Actor
from ledger.record import record
from tickets.commands.base import ref, tell
from tickets.models import Commitment, Ticket

Kind = HandoverPass.Kind
HANDED_ON = "handed_on"


def holder_of(handover: Handover) -> int | None:
    """Return whose things pass: who managed the outgoing shift, or who signed where no roster said."""
    return handover.outgoing_id or handover.giver_id


def held_promises(user_id: int) -> QuerySet[Commitment]:
    """Return the open promises a person made, by key."""
    return Commitment.objects.filter(made_by=user_id, state="open").order_by("pk")


def held_acks(user_id: int) -> list[Ack]:
    """Return the acknowledgements a person holds on clocks that still run, by key; those handed on are the taker's."""
    live = Ack.objects.filter(user=user_id, firing__isnull=False).exclude(clock__state=Clock.State.STOPPED)
    gone = HandoverPass.objects.filter(giver=user_id, kind=Kind.ACKNOWLEDGEMENT).values_list("ref", flat=True)
    over = set(gone)
    rows = live.select_related("clock__ticket", "firing").order_by("pk")
    return [ack for ack in rows if str(ack.pk) not in over]


def pass_on(handover: Handover, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Give the taker what the outgoing manager held; return how many of each kind. The sheet is held by the caller."""
    giver, taker = holder_of(handover), handover.taker_id
    if giver is None or taker is None or giver == taker:
        return {}
    promises: list[Any] = list(held_promises(giver))
    acks = held_acks(giver)
    running = Escalation.objects.filter(duty_manager=giver, closed_at=None)
    keys: set[int | None] = {row.ticket_id for row in promises} | {
        ack.clock.ticket_id for ack in acks if ack.clock.ticket_id
    }
    keys |= {row.ticket_id for row in running}
    tickets = _held(keys)
    rows = [
        *_promises(list(held_promises(giver)), tickets, taker, actor, at),
        *_acks(acks, tickets, taker, actor, at),
        *_escalations(running, tickets, taker, actor, at),
    ]
    for row in rows:
        row.handover, row.giver_id, row.to_id, row.at = handover, giver, taker, at
    HandoverPass.objects.bulk_create(rows)
    return dict(Counter(str(row.kind) for row in rows))


def expire(handover: Handover, *, actor: Actor, at: datetime) -> int:
    """Nobody accepted and the giver went home: their acknowledgements end, what they held back goes on. Returns how
    many ended."""
    giver = holder_of(handover)
    acks = held_acks(giver) if giver else []
    tickets = _held({ack.clock.ticket_id for ack in acks if ack.clock.ticket_id})
    rows = []
    for ack in acks:
        if ack.clock.silenced_until is None or ack.clock.silenced_until <= at:
            continue
        ticket = tickets.get(ack.clock.ticket_id or 0)
        _said("acknowledgement.expired", ack, ticket, actor, at)
        _wake(ack.clock_id)
        rows.append(_row(Kind.ACKNOWLEDGEMENT, str(ack.pk), ticket))
    for row in rows:
        row.handover, row.giver_id, row.at = handover, giver or 0, at
    HandoverPass.objects.bulk_create(rows)
    return len(rows)


def _wake(clock_id: int) -> None:
    """End the silence of a clock: what it held back goes on at its own time."""
    (clock,) = lock_clocks(pk=clock_id)
    clock.silenced_until = None
    clock.save(update_fields=["silenced_until"])
    held = [t for t in lock_timers(clock, Timer.State.ARMED) if t.due_at and t.wake_at and t.wake_at > t.due_at]
    for timer in held:
        timer.wake_at = timer.due_at
    save_timers(held)


def _held(keys: Iterable[int | None]) -> dict[int, Ticket]:
    """Lock the tickets, by key."""
    rows = Ticket.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[key for key in keys if key])
    return {ticket.pk: ticket for ticket in rows.order_by("pk")}


def _promises(
    rows: list[Commitment], tickets: dict[int, Ticket], taker: int, actor: Actor, at: datetime
) -> list[HandoverPass]:
    passed = []
    for row in rows:
        if row.ticket_id not in tickets:
            continue  # made since the tickets were locked: it stays where it is
        giver, ticket = row.made_by_id, tickets[row.ticket_id]
        tell("commitment.handed_on", ticket, actor=actor, at=at, commitment=ref(row), kind=row.kind, to=actor.ref)
        row.made_by_id = taker
        row.save(update_fields=["made_by"])
        for clock in lock_clocks(subject_kind=PROMISE, subject_id=row.pk):
            if clock.people.get("owner") == giver:
                clock.people["owner"] = taker
                clock.save(update_fields=["people"])
        passed.append(_row(Kind.PROMISE, str(row.uuid), ticket))
    return passed


def _acks(acks: list[Ack], tickets: dict[int, Ticket], taker: int, actor: Actor, at: datetime) -> list[HandoverPass]:
    """The taker holds what the giver acknowledged; a silence runs out when it would have (escalation-engine.md)."""
    passed = []
    firings = {ack.firing_id for ack in acks}
    there: set[int | None] = set(Ack.objects.filter(user=taker, firing__in=firings).values_list("firing_id", flat=True))
    for ack in acks:
        if ack.firing_id not in there:  # who answered for themselves holds it already
            there.add(ack.firing_id)
            Ack.objects.create(clock=ack.clock, firing=ack.firing, user_id=taker, kind=HANDED_ON, at=at)
        ticket = tickets.get(ack.clock.ticket_id or 0)
        _said("acknowledgement.handed_on", ack, ticket, actor, at)
        passed.append(_row(Kind.ACKNOWLEDGEMENT, str(ack.pk), ticket))
    return passed


def _escalations(
    running: QuerySet[Escalation], tickets: dict[int, Ticket], taker: int, actor: Actor, at: datetime
) -> list[HandoverPass]:
    passed = []
    for row in running.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        if row.ticket_id not in tickets:
            continue
        row.duty_manager_id = taker
        row.save(update_fields=["duty_manager"])
        ticket = tickets[row.ticket_id]
        tell("escalation.handed_on", ticket, actor=actor, at=at, escalation=str(row.uuid), to=actor.ref)
        passed.append(_row(Kind.ESCALATION, str(row.uuid), ticket))
    return passed


def _said(name: str, ack: Ack, ticket: Ticket | None, actor: Actor, at: datetime) -> None:
    rule = ack.firing.rule_code if ack.firing else ""
    chain = ticket.chain if ticket else ack.clock.chain
    record(name, chain=chain, actor=actor, at=at, about=ticket, rule=rule, clock=str(ack.clock.uuid), to=actor.ref)


def _row(kind: str, key: str, ticket: Ticket | None) -> HandoverPass:
    return HandoverPass(kind=kind, ref=key, ticket=ticket)
