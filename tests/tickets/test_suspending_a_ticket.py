"""A pause needs a condition, the customer's consent and every function, all people distinct (C-22)."""

from datetime import timedelta

import pytest

from tests.refusals import refused
from tickets.commands import housekeeping, resolve, suspend
from tickets.models import Suspension, Ticket
from tickets.words import State

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C-22")]


def _decide(asked, function, actor, path, approved=True, reason=""):
    return suspend.decide_suspension(
        suspension_id=asked.pk, function=function, approved=approved, reason=reason, actor=actor, at=path.tick()
    )


def test_the_last_of_two_approvals_pauses_the_ticket_and_not_the_first(path, cast):
    _ticket, asked = path.asked_to_suspend()
    assert _decide(asked, "monitoring", cast.mo_actor, path).state == State.L1
    assert _decide(asked, "customer_service", cast.cy_actor, path).state == State.SUSPENDED
    assert Suspension.objects.get(pk=asked.pk).approved_at == path.now


def test_nobody_approves_without_the_customers_consent(path, cast):
    _ticket, asked = path.asked_to_suspend(consent=False)
    with refused("no_consent"):
        _decide(asked, "monitoring", cast.mo_actor, path)


def test_nobody_decides_for_a_function_that_is_not_theirs(path, cast):
    _ticket, asked = path.asked_to_suspend()
    with refused("no_role"):
        _decide(asked, "monitoring", cast.cy_actor, path)


def test_one_person_holding_both_roles_decides_only_once(path, cast):
    from accounts.models import RoleGrant

    RoleGrant.objects.create(user=cast.cy, role="approver_monitoring")
    _ticket, asked = path.asked_to_suspend()
    _decide(asked, "monitoring", cast.cy_actor, path)
    with refused("same_person"):
        _decide(asked, "customer_service", cast.cy_actor, path)


@pytest.mark.parametrize("part", ["requested_by", "consent_recorded_by"])
def test_who_asked_or_took_the_consent_does_not_approve(path, cast, part):
    _ticket, asked = path.asked_to_suspend()
    Suspension.objects.filter(pk=asked.pk).update(**{part: cast.mo})
    with refused("same_person"):
        _decide(asked, "monitoring", cast.mo_actor, path)


def test_a_refused_consent_ends_the_request(path, cast):
    ticket, asked = path.asked_to_suspend(consent=False)
    suspend.record_consent(suspension_id=asked.pk, given=False, how="portal", actor=cast.ada_actor, at=path.tick())
    assert Suspension.objects.get(pk=asked.pk).state == "declined"
    with refused("unknown_suspension"):
        _decide(asked, "monitoring", cast.mo_actor, path)


def test_only_a_contact_with_the_authority_consents(path, cast):
    from accounts.actors import contact_actor

    _ticket, asked = path.asked_to_suspend(consent=False)
    al = contact_actor(cast.al, cast.al.user)
    with refused("not_allowed"):
        suspend.record_consent(suspension_id=asked.pk, given=True, how="portal", actor=al, at=path.tick())
    with refused("no_authority", "contact_id"):
        suspend.record_consent(
            suspension_id=asked.pk, given=True, how="call", contact_id=cast.al.pk, actor=cast.bo_actor, at=path.tick()
        )


def test_another_organisations_contact_does_not_learn_of_the_suspension(path, cast):
    _ticket, asked = path.asked_to_suspend(consent=False)
    with refused("unknown_suspension"):
        suspend.record_consent(suspension_id=asked.pk, given=True, how="portal", actor=cast.dee_actor, at=path.tick())


@pytest.mark.parametrize(
    ("change", "code"),
    [({"reason_code": "lunch"}, "bad_reason"), ({"reason": "n/a"}, "placeholder"), ({"until": None}, "past_until")],
)
def test_it_is_asked_for_only_on_a_condition_with_words_and_a_time_to_come(path, cast, change, code):
    ticket = path.signed()
    asked = {"reason_code": "parts", "reason": "Waits for a line card", "until": path.now + timedelta(hours=2)} | change
    asked["until"] = asked["until"] or path.now
    with refused(code):
        suspend.request_suspension(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **asked)


def test_a_decline_needs_a_reason_and_leaves_the_ticket_at_work(path, cast):
    _ticket, asked = path.asked_to_suspend()
    with refused("no_reason"):
        _decide(asked, "monitoring", cast.mo_actor, path, approved=False)
    after = _decide(asked, "monitoring", cast.mo_actor, path, approved=False, reason="Alarms are still active")
    assert after.state == State.L1


def test_a_suspended_ticket_resumes_into_the_tier_it_was_in(path, cast):
    ticket = path.suspended()
    with refused("no_reason"):
        suspend.resume(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    back = suspend.resume(ticket_id=ticket.pk, reason="The clinic has opened", actor=cast.bo_actor, at=path.tick())
    assert back.state == State.L1 and not back.suspensions.exclude(state="ended").exists()


def test_it_resumes_by_itself_at_the_agreed_time_and_not_before(path, cast):
    ticket = path.suspended()
    until = ticket.suspensions.get().until
    assert housekeeping.resume_due(at=until - timedelta(seconds=1)) == 0
    assert housekeeping.resume_due(at=until) == 1
    assert Ticket.objects.get(pk=ticket.pk).state == State.L1
    assert housekeeping.resume_due(at=until) == 0


def test_a_ticket_solved_while_a_suspension_is_asked_for_withdraws_it(path, cast):
    ticket, asked = path.asked_to_suspend()
    resolve.resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="power", cause="Power was lost at the site",
        resolution="Power is back", participants_confirmed=True, actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    assert Suspension.objects.get(pk=asked.pk).state == "withdrawn"
