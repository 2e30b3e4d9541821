from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.models import Calendar, Entitlement, OpeningHours
from escalation.explain import CLOSED, COUNTED, PASSED, PAUSED, explain
from escalation.models import Timer
from tests.escalation.test_clock_time_properties import INSTANTS, ZONES, open_at
from tests.escalation.test_suspension_arithmetic import resume, suspend
from tests.factories.clocks import MINUTE, dispatched_ticket, put, say

MICRO = timedelta(microseconds=1)


def loaded(**conditions):
    rows = Timer.objects.filter(**conditions).select_related("clock__calendar", "clock__version__policy")
    return list(rows.select_related("rule", "clock__ticket", "clock__calendar", "clock__version__policy"))


def office(cast, zone):
    calendar = Calendar.objects.create(name=f"Office {zone}", time_zone=zone, round_the_clock=False)
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=day, opens=time(9), closes=time(17)) for day in range(5)
    )
    Entitlement.objects.filter(organisation=cast.northgate).update(calendar=calendar)
    return calendar


def adds_up(told, zone=None):
    """The parts follow each other without a seam, count exactly the rule's time and nothing outside the hours."""
    assert told.parts[0].from_at == told.counts_from or told.wait_us == 0
    assert all(one.to_at == two.from_at for one, two in zip(told.parts, told.parts[1:], strict=False))
    assert told.parts[-1].to_at == told.due_at
    assert told.counted_us == told.wait_us
    for part in told.parts:
        middle = part.from_at + (part.to_at - part.from_at) / 2
        if part.kind == COUNTED:
            assert part.counted_us == (part.to_at - part.from_at) // MICRO
        if zone is not None and part.kind in {COUNTED, CLOSED}:
            assert open_at(middle, zone) == (part.kind == COUNTED)


def test_the_hundred_and_twenty_minutes_are_told_from_the_dispatch_with_the_pause_and_who_agreed(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    suspension = suspend(ticket, nine + 10 * MINUTE)
    suspension.approvals.create(function="monitoring", person=cast.cy, approved=True, at=nine)
    resume(ticket, nine + 40 * MINUTE)

    [told] = [explain(timer, nine + 60 * MINUTE) for timer in loaded(rule_code="T-4")]

    adds_up(told)
    assert (told.counts_from, told.due_at, told.wait) == (nine, nine + 150 * MINUTE, 120 * MINUTE)
    assert [part.kind for part in told.parts] == [COUNTED, PAUSED, COUNTED]
    assert told.parts[1].suspension == suspension
    assert told.parts[1].approvers == [f"{cast.cy} (monitoring)"]
    assert (told.policy, told.version, told.calendar) == ("Fault handling", 1, "")


def test_the_next_progress_note_is_told_from_the_last_one(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    say(ticket, "note.added", nine + 12 * MINUTE, progress=True, public=False, author="staff", first_answer=False)

    [told] = [explain(timer, nine + 13 * MINUTE) for timer in loaded(rule_code="T-3", state="armed")]

    adds_up(told)
    assert (told.anchor, told.counts_from, told.due_at) == ("again", nine + 12 * MINUTE, nine + 42 * MINUTE)


def test_a_clock_that_stands_still_tells_since_when_and_what_is_left(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    suspend(ticket, nine + 45 * MINUTE)

    [told] = [explain(timer, nine + 90 * MINUTE) for timer in loaded(rule_code="T-5")]

    assert (told.due_at, told.left) == (None, 135 * MINUTE)
    assert [(part.kind, part.from_at, part.to_at) for part in told.parts] == [
        (COUNTED, nine, nine + 45 * MINUTE), (PAUSED, nine + 45 * MINUTE, None),
    ]  # fmt: skip


def test_a_promise_already_past_when_the_case_was_logged_says_so(cast, rules, nine):
    from tests.factories.clocks import logged_ticket

    logged_ticket(cast, nine, channel="email", received_at=nine - timedelta(days=3), urgent=True)

    [told] = [explain(timer, nine) for timer in loaded(rule_code="E-1")]

    assert told.late
    assert [part.kind for part in told.parts] == [COUNTED, PASSED]
    assert (told.parts[-1].from_at, told.parts[-1].to_at) == (nine - timedelta(hours=70), nine)
    assert told.counted_us == told.wait_us


@pytest.mark.invariant("I15")
@pytest.mark.parametrize("zone", ZONES)
@given(
    start=INSTANTS,
    steps=st.lists(st.tuples(st.sampled_from(["suspend", "note", "p1", "p3"]), st.integers(1, 700)), max_size=7),
)
@settings(
    max_examples=12, phases=(Phase.generate,), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_the_parts_of_every_deadline_add_up_to_it_whatever_happened(cast, rules, zone, start, steps):
    with transaction.atomic():
        office(cast, zone)
        ticket = dispatched_ticket(cast, start, priority="P3", kind="fault")
        at, prices = start, ["P3"]
        for what, minutes in steps:
            at += timedelta(minutes=minutes)
            if what == "suspend":
                suspend(ticket, at)
                at += timedelta(minutes=minutes * 2)
                resume(ticket, at)
            elif what == "note":
                say(ticket, "note.added", at, progress=True, public=False, author="staff", first_answer=False)
            elif (wanted := what.upper()) != prices[-1]:
                put(ticket, priority=wanted)
                say(ticket, "ticket.reprioritised", at, before=prices[-1], after=wanted)
                prices.append(wanted)
        timers = [t for t in loaded(state="armed", clock__ticket=ticket) if t.rule.unit == "s"]
        assert timers
        for timer in timers:
            told = explain(timer, at)
            if not told.late and not told.moved and (timer.rule.pausable or len(prices) == 1):
                adds_up(told, ZoneInfo(zone) if told.calendar and len(prices) == 1 else None)
        transaction.set_rollback(True)


def test_the_clocks_that_fall_back_make_a_working_day_no_longer(cast, rules):
    office(cast, "Europe/Brussels")
    friday = datetime(2026, 10, 23, 14, 30, tzinfo=UTC)

    dispatched_ticket(cast, friday, priority="P3")
    [told] = [explain(timer, friday) for timer in loaded(rule_code="T-4")]

    adds_up(told, ZoneInfo("Europe/Brussels"))
    assert told.due_at == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)
    assert [part.kind for part in told.parts] == [COUNTED, CLOSED, COUNTED]
