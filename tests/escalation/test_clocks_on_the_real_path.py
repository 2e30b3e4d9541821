from datetime import timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Notification
from escalation.queries import clocks_of
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, fired
from tests.tickets.path import Path
from tickets.commands import note, plan, resolve, settle, suspend, tier, work
from tickets.commands.resume import resume
from tickets.models import Ticket


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


@pytest.mark.rule("C-18")
@pytest.mark.rule("C-19")
def test_triage_dispatches_sign_for_stops_the_five_and_ten_minutes_and_starts_the_fifteen(path, cast):
    ticket = path.triaged(urgency="high", impact="high")
    dispatched = ticket.dispatched_at
    assert armed(rule_code__in=["T-1", "T-1D", "T-4"]) == {
        ("T-1", 1): dispatched + 5 * MINUTE,
        ("T-1D", 1): dispatched + 10 * MINUTE,
        ("T-4", 1): dispatched + 120 * MINUTE,
    }

    ticket = work.sign_for(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    assert armed(rule_code__in=["T-1", "T-1D", "T-2"]) == {("T-2", 1): path.now + 15 * MINUTE}
    work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())

    assert armed(rule_code="T-2") == {}
    assert armed(rule_code="E-3") == {}


@pytest.mark.rule("C-20")
def test_a_progress_note_by_the_command_starts_the_wait_again(path, cast):
    ticket = path.signed()

    note.add_progress(
        ticket_id=ticket.pk, body="Field engineer measures the loop", public=True, actor=cast.bo_actor,
        at=path.tick(20),
    )  # fmt: skip

    assert armed(rule_code="T-3") == {("T-3", 1): path.now + 30 * MINUTE}


@pytest.mark.rule("C-23")
def test_the_ladder_of_a_hundred_and_eighty_minutes_survives_tier_move_and_dispute(path, cast):
    ticket = path.signed(urgency="high", impact="high")
    first = ticket.first_dispatched_at
    tier.escalate_tier(
        ticket_id=ticket.pk, tried="Reset the port, no light", criteria=["specialist"], actor=cast.bo_actor,
        at=path.tick(),
    )  # fmt: skip
    assert armed(rule_code__in=["T-4", "T-5"]) == {
        ("T-4", 1): first + 120 * MINUTE, ("T-5", 1): first + 180 * MINUTE,
    }  # fmt: skip
    for minute in range(0, 181, 5):
        fire_all(first + minute * MINUTE)
    seal_firings()

    assert fired(rule_code__in=["T-4", "T-5"]) == [("T-4", 1, "paged"), ("T-5", 1, "paged")]
    assert Notification.objects.filter(firing__rule_code="T-5", user=cast.people["deputy_gm"]).count() == 2
    sealed = Entry.objects.filter(chain=ticket.chain, name="timer.fired", data__rule="T-4").get()
    assert sealed.at == first + 120 * MINUTE


def test_the_clocks_shown_are_met_when_the_work_is_done_in_time(path, cast):
    ticket = path.signed()
    work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())

    resolve.resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="our_network", cause="Loose port on the access switch",
        resolution="Port replaced and tested", participants_confirmed=True, actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip

    states = {view.code: view.state for view in clocks_of(Ticket.objects.get(pk=ticket.pk), path.now)}
    met = dict.fromkeys(("T-1", "T-1D", "T-2", "T-3", "T-4", "T-5", "E-2", "E-3", "U-1"), "met")
    assert states == met | {"R-1": "running", "R-1D": "running"}
    assert set(armed()) == {("R-1", 1), ("R-1D", 1)}
    assert Ticket.objects.get(pk=ticket.pk).next_due_code == "R-1"


@pytest.mark.rule("C-10")
def test_a_moved_promise_of_the_solution_moves_its_clock(path, cast):
    ticket = path.signed()
    due = ticket.received_at + timedelta(hours=24)
    promise = plan.promise(
        ticket_id=ticket.pk, kind="resolution", due_at=due, text="", actor=cast.bo_actor, at=path.tick()
    )

    settle.move_promise(
        commitment_id=promise.pk, due_at=due + timedelta(hours=6), explanation="We are sorry: a part is missing",
        actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip

    assert armed(rule_code="E-2") == {("E-2", 1): due + timedelta(hours=6)}


@pytest.mark.rule("C-22")
@pytest.mark.invariant("I14")
def test_only_the_last_approval_pauses_and_resuming_gives_the_time_back(path, cast):
    ticket, asked = path.asked_to_suspend()
    before = armed(rule_code__in=["T-3", "T-4", "T-5"])
    decide = {"suspension_id": asked.pk, "approved": True}
    suspend.decide_suspension(**decide, function="monitoring", actor=cast.mo_actor, at=path.tick())
    assert armed(rule_code__in=["T-3", "T-4", "T-5"]) == before

    suspend.decide_suspension(**decide, function="customer_service", actor=cast.cy_actor, at=path.tick())
    paused_at = path.now
    assert armed(rule__pausable=True) == {}
    resume(ticket_id=ticket.pk, reason="The clinic is open", actor=cast.bo_actor, at=path.tick(100))

    assert armed(rule_code__in=["T-3", "T-4", "T-5"]) == {
        key: due + (path.now - paused_at) for key, due in before.items()
    }  # fmt: skip
