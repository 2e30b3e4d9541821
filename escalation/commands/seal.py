"""Seal firings into their tickets' chains, after the firing's commit and outside it (T8)."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import QuerySet

from escalation.bulk import copy_rows
from escalation.claim import short_transaction
from escalation.context import STAGE_TWO
from escalation.models import Escalation, Firing, Notification, Sealed, Unsealed
from escalation.next_due import refresh_many
from escalation.versions import rule_of
from ledger.actor import ENGINE
from ledger.record import Fact, record, record_plain
from tickets.models import Ticket

TOGETHER = 50


def seal_firings(limit: int = 200) -> int:
    """Write a ledger entry for up to `limit` firings that have none, and return how many were written.

    Short transactions of a few tickets, in lock order: tickets NO KEY, then chains. A ticket in somebody's hands, or
    in another driver's, is left for the next second, so that each entry is written once. Where a clock has no ticket
    the firing's own mark is what the drivers lock.
    """
    rows = Unsealed.objects.order_by("firing_id").values_list("firing_id", "firing__clock__ticket_id")[:limit]
    waiting = list(rows)
    tickets = sorted({ticket_id for _firing_id, ticket_id in waiting if ticket_id})
    alone = [firing_id for firing_id, ticket_id in waiting if ticket_id is None]
    sealed = sum(_seal(tickets[first : first + TOGETHER]) for first in range(0, len(tickets), TOGETHER))
    return sealed + (_seal_alone(alone) if alone else 0)


@short_transaction()
def _seal(ticket_ids: list[int]) -> int:
    rows = Ticket.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("pk")
    tickets = {ticket.pk: ticket for ticket in rows.filter(pk__in=ticket_ids)}
    sealed = _write(Firing.objects.filter(clock__ticket__in=tickets.values(), unsealed__isnull=False), tickets)
    refresh_many(list(tickets))
    return sealed


@short_transaction()
def _seal_alone(firing_ids: list[int]) -> int:
    marks = Unsealed.objects.select_for_update(skip_locked=True).filter(firing_id__in=firing_ids).order_by("firing_id")
    mine = list(marks.values_list("firing_id", flat=True))
    return _write(Firing.objects.filter(pk__in=mine), {})


def _write(unsealed: QuerySet[Firing], tickets: Mapping[int, Ticket]) -> int:
    """Append the entries of locked firings, in the order of each chain, and take their marks away."""
    firings = list(unsealed.select_related("clock").order_by("clock__ticket_id", "fired_at", "pk"))
    people = _people(firings)
    facts = [_fact(firing, tickets.get(firing.clock.ticket_id or 0), people[firing.pk]) for firing in firings]
    entries = record_plain(facts, actor=ENGINE)
    copy_rows(Sealed, ("firing_id", "entry_id"), [(f.pk, e.pk) for f, e in zip(firings, entries, strict=True)])
    for firing in firings:
        if firing.rule_code == STAGE_TWO and firing.outcome != Firing.Outcome.MOOT and firing.clock.ticket_id:
            _begin_stage_two(firing, tickets[firing.clock.ticket_id])
    Unsealed.objects.filter(firing__in=firings).delete()
    return len(firings)


def _fact(firing: Firing, ticket: Ticket | None, people: list[str]) -> Fact:
    rule = rule_of(firing.clock.version_id, firing.rule_id)
    data = {
        "rule": firing.rule_code, "occurrence": firing.occurrence, "due_at": firing.due_at, "outcome": firing.outcome,
        "cause": firing.cause, "label": rule.label, "breach": rule.breach,
        "clock": str(firing.clock.uuid), "people": people,
    }  # fmt: skip
    chain = firing.clock.chain or (ticket.chain if ticket else "")
    return Fact(name="timer.fired", chain=chain, at=firing.fired_at, data=data, about=ticket)


def _people(firings: list[Firing]) -> dict[int, list[str]]:
    """Return the public ids of whom each firing told."""
    found: dict[int, list[str]] = defaultdict(list)
    told = Notification.objects.filter(firing__in=firings, user__isnull=False).order_by("user__uuid")
    for pk, user in told.values_list("firing_id", "user__uuid").distinct():
        found[pk].append(str(user))
    return found


def _begin_stage_two(firing: Firing, ticket: Ticket) -> None:
    """The ten minutes passed unconfirmed: show it on the escalation; its CEO step was armed by the firing itself."""
    escalation = Escalation.objects.select_for_update(no_key=True, of=("self",)).get(pk=firing.clock.subject_id)
    if escalation.stage_two_at is not None or escalation.closed_at is not None:
        return
    escalation.stage, escalation.stage_two_at = 2, firing.due_at
    escalation.save(update_fields=["stage", "stage_two_at"])
    escalation.ticket = ticket
    record(
        "escalation.stage_two", chain=ticket.chain, actor=ENGINE, at=firing.fired_at, about=escalation,
        escalation=str(escalation.uuid), why="deadline",
    )  # fmt: skip
