"""The same service fails again: a problem opens, or the open one is joined, with the reason on record (C-28)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from catalogue.models import Service
from ledger.actor import SYSTEM, Actor
from ledger.models import Entry
from ledger.unwatched import is_unwatched
from tickets.commands.base import ref
from tickets.commands.problem import begin
from tickets.commands.problem_base import link_to, tell_problem
from tickets.models import Problem, RecurrenceRule, Ticket
from tickets.words import Kind, State

NOT_FAULTS = (State.REJECTED, State.CANCELLED)


def on_triaged(entry: Entry, *, about: Any, actor: Actor) -> None:
    """A fault was dispatched on a service, or put onto another: count the faults of that service.

    Enough of them within the rule's days open a problem with all of them; an open problem is joined by every further
    one. Restricted tickets count nowhere and join nothing. The ticket's row lock is held. 3 queries where nothing comes
    of it; none in an unwatched run.
    """
    ticket = about
    if is_unwatched() or not isinstance(ticket, Ticket) or ticket.kind != Kind.FAULT or ticket.service_id is None:
        return
    if ticket.restricted:
        return
    live = Problem.objects.filter(service_id=ticket.service_id, state__in=Problem.LIVE).first()
    rule = _rule_for(ticket.category) if live is None else None
    if live is None and (rule is None or faults_of(ticket, rule.days, entry.at).count() < rule.faults):
        return
    service = Service.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.service_id)
    live = Problem.objects.select_for_update(no_key=True).filter(service=service, state__in=Problem.LIVE).first()
    if live is not None:
        if link_to(live, ticket, by_rule=True, actor=SYSTEM, at=entry.at):
            tell_problem("problem.ticket_linked", live, actor=SYSTEM, at=entry.at, ticket=ticket.number, by_rule=True)
    elif rule is not None:
        _open(service, ticket, rule, entry.at)


def faults_of(ticket: Ticket, days: int, at: datetime) -> QuerySet[Ticket]:
    """Return the faults of the ticket's service within `days` before `at`, itself among them, that no problem holds."""
    rows = Ticket.objects.filter(
        service_id=ticket.service_id or 0, kind=Kind.FAULT, restricted=False, problem_link=None
    )
    rows = rows.filter(verified_at__isnull=False, merged_into=None, received_at__gt=at - timedelta(days=days))
    return rows.exclude(state__in=NOT_FAULTS)


def _rule_for(category: str) -> RecurrenceRule | None:
    """The rule of the category, else the one for any."""
    rows = RecurrenceRule.objects.filter(active=True, category__in=["", category])
    return max(rows, key=lambda rule: rule.category, default=None)


def _open(service: Service, ticket: Ticket, rule: RecurrenceRule, at: datetime) -> None:
    """Open it with every fault that is in nobody's hands at this moment; one that is joins by its own next fact."""
    faults = faults_of(ticket, rule.days, at).exclude(pk=ticket.pk)
    free = faults.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("pk")
    found = [*free, ticket]
    title = gettext("%(service)s fails again and again") % {"service": f"{service.service_id} {service.name}"}
    made = begin(service, title, at=at, by_rule=True, faults=len(found), days=rule.days)
    tell_problem(
        "problem.opened", made, actor=SYSTEM, at=at, service=ref(service), by_rule=True, faults=len(found),
        days=rule.days,
    )  # fmt: skip
    for each in found:
        link_to(made, each, by_rule=True, actor=SYSTEM, at=at)
