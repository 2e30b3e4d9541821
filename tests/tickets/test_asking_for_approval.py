"""What an agent may not do alone is asked for, decided by others with a reason, and done with the last approval."""

from datetime import timedelta

import pytest

from accounts.actors import actor_for
from escalation.models import Clock
from ledger.models import Entry
from tests.factories.cast import staff
from tests.factories.clocks import MINUTE, put
from tests.factories.formal import verified_ticket
from tests.refusals import refused
from tickets.commands.approve import decide_approval, request_priority, request_reopen, withdraw_approval
from tickets.commands.close import reopen
from tickets.commands.correct import reprioritise
from tickets.commands.delegate import delegate_decision
from tickets.commands.suspend import decide_suspension
from tickets.models import Approval, ApprovalRule, Suspension, Ticket

WHY = "The minister's office is on it"


@pytest.fixture
def low(cast, nine):
    """A P3 that impact and urgency propose to be P3."""
    return verified_ticket(cast, nine, priority="P3", impact="medium", urgency="medium")


def asked(ticket, cast, nine, priority="P1"):
    request_priority(ticket_id=ticket.pk, priority=priority, reason=WHY, actor=cast.bo_actor, at=nine + MINUTE)
    return Approval.objects.get(ticket=ticket)


def decide(approval, actor, at, *, approved=True, reason="Agreed with the account team", function="supervision"):
    said = {"function": function, "approved": approved, "reason": reason}
    return decide_approval(approval_id=approval.pk, **said, actor=actor, at=at)


def test_one_step_above_the_proposal_is_the_agents_and_two_steps_are_not(cast, policies, low, nine):
    reprioritise(ticket_id=low.pk, priority="P2", reason=WHY, actor=cast.bo_actor, at=nine)
    with refused("approval_needed"):
        reprioritise(ticket_id=low.pk, priority="P1", reason=WHY, actor=cast.bo_actor, at=nine)

    reprioritise(ticket_id=low.pk, priority="P1", reason=WHY, actor=cast.cy_actor, at=nine)
    assert Ticket.objects.get(pk=low.pk).priority == "P1"


def test_the_last_approval_changes_the_priority_and_all_of_it_is_on_the_record(cast, policies, low, nine):
    approval = asked(low, cast, nine)
    assert Ticket.objects.get(pk=low.pk).priority == "P3"

    decide(approval, cast.mo_actor, nine + 2 * MINUTE)

    assert Ticket.objects.get(pk=low.pk).priority == "P1"
    names = set(Entry.objects.filter(chain=low.chain).values_list("name", flat=True))
    assert {"ticket.approval_requested", "ticket.approval_complete", "ticket.reprioritised"} <= names


def test_nobody_approves_their_own_and_a_decision_needs_role_and_reason(cast, policies, low, nine):
    request_priority(ticket_id=low.pk, priority="P1", reason=WHY, actor=cast.cy_actor, at=nine)
    mine = Approval.objects.get()
    with refused("same_person"):
        decide(mine, cast.cy_actor, nine)
    with refused("no_role"):
        decide(mine, cast.bo_actor, nine)
    with refused("no_reason"):
        decide(mine, cast.mo_actor, nine, reason="")
    with refused("asked"):
        request_priority(ticket_id=low.pk, priority="P1", reason=WHY, actor=cast.bo_actor, at=nine)

    decide(mine, cast.mo_actor, nine, approved=False, reason="A second site is up")
    assert (Approval.objects.get().state, Ticket.objects.get(pk=low.pk).priority) == ("declined", "P3")
    with refused("unknown_approval"):
        decide(mine, cast.mo_actor, nine)


def test_the_policy_says_how_far_who_and_whether_at_all(cast, policies, low, nine):
    rule = ApprovalRule.objects.create(kind="priority", functions=["monitoring", "customer_service"], steps=1)
    approval = asked(low, cast, nine)
    decide(approval, cast.mo_actor, nine, function="monitoring")
    assert Ticket.objects.get(pk=low.pk).priority == "P3"
    decide(approval, cast.cy_actor, nine, function="customer_service")
    assert Ticket.objects.get(pk=low.pk).priority == "P1"

    ApprovalRule.objects.filter(pk=rule.pk).update(active=False)
    other = verified_ticket(cast, nine, priority="P3", impact="medium", urgency="medium")
    reprioritise(ticket_id=other.pk, priority="P1", reason=WHY, actor=cast.bo_actor, at=nine)
    assert Ticket.objects.get(pk=other.pk).priority == "P1"


def test_who_asked_takes_it_back_and_nobody_else(cast, policies, low, nine):
    approval = asked(low, cast, nine)
    with refused("not_allowed"):
        withdraw_approval(approval_id=approval.pk, actor=cast.cy_actor, at=nine)

    withdraw_approval(approval_id=approval.pk, actor=cast.bo_actor, at=nine)
    assert Approval.objects.get().state == "withdrawn"


def test_a_ticket_is_reopened_late_by_approval_only(cast, policies, nine):
    ticket = put(verified_ticket(cast, nine), state="closed", closed_at=nine)
    Clock.objects.filter(ticket=ticket).update(state="stopped", running_since=None)
    late = nine + timedelta(days=20)
    with refused("too_old"):
        reopen(ticket_id=ticket.pk, reason=WHY, actor=cast.cy_actor, at=late)
    with refused("in_time"):
        request_reopen(ticket_id=ticket.pk, reason=WHY, actor=cast.bo_actor, at=nine + MINUTE)

    request_reopen(ticket_id=ticket.pk, reason=WHY, actor=cast.bo_actor, at=late)
    decide(Approval.objects.get(), cast.mo_actor, late)

    again = Ticket.objects.get(pk=ticket.pk)
    assert (again.state, again.run_no) == ("triage", 2)


@pytest.mark.rule("C-22")
def test_a_decision_handed_on_is_that_persons_alone_until_the_time(cast, policies, nine):
    pause = Suspension.objects.create(
        ticket=verified_ticket(cast, nine), reason_code="parts", reason="Line card", needed=["monitoring"],
        until=nine + 300 * MINUTE, requested_by=cast.bo, requested_at=nine, consent=True, consent_at=nine,
        consent_contact=cast.ada, consent_how="call",
    )  # fmt: skip
    eve, mo = staff("eve@desk.example", "Eve Second", "approver_monitoring"), cast.mo_actor
    said = {"subject": pause.uuid, "function": "monitoring", "until": nine + 60 * MINUTE, "reason": "Off to the site"}
    with refused("unknown_person"):
        delegate_decision(**said, to_user_id=cast.cy.pk, actor=mo, at=nine)
    delegate_decision(**said, to_user_id=eve.pk, actor=mo, at=nine)

    one = {"suspension_id": pause.pk, "function": "monitoring", "approved": True}
    with refused("handed_over"):
        decide_suspension(**one, actor=mo, at=nine + MINUTE)
    entry = Entry.objects.get(name="ticket.approval_handed")
    assert (entry.data["function"], entry.data["person"]) == ("monitoring", str(eve.uuid))

    decide_suspension(**one, actor=actor_for(eve), at=nine + 2 * MINUTE)
    assert Suspension.objects.get().state == "approved"


@pytest.mark.rule("C-22")
def test_after_its_time_a_handed_decision_is_everybodys_again(cast, policies, low, nine):
    approval = asked(low, cast, nine)
    delegate_decision(subject=approval.uuid, function="supervision", to_user_id=cast.cy.pk, until=nine + 10 * MINUTE,
                      reason="In a meeting", actor=cast.mo_actor, at=nine + MINUTE)  # fmt: skip

    decide(approval, cast.mo_actor, nine + 11 * MINUTE)
    assert Ticket.objects.get(pk=low.pk).priority == "P1"
