"""Seal firings into their tickets' chains, after the firing's commit and outside it (T8)."""

from collections import defaultdict

from django.db import DatabaseError, transaction

from escalation.models import Escalation, Firing, Sealed, Unsealed
from escalation.next_due import refresh_next_due
from ledger.actor import ENGINE
from ledger.record import record
from tickets.models import Ticket


def seal_firings(limit: int = 200) -> int:
    """Write a ledger entry for up to `limit` firings that have none, and return how many were written.

    One short transaction per ticket, in lock order: ticket NO KEY, then its chain. Two drivers at once write each
    entry once: the second finds nothing left under the ticket's lock. A ticket in somebody's hands waits its turn.
    """
    waiting = Unsealed.objects.order_by("firing_id").values_list("firing__clock__ticket_id", flat=True)[:limit]
    sealed = 0
    for ticket_id in dict.fromkeys(waiting):
        try:
            sealed += _seal_ticket(ticket_id)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", None) not in {"55P03", "40P01"}:
                raise
    return sealed


@transaction.atomic
def _seal_ticket(ticket_id: int) -> int:
    ticket = Ticket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket_id)
    rows = Firing.objects.filter(clock__ticket_id=ticket_id, unsealed__isnull=False).select_related("clock")
    firings = list(rows.order_by("fired_at", "pk"))
    paged = _people(firings)
    for firing in firings:
        entry = record(
            "timer.fired", chain=ticket.chain, actor=ENGINE, at=firing.fired_at, about=ticket,
            rule=firing.rule_code, occurrence=firing.occurrence, due_at=firing.due_at, outcome=firing.outcome,
            cause=firing.cause, clock=str(firing.clock.uuid), people=paged[firing.pk],
        )  # fmt: skip
        Sealed.objects.create(firing=firing, entry=entry)
        if firing.rule_code == "F-1D" and firing.outcome != Firing.Outcome.MOOT:
            _begin_stage_two(firing, ticket)
    Unsealed.objects.filter(firing__in=firings).delete()
    refresh_next_due(ticket_id)
    return len(firings)


def _people(firings: list[Firing]) -> dict[int, list[str]]:
    """Return the public ids of whom each firing told."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Firing.objects.filter(pk__in=[f.pk for f in firings], notifications__user__isnull=False)
    for pk, user in (
        rows.values_list("pk", "notifications__user__uuid").distinct().order_by("notifications__user__uuid")
    ):
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
