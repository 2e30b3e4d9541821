"""Seal firings into their tickets' chains, after the firing's commit and outside it (T8)."""

from collections import defaultdict

from django.db import transaction

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
    in another driver's, is left for the next second, so that each entry is written once.
    """
    waiting = Unsealed.objects.order_by("firing_id").values_list("firing__clock__ticket_id", flat=True)[:limit]
    tickets = sorted(set(waiting))
    return sum(_seal(tickets[first : first + TOGETHER]) for first in range(0, len(tickets), TOGETHER))


@transaction.atomic
def _seal(ticket_ids: list[int]) -> int:
    rows = Ticket.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("pk")
    tickets: dict[int | None, Ticket] = {ticket.pk: ticket for ticket in rows.filter(pk__in=ticket_ids)}
    unsealed = Firing.objects.filter(clock__ticket__in=tickets.values(), unsealed__isnull=False)
    rows_of = unsealed.select_related("clock")
    firings = sorted(rows_of, key=lambda firing: (firing.clock.ticket_id, firing.fired_at, firing.pk))
    people = _people(firings)
    facts = [_fact(firing, tickets[firing.clock.ticket_id], people[firing.pk]) for firing in firings]
    entries = record_plain(facts, actor=ENGINE)
    Sealed.objects.bulk_create(Sealed(firing=f, entry=entry) for f, entry in zip(firings, entries, strict=True))
    for firing in firings:
        if firing.rule_code == "F-1D" and firing.outcome != Firing.Outcome.MOOT:
            _begin_stage_two(firing, tickets[firing.clock.ticket_id])
    Unsealed.objects.filter(firing__in=firings).delete()
    refresh_many([ticket.pk for ticket in tickets.values()])
    return len(firings)


def _fact(firing: Firing, ticket: Ticket, people: list[str]) -> Fact:
    rule = rule_of(firing.clock.version_id, firing.rule_id)
    data = {
        "rule": firing.rule_code, "occurrence": firing.occurrence, "due_at": firing.due_at, "outcome": firing.outcome,
        "cause": firing.cause, "label": rule.label, "breach": rule.breach,
        "clock": str(firing.clock.uuid), "people": people,
    }  # fmt: skip
    return Fact(name="timer.fired", chain=ticket.chain, at=firing.fired_at, data=data, about=ticket)


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
