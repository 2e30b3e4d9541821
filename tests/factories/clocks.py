"""Tickets put where a test needs them, and facts said on their chains: the reactions do the rest."""

import itertools
from datetime import datetime, timedelta

from django.db import transaction

from escalation.models import Escalation, Firing, Timer
from ledger.actor import SYSTEM
from ledger.record import record
from tickets.models import Ticket

_numbers = itertools.count(900_001)
MINUTE = timedelta(minutes=1)


def say(ticket: Ticket, name: str, at: datetime, about=None, **data) -> Ticket:
    """Record one fact on the ticket's chain, as a command would; return the ticket as it is then."""
    with transaction.atomic():
        row = Ticket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)
        record(name, chain=row.chain, actor=SYSTEM, at=at, about=about or row, **data)
    return Ticket.objects.get(pk=ticket.pk)


def put(ticket: Ticket, **fields) -> Ticket:
    """Set columns of a ticket past its state machine (a factory may)."""
    Ticket.objects.filter(pk=ticket.pk).update(**fields)
    return Ticket.objects.get(pk=ticket.pk)


def logged_ticket(cast, at: datetime, **fields) -> Ticket:
    """A ticket in intake, logged at `at`."""
    values = {"kind": "fault", "channel": "call", "title": "Line down", "organisation": cast.northgate} | fields
    received = values.pop("received_at", at)
    ticket = Ticket.objects.create(number=f"SD-{next(_numbers)}", received_at=received, state="intake", **values)
    return say(ticket, "ticket.logged", at, channel=ticket.channel, kind=ticket.kind)


def dispatched_ticket(cast, at: datetime, **fields) -> Ticket:
    """A verified P1 fault in L1, dispatched at `at`."""
    values = {"priority": "P1", "acknowledged_at": at} | fields
    ticket = logged_ticket(cast, at, **values)
    ticket = put(
        ticket, state="l1", tier="l1", team=cast.l1, verified_at=at, first_dispatched_at=at, dispatched_at=at,
        dispatch_no=1,
    )  # fmt: skip
    return say(ticket, "ticket.triaged", at, team=str(cast.l1.uuid), tier="l1", dispatch_no=1)


def escalated_ticket(cast, at: datetime, *, production: bool = True, **fields) -> Escalation:
    """A dispatched ticket with a formal escalation requested at `at`."""
    ticket = dispatched_ticket(cast, at, **fields)
    escalation = Escalation.objects.create(
        ticket=ticket, requested_at=at, requester_name="Ada Lund", relation="customer", reason="Ward without network",
        production=production,
    )  # fmt: skip
    say(ticket, "escalation.requested", at, about=escalation, escalation=str(escalation.uuid))
    return escalation


def fired(**conditions) -> list[tuple[str, int, str]]:
    """Every firing so far as (rule, occurrence, outcome), in order of due time and rule."""
    rows = Firing.objects.filter(**conditions).order_by("due_at", "rule_code", "occurrence")
    return list(rows.values_list("rule_code", "occurrence", "outcome"))


def armed(**conditions) -> dict[tuple[str, int], datetime]:
    """Due time of every armed timer by (rule, occurrence)."""
    rows = Timer.objects.filter(state="armed", **conditions)
    return {(t.rule_code, t.occurrence): t.due_at for t in rows}
