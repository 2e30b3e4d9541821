from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from escalation.commands.fire import fire_all
from escalation.models import Clock, Segment, Timer
from escalation.queries import clocks_of
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, put, say
from tickets.models import Suspension

PAUSABLE = ["T-3", "T-4", "T-5", "E-2"]


def suspend(ticket, at, until=None):
    suspension = Suspension.objects.create(
        ticket=ticket, state="approved", reason_code="parts", reason="Waits for a card", until=until or at,
        requested_at=at, consent=True, approved_at=at,
    )  # fmt: skip
    put(ticket, state="suspended")
    say(ticket, "ticket.suspended", at, suspension=str(suspension.uuid))
    Suspension.objects.filter(pk=suspension.pk).update(state="ended")
    return suspension


def resume(ticket, at):
    put(ticket, state=ticket.tier)
    return say(ticket, "ticket.resumed", at, automatic=False)


@pytest.mark.rule("C-22")
@pytest.mark.invariant("I6")
def test_a_suspension_holds_the_pausable_timers_and_resuming_restores_them_exactly(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    suspension = suspend(ticket, nine + 7 * MINUTE)
    assert not Timer.objects.filter(state="armed", rule__pausable=True).exists()
    assert set(armed(rule_code__startswith="T")) == {("T-1", 1), ("T-1D", 1)}
    assert {v.state for v in clocks_of(ticket, nine + 60 * MINUTE) if v.code in PAUSABLE} == {"paused"}
    fire_all(nine + 300 * MINUTE)
    assert {code for code, _, _ in fired(clock__kind="fault_handling")} == {"T-1", "T-1D"}
    resume(ticket, nine + 300 * MINUTE)

    assert armed(rule_code__in=["T-3", "T-4", "T-5"]) == {
        ("T-3", 1): nine + 323 * MINUTE, ("T-4", 1): nine + 413 * MINUTE, ("T-5", 1): nine + 473 * MINUTE,
    }  # fmt: skip
    paused = Segment.objects.filter(clock__kind="fault_handling", running=False).get()
    assert (paused.suspension, paused.from_at, paused.to_at) == (
        suspension, nine + 7 * MINUTE, nine + 300 * MINUTE,
    )  # fmt: skip


@pytest.mark.invariant("I6")
@pytest.mark.invariant("I15")
def test_after_many_pauses_the_segments_sum_to_what_is_accrued_and_give_every_due_time(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    at = nine
    for number in range(1, 9):
        at += timedelta(seconds=97 * number, microseconds=number)
        suspend(ticket, at)
        at += timedelta(seconds=1009 * number, microseconds=7)
        resume(ticket, at)
    suspend(ticket, at + MINUTE)

    for clock in Clock.objects.filter(kind__in=["fault_handling", "response"]):
        segments = list(clock.segments.all())
        assert sum(s.counted_us for s in segments if s.running) == clock.accrued_us
        assert all(one.to_at == two.from_at for one, two in zip(segments, segments[1:], strict=False))
    resume(ticket, at + 2 * MINUTE)
    for timer in Timer.objects.filter(state="armed", rule_code__in=["T-4", "T-5", "E-2"]).select_related("clock"):
        counted = sum(s.counted_us for s in timer.clock.segments.filter(running=True, to_at__isnull=False))
        left = timedelta(microseconds=timer.at_us - counted)
        assert timer.due_at == timer.nominal_at == timer.clock.running_since + left


@pytest.mark.invariant("I15")
def test_the_database_refuses_overlapping_segments(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    clock = Clock.objects.get(ticket=ticket, kind="fault_handling")

    with pytest.raises(IntegrityError, match="segment_no_overlap"), transaction.atomic():
        Segment.objects.create(clock=clock, seq=2, from_at=nine + MINUTE, running=False, why="suspended")


@pytest.mark.invariant("I14")
def test_asking_for_a_suspension_and_the_customers_consent_move_no_deadline(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    before = armed()

    for name in ("ticket.suspension_requested", "ticket.consent_given", "ticket.suspension_approved"):
        say(ticket, name, nine + MINUTE)

    assert armed() == before
    assert Clock.objects.get(kind="fault_handling").state == "running"


def test_what_was_due_before_the_suspension_still_fires(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    suspend(ticket, nine + 31 * MINUTE)
    fire_all(nine + 31 * MINUTE)

    assert fired(rule_code="T-3") == [("T-3", 1, "paged")]
    assert Timer.objects.get(rule_code="T-3", occurrence=2).state == "held"
