from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Clock, Notification
from ledger.actor import SYSTEM
from ledger.models import Entry
from ledger.record import record
from tests.factories.clocks import MINUTE, armed, fired

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A row of a table that the rooms of handovers and major incidents keep."""

    pk: int = 7


def told(code):
    rows = Notification.objects.filter(firing__rule_code=code, channel="email")
    return set(rows.values_list("role", "user__name"))


def tell(name, at, **data):
    with transaction.atomic():
        chain = f"{name.partition('.')[0]}:0190aaaa-0000-7000-8000-000000000007"
        record(name, chain=chain, actor=SYSTEM, at=at, about=Row(), **data)


def test_a_handover_nobody_accepted_calls_both_managers_and_the_duty_manager_as_the_shift_starts(cast, rules, nine):
    shift = nine + 60 * MINUTE
    tell("handover.due", nine, starts_at=shift.isoformat(), outgoing=cast.cy.pk, incoming=cast.sam.pk)
    assert armed() == {("H-1", 1): shift}

    fire_all(shift)
    seal_firings()

    assert told("H-1") == {
        ("outgoing_manager", "Cy Lindqvist"), ("incoming_manager", "Sam Okafor"), ("duty_manager", "Mo Tan"),
    }  # fmt: skip
    assert Entry.objects.filter(chain__startswith="handover:", name="timer.fired").count() == 1


def test_a_handover_accepted_before_the_shift_calls_nobody(cast, rules, nine):
    shift = nine + 60 * MINUTE
    tell("handover.due", nine, starts_at=shift.isoformat())

    tell("handover.accepted", shift - MINUTE)
    fire_all(shift)

    assert fired() == []


def test_an_update_is_due_by_cadence_each_begins_the_wait_anew_and_restoration_ends_it(cast, rules, nine):
    tell("major.declared", nine, commander=cast.sam.pk, severity=1)
    assert armed() == {("I-1", 1): nine + 30 * MINUTE}

    tell("major.updated", nine + 20 * MINUTE)
    assert armed() == {("I-1", 1): nine + 50 * MINUTE}
    fire_all(nine + 50 * MINUTE)
    assert told("I-1") == {("commander", "Sam Okafor"), ("duty_manager", "Mo Tan")}
    assert armed() == {("I-1", 2): nine + 80 * MINUTE}
    tell("major.restored", nine + 70 * MINUTE)

    assert armed(rule_code="I-1") == {}


def test_the_review_is_due_five_working_days_after_restoration(cast, rules):
    friday = datetime(2026, 6, 19, 16, 0, tzinfo=UTC)
    tell("major.declared", friday - 90 * MINUTE, commander=cast.sam.pk)
    tell("major.restored", friday)
    assert armed() == {("I-2", 1): friday + 7 * DAY}

    tell("major.reviewed", friday + 6 * DAY)

    assert armed() == {}
    assert Clock.objects.get(kind="major_incident").stop_reason == "reviewed"


def test_a_subject_that_starts_again_gets_a_run_of_its_own(cast, rules, nine):
    for number in range(2):
        at = nine + number * DAY
        tell("handover.due", at)
        tell("handover.due", at)
        fire_all(at)
        tell("handover.accepted", at + MINUTE)

    assert fired() == [("H-1", 1, "paged")] * 2
    assert list(Clock.objects.order_by("run_no").values_list("run_no", flat=True)) == [1, 2]
