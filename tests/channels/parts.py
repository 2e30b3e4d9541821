"""Tickets, facts and firings made by hand, so that the sender is tested without the engine."""

import uuid
from datetime import timedelta

from django.db import transaction

from accounts.models import Verification
from escalation.models import Clock, Firing, Notification, Policy, PolicyVersion, Rule, Timer
from ledger.actor import SYSTEM
from ledger.clock import real_now
from ledger.models import OutboxMessage
from ledger.record import record
from tests.conftest import MONDAY_NINE
from tests.factories.cast import Cast
from tickets.models import Ticket


def make_ticket(cast: Cast, number: str = "SD-000101", **fields) -> Ticket:
    """A verified ticket of Ada's at L1."""
    values = {
        "organisation": cast.northgate, "reporter": cast.ada, "title": "Line is down", "kind": "fault",
        "channel": "portal", "priority": "P2", "team": cast.l1, "owner": cast.bo, "tier": "l1", "state": "l1",
        "received_at": MONDAY_NINE, "verified_at": MONDAY_NINE,
    }  # fmt: skip
    passed = Verification.objects.create(
        organisation=cast.northgate, contact=cast.ada, proof="portal", outcome="passed", at=MONDAY_NINE
    )
    return Ticket.objects.create(number=number, **(values | {"verification": passed} | fields))


def tell(ticket: Ticket, name: str, **data):
    """Record a fact and return its entry; no reactions of other rooms (they have tests of their own)."""
    with transaction.atomic():
        return record(name, chain=ticket.chain, actor=SYSTEM, at=MONDAY_NINE, about=ticket, **data)


def queue(topic: str, *, entry=None, **payload) -> OutboxMessage:
    """Queue one row by hand."""
    return OutboxMessage.objects.create(topic=topic, entry=entry, payload=payload, due_at=real_now())


def make_clock(ticket: Ticket, key: str = "fault", state: str = "running") -> Clock:
    """A clock on a ticket, of a policy of its own."""
    policy = Policy.objects.create(key=f"{key}-{uuid.uuid4().hex[:8]}", name=key, subject="ticket")
    version = PolicyVersion.objects.create(policy=policy, n=1, sha256="0" * 64, published_at=MONDAY_NINE)
    return Clock.objects.create(
        subject_kind="ticket", subject_id=ticket.pk, ticket=ticket, kind=policy.key, version=version, state=state,
        started_at=MONDAY_NINE, running_since=MONDAY_NINE if state == "running" else None,
    )  # fmt: skip


def make_timer(
    clock: Clock, code: str, *, due_at=MONDAY_NINE, state: str = "fired", label: str = "Not signed for", **rule_fields
):
    """A timer with its rule. Severity of the rule is 2."""
    rule = Rule.objects.create(
        version=clock.version, code=code, label=label, customer_label=label, anchor="start", offset_s=300, **rule_fields
    )
    return Timer.objects.create(
        clock=clock, rule=rule, rule_code=code, at_us=0, nominal_at=due_at, state=state,
        due_at=due_at if state == "armed" else None, wake_at=due_at if state == "armed" else None,
    )  # fmt: skip


def page(
    ticket: Ticket, user, *, channel: str = "email", clock: Clock | None = None, rule: dict | None = None, **fields
):
    """One notification of one firing, due now."""
    clock = clock or make_clock(ticket)
    timer = make_timer(clock, f"T-{uuid.uuid4().hex[:6]}", **(rule or {}))
    firing = Firing.objects.create(
        timer=timer, clock=clock, rule=timer.rule, rule_code=timer.rule_code, occurrence=1, due_at=MONDAY_NINE,
        fired_at=MONDAY_NINE, outcome="paged", cause="due", engine_id="test",
    )  # fmt: skip
    values = {
        "firing": firing, "ticket": ticket, "role": "supervisor", "user": user, "channel": channel,
        "idem_key": uuid.uuid4(), "created_at": MONDAY_NINE, "next_at": real_now() - timedelta(seconds=1),
    }  # fmt: skip
    return Notification.objects.create(**(values | fields))
