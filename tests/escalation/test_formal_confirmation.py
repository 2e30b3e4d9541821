from datetime import timedelta

import pytest

from accounts.actors import actor_for
from accounts.models import AccountTeamMember
from escalation.commands.confirm import confirm_by_link, confirm_duty, record_phone_confirmation
from escalation.commands.fire import fire_all
from escalation.commands.hand import hand_to_deputy
from escalation.models import ConfirmLink, Duty, Escalation, Notification
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed
from tests.factories.formal import duty, escalate, link, verified_ticket
from tickets.models import Interaction

FIRST = ("account_manager", "director_support", "vp_customer_experience")


@pytest.fixture
def called(cast, rules, nine):
    """An escalation whose first contacts were called at nine."""
    made = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    return made


@pytest.mark.rule("X-04")
def test_the_person_named_confirms_signed_in(cast, called, nine):
    row = duty(called, "account_manager")
    manager = actor_for(cast.people["account_manager"])

    done = confirm_duty(duty_id=row.pk, actor=manager, at=nine + MINUTE)

    assert (done.confirmed_by, done.how, done.confirmed_at) == (cast.people["account_manager"], "desk", nine + MINUTE)
    assert Entry.objects.get(name="escalation.confirmed").data["deputy"] is False


@pytest.mark.rule("X-04")
def test_nobody_else_confirms_for_the_person(cast, called, nine):
    row = duty(called, "account_manager")

    with pytest.raises(Refused) as refusal:
        confirm_duty(duty_id=row.pk, actor=cast.cy_actor, at=nine + MINUTE)

    assert refusal.value.code == "not_yours"
    assert Duty.objects.get(pk=row.pk).confirmed_at is None


@pytest.mark.rule("X-04")
def test_a_deputys_confirmation_meets_the_duty_and_is_named_as_such(cast, called, nine):
    AccountTeamMember.objects.filter(role="account_manager").update(deputy=cast.sam)
    row = duty(called, "account_manager")

    done = confirm_duty(duty_id=row.pk, actor=cast.sam_actor, at=nine + MINUTE)

    assert (done.person, done.confirmed_by) == (cast.people["account_manager"], cast.sam)
    assert Entry.objects.get(name="escalation.confirmed").data["deputy"] is True


@pytest.mark.rule("X-07")
@pytest.mark.rule("X-04")
def test_the_third_confirmation_begins_stage_two_and_the_ceo_is_due_twenty_minutes_later(cast, called, nine):
    for number, role in enumerate(FIRST, start=1):
        row = duty(called, role)
        confirm_duty(duty_id=row.pk, actor=actor_for(row.person), at=nine + number * MINUTE)

    after = Escalation.objects.get()
    assert (after.stage, after.stage_two_at) == (2, nine + 3 * MINUTE)
    due = armed(clock__subject_kind="escalation")
    assert due["F-2", 1] == nine + 23 * MINUTE
    assert ("F-1D", 1) not in due
    fire_all(nine + 23 * MINUTE)
    assert duty(called, "ceo").person == cast.people["ceo"]


@pytest.mark.rule("X-07")
def test_a_confirmation_after_the_ten_minutes_does_not_begin_stage_two_again(cast, called, nine):
    fire_all(nine + 10 * MINUTE)

    for number, role in enumerate(FIRST, start=11):
        row = duty(called, role)
        confirm_duty(duty_id=row.pk, actor=actor_for(row.person), at=nine + number * MINUTE)

    assert Escalation.objects.get().stage_two_at == nine + 10 * MINUTE
    assert not Entry.objects.filter(name="escalation.stage_two").exists()
    assert armed(clock__subject_kind="escalation")["F-2", 1] == nine + 30 * MINUTE


@pytest.mark.rule("X-04")
def test_a_link_confirms_once_and_keeps_who_tapped(cast, called, nine):
    token = link(duty(called, "vp_customer_experience"), nine)

    done = confirm_by_link(token=token, ip="203.0.113.9", user_agent="Phone", at=nine + MINUTE)

    assert (done.how, done.confirmed_by) == ("link", cast.people["vp_customer_experience"])
    kept = ConfirmLink.objects.get()
    assert (kept.used_ip, kept.used_agent, kept.used_at) == ("203.0.113.9", "Phone", nine + MINUTE)
    with pytest.raises(Refused) as refusal:
        confirm_by_link(token=token, ip=None, user_agent="", at=nine + 2 * MINUTE)
    assert refusal.value.code == "link_used"


@pytest.mark.parametrize(("minutes", "token", "code"), [(60, "tok-1", "link_expired"), (1, "other", "unknown_link")])
@pytest.mark.rule("X-04")
def test_an_expired_or_unknown_link_confirms_nothing(cast, called, nine, minutes, token, code):
    link(duty(called, "account_manager"), nine)

    with pytest.raises(Refused) as refusal:
        confirm_by_link(token=token, ip=None, user_agent="", at=nine + minutes * MINUTE)

    assert refusal.value.code == code
    assert not Duty.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.rule("X-04")
def test_a_recorded_call_that_reached_the_person_confirms(cast, called, nine):
    row = duty(called, "director_support")
    call = {"number": "+61 3 5550 0199", "actor": cast.mo_actor}

    record_phone_confirmation(duty_id=row.pk, outcome="not_reached", note="", at=nine + MINUTE, **call)
    done = record_phone_confirmation(duty_id=row.pk, outcome="reached", note="Knows", at=nine + 4 * MINUTE, **call)

    assert (done.how, done.confirmed_by) == ("call", cast.people["director_support"])
    calls = Interaction.objects.filter(direction="out").order_by("started_at")
    assert [(c.disposition, c.caller_number, c.agent) for c in calls] == [
        ("not_reached", "+61355500199", cast.mo),
        ("reached", "+61355500199", cast.mo),
    ]


@pytest.mark.rule("X-04")
def test_a_duty_handed_to_the_deputy_stays_open_until_the_deputy_confirms(cast, called, nine):
    AccountTeamMember.objects.filter(role="account_manager").update(deputy=cast.sam)
    row = duty(called, "account_manager")
    token = link(row, nine)

    _duty, name = hand_to_deputy(token=token, ip=None, user_agent="", at=nine + timedelta(seconds=30))

    assert name == "Sam Okafor"
    assert Duty.objects.get(pk=row.pk).confirmed_at is None
    assert Notification.objects.filter(duty=row, user=cast.sam, state="pending", channel="email").count() == 1
    assert confirm_by_link(
        token=link(row, nine, person=cast.sam, token="tok-2"), ip=None, user_agent="", at=nine + MINUTE
    ).confirmed_by == cast.sam  # fmt: skip
