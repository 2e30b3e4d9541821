from datetime import timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.models import Clock, Notification
from escalation.queries import clocks_of
from tests.factories.clocks import MINUTE, armed, fired
from tests.tickets.path import Path
from tickets.commands import plan, resolve, settle
from tickets.commands.housekeeping import break_overdue
from tickets.models import Ticket

HOUR = timedelta(hours=1)
OWED = {"clock__kind": "promises"}
STEPS = {"clock__kind": "work_items"}


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


def promise(path, ticket, *, wait=HOUR, kind="callback"):
    at = path.tick()
    return plan.promise(ticket_id=ticket.pk, kind=kind, due_at=at + wait, actor=path.cast.bo_actor, at=at)


@pytest.mark.rule("C-04")
@pytest.mark.rule("C-09")
def test_a_promise_is_warned_of_a_quarter_of_an_hour_before_and_breaks_at_its_time(path, cast):
    ticket = path.signed()
    made = promise(path, ticket)
    assert armed(**OWED) == {("W-1", 1): made.due_at - 15 * MINUTE, ("W-1D", 1): made.due_at}

    fire_all(made.due_at - 15 * MINUTE)
    fire_all(made.due_at)

    assert fired(**OWED) == [("W-1", 1, "paged"), ("W-1D", 1, "paged")]
    told = Notification.objects.filter(firing__clock__kind="promises", channel="email").order_by("pk")
    assert list(told.values_list("firing__rule_code", "user__name")) == [
        ("W-1", "Bo Raman"), ("W-1D", "Bo Raman"), ("W-1D", "Cy Lindqvist"),
    ]  # fmt: skip


@pytest.mark.rule("C-04")
def test_a_promise_kept_is_silent_and_one_for_the_next_ten_minutes_is_not_warned_of(path, cast):
    ticket = path.signed()
    made = promise(path, ticket, wait=10 * MINUTE)
    assert armed(**OWED) == {("W-1D", 1): made.due_at}

    settle.keep_promise(commitment_id=made.pk, actor=cast.bo_actor, at=path.tick())

    assert armed(**OWED) == {}
    assert Clock.objects.get(kind="promises").stop_reason == "kept"


@pytest.mark.rule("C-10")
def test_a_promise_moved_in_time_is_owed_at_its_new_time_only(path, cast):
    ticket = path.signed()
    made = promise(path, ticket)

    later = settle.move_promise(
        commitment_id=made.pk, due_at=made.due_at + HOUR, explanation="We are sorry: the part comes later",
        actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip

    assert armed(**OWED) == {("W-1", 1): later.due_at - 15 * MINUTE, ("W-1D", 1): later.due_at}
    assert Clock.objects.get(subject_id=made.pk, kind="promises").stop_reason == "moved"


@pytest.mark.rule("C-04")
def test_housekeeping_that_marks_it_broken_first_takes_nobody_the_page(path, cast):
    made = promise(path, path.signed(), wait=10 * MINUTE)

    break_overdue(at=made.due_at + MINUTE)
    fire_all(made.due_at + MINUTE)
    break_overdue(at=made.due_at + 2 * MINUTE)

    assert fired(**OWED) == [("W-1D", 1, "paged")]


@pytest.mark.rule("C-04")
def test_the_solution_ends_promises_and_a_dispute_brings_back_what_is_still_open(path, cast):
    ticket = path.signed()
    kept, still = promise(path, ticket), promise(path, ticket, wait=3 * HOUR)
    settle.keep_promise(commitment_id=kept.pk, actor=cast.bo_actor, at=path.tick())
    resolve.resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre at the port",
        resolution="Fibre replaced and tested", participants_confirmed=True, actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    assert armed(**OWED) == {}

    resolve.dispute(ticket_id=ticket.pk, reason="Still no link", actor=cast.ada_actor, at=path.tick())

    assert armed(**OWED) == {("W-1", 1): still.due_at - 15 * MINUTE, ("W-1D", 1): still.due_at}


@pytest.mark.rule("A-08")
def test_a_step_of_the_plan_is_its_owners_and_outlives_the_solution(path, cast):
    ticket = path.signed()
    due = path.tick() + 2 * HOUR
    step = plan.add_work_item(
        ticket_id=ticket.pk, title="Replace the worn fibre", owner_user_id=cast.sam.pk, due_at=due,
        actor=cast.bo_actor, at=path.now,
    )  # fmt: skip
    assert armed(**STEPS) == {("W-1", 1): due - 15 * MINUTE, ("W-1D", 1): due}

    fire_all(due - 15 * MINUTE)
    told = Notification.objects.filter(firing__clock__kind="work_items", channel="email")
    assert list(told.values_list("user__name", flat=True)) == ["Sam Okafor"]
    settle.finish_work_item(work_item_id=step.pk, actor=cast.sam_actor, at=due - MINUTE, evidence="Spliced")

    assert armed(**STEPS) == {}


def test_steps_of_a_playbook_have_no_clock_unless_a_version_asks_and_steps_have_a_place_of_their_own(path, cast):
    ticket = path.signed()
    promise(path, ticket)

    assert not Clock.objects.filter(subject_kind="work_item").exists()
    assert not {view.code for view in clocks_of(Ticket.objects.get(pk=ticket.pk), path.now)} & {"W-1", "W-1D"}
