import uuid
from datetime import timedelta

import pytest

from escalation.commands.beat import beat
from escalation.commands.fire import fire_all, fire_due
from escalation.models import Alarm, Engine, Firing, Gap, Notification, Policy, Timer
from escalation.pages import NAMESPACE
from escalation.seed import publish
from escalation.shipped import PRIORITY_ESCALATION
from ledger.clock import real_now
from tests.factories.clocks import MINUTE, dispatched_ticket, escalated_ticket, fired
from tests.factories.policies import with_rule

SECOND = timedelta(seconds=1)


def poison(cast, nine) -> Timer:
    """Make the first timer of a ticket raise: one of its notifications is there already."""
    ticket = dispatched_ticket(cast, nine)
    timer = Timer.objects.get(clock__ticket=ticket, rule_code="T-1")
    key = uuid.uuid5(NAMESPACE, f"{timer.clock_id}/T-1/1/supervisor/{cast.cy.pk}/email")
    Notification.objects.create(
        role="supervisor", user=cast.cy, channel="email", idem_key=key, created_at=nine, next_at=nine
    )
    return timer


@pytest.mark.fault("F14")
@pytest.mark.invariant("I4")
@pytest.mark.invariant("I13")
def test_a_timer_that_raises_is_put_back_alone_and_the_others_fire(cast, rules, nine):
    bad = poison(cast, nine)
    for _ in range(4):
        dispatched_ticket(cast, nine)

    fire_due(nine + 5 * MINUTE)

    assert fired() == [("T-1", 1, "paged")] * 4
    bad.refresh_from_db()
    assert (bad.state, bad.attempts, bad.due_at) == ("armed", 1, nine + 5 * MINUTE)
    assert bad.wake_at == nine + 5 * MINUTE + 5 * SECOND
    assert not Firing.objects.filter(timer=bad).exists()
    assert Alarm.objects.get().timer == bad


@pytest.mark.fault("F14")
@pytest.mark.invariant("I13")
def test_it_is_tried_again_after_5_15_30_and_then_every_60_seconds_with_one_alarm(cast, rules, nine):
    bad = poison(cast, nine)
    at = nine + 5 * MINUTE

    waits = []
    for _ in range(5):
        fire_due(at)
        bad.refresh_from_db()
        waits.append((bad.wake_at - at).total_seconds())
        at = bad.wake_at
    Notification.objects.filter(firing=None).delete()
    fire_due(at)

    assert waits == [5, 15, 30, 60, 60]
    assert fired(timer=bad) == [("T-1", 1, "paged")]
    assert Alarm.objects.count() == 1


@pytest.mark.fault("F10")
@pytest.mark.invariant("I16")
def test_after_an_outage_everything_missed_is_told_once_and_the_reminders_in_one_page(cast, rules, nine):
    dispatched_ticket(cast, nine)

    fire_all(nine + 125 * MINUTE)

    assert fired(rule_code="T-3") == [
        ("T-3", 1, "collapsed"), ("T-3", 2, "collapsed"), ("T-3", 3, "collapsed"), ("T-3", 4, "paged"),
    ]  # fmt: skip
    last = Firing.objects.get(rule_code="T-3", outcome="paged")
    assert (last.collapsed, last.cause, last.due_at) == (3, "catchup", nine + 120 * MINUTE)
    assert fired(rule_code="T-4") == [("T-4", 1, "paged")]
    assert Timer.objects.get(rule_code="T-3", state="armed").due_at == nine + 150 * MINUTE
    assert fire_all(nine + 125 * MINUTE) == 0


@pytest.mark.fault("F10")
@pytest.mark.invariant("I16")
def test_an_escalation_missed_whole_still_calls_everyone_it_should(cast, rules, nine):
    escalated_ticket(cast, nine)

    fire_all(nine + 100 * MINUTE)

    assert fired(rule_code__startswith="F-") == [
        ("F-1", 1, "collapsed"), ("F-1", 2, "collapsed"), ("F-1", 3, "paged"), ("F-1D", 1, "paged"),
        ("F-2", 1, "paged"), ("F-3", 1, "collapsed"), ("F-3", 2, "paged"),
    ]  # fmt: skip


@pytest.mark.fault("F10")
@pytest.mark.invariant("I16")
def test_what_a_repeated_deadline_begins_counts_from_its_first_occurrence_however_late_anybody_looks(cast, rules, nine):
    often = with_rule(with_rule(PRIORITY_ESCALATION, "F-1D", repeat_s=1200), "F-2", latest_s=None)
    publish(Policy.objects.get(key="priority_escalation"), often, at=nine - MINUTE)
    escalated_ticket(cast, nine)

    fire_all(nine + 100 * MINUTE)

    assert fired(rule_code="F-1D")[-1] == ("F-1D", 5, "paged")
    assert Firing.objects.get(rule_code="F-2").due_at == nine + 30 * MINUTE


@pytest.mark.fault("F10")
@pytest.mark.invariant("I16")
def test_a_silence_of_all_engines_is_recorded_as_a_gap(db):
    now = real_now()

    assert beat(engine_id="one", kind="process", now=now) is None
    assert beat(engine_id="two", kind="celery", now=now + 9 * SECOND) is None
    gap = beat(engine_id="one", kind="process", fired=3, now=now + 60 * SECOND)

    assert (gap.from_at, gap.to_at) == (now + 9 * SECOND, now + 60 * SECOND)
    assert Gap.objects.count() == 1
    assert Engine.objects.get(pk="one").fired == 3


@pytest.mark.invariant("I10")
def test_reminders_never_drift_however_late_each_one_fires(cast, rules, nine):
    dispatched_ticket(cast, nine)

    for number in range(1, 8):
        fire_all(nine + number * 30 * MINUTE + 7 * SECOND)

    rows = Timer.objects.filter(rule_code="T-3").order_by("occurrence")
    assert list(rows.values_list("nominal_at", flat=True)) == [nine + n * 30 * MINUTE for n in range(1, 9)]
