from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AccountTeamMember
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Duty, Escalation, Notification
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, escalated_ticket, fired, say

FIRST = {"account_manager", "director_support", "vp_customer_experience"}


def watch(start, minutes):
    for number in range(minutes + 1):
        fire_all(start + number * MINUTE)


def confirm(escalation, role, at, by):
    Duty.objects.filter(escalation=escalation, role=role).update(confirmed_at=at, confirmed_by=by, how="desk")
    say(escalation.ticket, "escalation.confirmed", at, about=escalation, role=role)


def told(code):
    return set(Notification.objects.filter(firing__rule_code=code, channel="email").values_list("role", "user__name"))


@pytest.mark.rule("X-04")
def test_three_managers_are_told_at_once_and_the_unreached_again_until_ten_minutes(cast, rules, nine):
    escalation = escalated_ticket(cast, nine)

    fire_all(nine)
    confirm(escalation, "account_manager", nine + 2 * MINUTE, cast.people["account_manager"])
    watch(nine, 10)

    assert {d.role for d in Duty.objects.filter(role__in=FIRST, due_at=nine + 10 * MINUTE)} == FIRST
    f1 = Notification.objects.filter(firing__rule_code="F-1", channel="email")
    assert sorted(f1.values_list("firing__occurrence", "role")) == [
        (1, "account_manager"), (1, "director_support"), (1, "vp_customer_experience"),
        (2, "director_support"), (2, "vp_customer_experience"),
        (3, "director_support"), (3, "vp_customer_experience"),
    ]  # fmt: skip
    assert fired(rule_code="F-1D") == [("F-1D", 1, "paged")]
    assert {(role, name) for role, name in told("F-1D")} == {
        ("director_support", "Mo Tan"),
        ("vp_customer_experience", "Mo Tan"),
    }


@pytest.mark.rule("X-04")
@pytest.mark.rule("X-07")
def test_all_three_confirmed_begin_stage_two_and_the_ceo_hears_twenty_minutes_later(cast, rules, nine):
    escalation = escalated_ticket(cast, nine)
    fire_all(nine)

    for number, role in enumerate(sorted(FIRST), start=1):
        confirm(escalation, role, nine + number * timedelta(seconds=50), cast.people[role])
    assert armed(rule_code__in=["F-1", "F-1D"]) == {}
    begun = nine + timedelta(seconds=150)
    Escalation.objects.filter(pk=escalation.pk).update(stage=2, stage_two_at=begun)
    say(escalation.ticket, "escalation.stage_two", begun, about=Escalation.objects.get(pk=escalation.pk))
    watch(nine, 24)

    assert armed(rule_code="F-3") == {("F-3", 1): begun + 50 * MINUTE}
    assert fired(rule_code__startswith="F-") == [("F-1", 1, "paged"), ("F-2", 1, "paged")]
    assert told("F-2") == {("ceo", "Helen Strand")}


@pytest.mark.rule("X-07")
@pytest.mark.rule("X-08")
def test_unconfirmed_the_ceo_hears_at_thirty_minutes_and_everyone_every_thirty_after(cast, rules):
    sunday_night = datetime(2026, 12, 27, 2, 0, tzinfo=UTC)
    escalation = escalated_ticket(cast, sunday_night)

    watch(sunday_night, 180)
    seal_firings()

    assert fired(rule_code__in=["F-1D", "F-2", "F-3"]) == [
        ("F-1D", 1, "paged"), ("F-2", 1, "paged"), *(("F-3", n, "paged") for n in (1, 2, 3, 4, 5)),
    ]  # fmt: skip
    assert {role for role, _ in told("F-3")} == FIRST | {"ceo", "duty_manager"}
    shown = Escalation.objects.get(pk=escalation.pk)
    assert (shown.stage, shown.stage_two_at) == (2, sunday_night + 10 * MINUTE)
    assert Entry.objects.filter(chain=shown.ticket.chain, name="escalation.stage_two").count() == 1


@pytest.mark.rule("A-07")
def test_thirty_minutes_stop_only_on_review_and_contact_and_the_plan_is_due_an_hour_later(cast, rules, nine):
    escalation = escalated_ticket(cast, nine, production=False)
    fire_all(nine)
    assert fired(rule_code__in=["F-1", "D-0"]) == [("D-0", 1, "paged")]
    assert told("D-0") == {("duty_manager", "Mo Tan")}

    escalation.reviewed_at = nine + 12 * MINUTE
    say(escalation.ticket, "escalation.reviewed", nine + 12 * MINUTE, about=escalation)
    assert ("D-1D", 1) in armed()
    escalation.contacted_at = nine + 14 * MINUTE
    say(escalation.ticket, "escalation.customer_contacted", nine + 14 * MINUTE, about=escalation)

    assert {code for code, _ in armed()}.isdisjoint({"D-0", "D-1", "D-1D"})
    assert armed(rule_code="D-2") == {("D-2", 1): nine + 74 * MINUTE}
    say(escalation.ticket, "escalation.plan_agreed", nine + 70 * MINUTE, about=escalation)
    assert armed(rule_code="D-2") == {}


@pytest.mark.rule("A-07")
def test_without_contact_the_manager_is_reminded_at_twenty_and_the_next_rung_called_at_thirty(cast, rules, nine):
    boss = cast.people["centre_director"]
    cast.mo.manager = boss
    cast.mo.save(update_fields=["manager"])
    AccountTeamMember.objects.create(role="duty_manager", user=cast.mo)
    escalated_ticket(cast, nine, production=False)

    watch(nine, 30)

    assert fired(rule_code__startswith="D-1") == [("D-1", 1, "paged"), ("D-1D", 1, "paged")]
    assert told("D-1D") == {("duty_manager", "Mo Tan"), ("duty_manager", boss.name)}


def test_resolving_stops_the_ladder(cast, rules, nine):
    escalation = escalated_ticket(cast, nine)
    watch(nine, 15)

    say(escalation.ticket, "ticket.resolved", nine + 16 * MINUTE)

    assert {code for code, _ in armed()} == {"R-1", "R-1D"}
