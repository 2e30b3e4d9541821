"""The audit of calls, promises, steps of plans, handovers and major incidents: worked by the real commands, no
difference; tampered with, a difference that names it."""

from datetime import timedelta

import pytest
from django.db import connection

from escalation.commands.audit import audit_day
from escalation.commands.fire import fire_all
from escalation.models import Clock, Firing, Timer
from ledger.actor import SYSTEM
from tests.escalation.test_handover_and_major_incident import tell
from tests.factories.clocks import MINUTE
from tests.tickets.path import Path
from tickets.commands import plan, resolve, settle
from tickets.commands.housekeeping import break_overdue
from tickets.commands.interaction import answer_interaction, end_interaction, start_interaction
from tickets.commands.note import add_note

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


def found(path) -> list[tuple[str, int, str]]:
    kept = audit_day(on=path.now.date(), at=path.now + 2 * MINUTE)
    return [(one["code"], one["occurrence"], one["what"]) for one in kept.differences]


def rings(at):
    return start_interaction(
        channel="call", direction="in", caller_number="+61355500142", called_queue="", actor=SYSTEM, at=at
    )


def rung_through_the_morning(path) -> None:
    """Four calls: answered in time, late, given up on, and one that still rings; and one an agent wrote down."""
    in_time, late, given_up, _still = (rings(path.tick()) for _number in range(4))
    answer_interaction(interaction_id=in_time.pk, actor=SYSTEM, at=in_time.started_at + 12 * SECOND)
    fire_all(path.now + 40 * SECOND)
    answer_interaction(interaction_id=late.pk, actor=SYSTEM, at=path.now + 50 * SECOND)
    end_interaction(interaction_id=given_up.pk, disposition="hang_up", actor=SYSTEM, at=path.now + 55 * SECOND)
    path.ring()


def test_calls_hold_no_difference_and_a_firing_taken_away_is_missing(path):
    rung_through_the_morning(path)
    assert Firing.objects.filter(rule_code="K-1").count() == 3
    with connection.cursor() as cursor:
        lost = Firing.objects.filter(rule_code="K-1").first().pk
        cursor.execute("DELETE FROM esc_unsealed WHERE firing_id = %s", [lost])
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM esc_firing WHERE timer_id = %s", [lost])
        cursor.execute("SET session_replication_role = DEFAULT")

    assert found(path) == [("K-1", 1, "missing")]


def promised_and_planned(path):
    ticket = path.signed()
    on = {"ticket_id": ticket.pk, "actor": path.cast.bo_actor}
    kept, moved, broken = (
        plan.promise(kind="callback", due_at=path.now + HOUR, at=path.tick(), **on) for _number in range(3)
    )
    plan.promise(kind="resolution", due_at=path.now + 6 * HOUR, at=path.tick(), **on)
    done, late = (
        plan.add_work_item(title="Replace the fibre", owner_user_id=path.cast.sam.pk, due_at=path.now + HOUR,
                           at=path.tick(), **on) for _number in range(2)
    )  # fmt: skip
    settle.keep_promise(commitment_id=kept.pk, actor=path.cast.bo_actor, at=path.tick())
    settle.move_promise(
        commitment_id=moved.pk, due_at=moved.due_at + HOUR, explanation="We are sorry: the part comes later",
        actor=path.cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    settle.finish_work_item(work_item_id=done.pk, actor=path.cast.sam_actor, at=path.tick(), evidence="Spliced")
    for _minute in range(70):
        fire_all(path.tick())
    break_overdue(at=path.now)
    return ticket, broken, late


def test_promises_and_steps_hold_no_difference_through_the_solution_and_a_dispute(path):
    ticket, broken, late = promised_and_planned(path)
    resolve.resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre at the port",
        resolution="Fibre replaced and tested", participants_confirmed=True, actor=path.cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    fire_all(path.tick(10))
    resolve.dispute(ticket_id=ticket.pk, reason="Still no link", actor=path.cast.ada_actor, at=path.tick())
    for _look in range(40):
        fire_all(path.tick(10))

    fired = Firing.objects.filter(clock__subject_kind__in=["commitment", "work_item"])
    assert {(row.clock.subject_kind, row.clock.subject_id) for row in fired} >= {
        ("commitment", broken.pk), ("work_item", late.pk),
    }  # fmt: skip
    assert found(path) == []


def test_a_promise_that_fired_though_it_was_kept_is_a_difference_that_names_the_ticket(path):
    ticket = path.signed()
    made = plan.promise(
        ticket_id=ticket.pk, kind="callback", due_at=path.now + HOUR, actor=path.cast.bo_actor, at=path.tick()
    )
    clock = Clock.objects.get(subject_kind="commitment", subject_id=made.pk)
    settle.keep_promise(commitment_id=made.pk, actor=path.cast.bo_actor, at=path.tick())
    timer = Timer.objects.get(clock=clock, rule_code="W-1D")
    Firing.objects.create(
        timer=timer, clock=clock, rule_id=timer.rule_id, rule_code="W-1D", occurrence=1, due_at=path.now,
        fired_at=path.now, outcome="paged", cause="due", engine_id="nobody",
    )  # fmt: skip
    path.tick(30)
    add_note(ticket_id=ticket.pk, body="Called back", public=False, actor=path.cast.bo_actor, at=path.now)

    kept = audit_day(on=path.now.date(), at=path.now)

    said = [one for one in kept.differences if one["code"] == "W-1D"]
    assert [(one["ticket"], one["what"]) for one in said] == [(ticket.number, "extra")]


def test_handovers_and_major_incidents_hold_no_difference_and_a_silent_engine_shows(path, cast, nine):
    tell("handover.due", nine, starts_at=(nine + HOUR).isoformat(), outgoing=cast.cy.pk, incoming=cast.sam.pk)
    tell("major.declared", nine, commander=cast.sam.pk, severity=1)
    fire_all(nine + 30 * MINUTE)
    tell("major.updated", nine + 40 * MINUTE)
    fire_all(nine + HOUR)
    tell("handover.accepted", nine + 61 * MINUTE)
    fire_all(nine + 70 * MINUTE)
    tell("major.restored", nine + 75 * MINUTE)
    path.now = nine + 4 * HOUR
    fire_all(path.now)
    assert sorted(Firing.objects.values_list("rule_code", flat=True)) == ["H-1", "I-1", "I-1"]
    assert found(path) == []


def test_a_handover_the_engine_slept_through_is_missing(path, nine):
    tell("handover.due", nine, starts_at=(nine + HOUR).isoformat())
    path.now = nine + 3 * HOUR

    assert found(path) == [("H-1", 1, "missing")]
