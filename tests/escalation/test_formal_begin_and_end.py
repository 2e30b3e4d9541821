import pytest

from escalation.commands.engage import engage_team
from escalation.commands.fire import fire_all
from escalation.models import Clock, Escalation
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, fired, put
from tests.factories.formal import escalate, verified_ticket
from tickets.commands.correct import set_critical
from tickets.commands.link import merge
from tickets.commands.resolve import resolve

SUNDAY_NIGHT_HOURS = 154
DONE = {
    "resolution_code": "fixed",
    "cause_code": "hardware",
    "cause": "Line card failed in rack four",
    "resolution": "Replaced the line card",
    "participants_confirmed": True,
}


@pytest.mark.rule("X-08")
def test_a_ticket_that_becomes_critical_escalates_itself_at_any_hour(cast, rules, nine):
    ticket = verified_ticket(cast, nine, priority="P3")
    night = nine + SUNDAY_NIGHT_HOURS * 60 * MINUTE

    set_critical(ticket_id=ticket.pk, reason="Ward without phones", actor=cast.bo_actor, at=night)

    made = Escalation.objects.get()
    assert (made.ticket, made.requested_at, made.requester_name) == (ticket, night, "Bo Raman")
    assert armed(clock__kind="priority_escalation")["F-1D", 1] == night + 10 * MINUTE
    assert Entry.objects.filter(name="escalation.team_engaged").count() == 1


@pytest.mark.rule("X-08")
def test_becoming_critical_joins_an_open_escalation(cast, rules, nine):
    ticket = verified_ticket(cast, nine, priority="P2")
    first = escalate(ticket, nine, cast.bo_actor)

    set_critical(ticket_id=ticket.pk, reason="Worse now", actor=cast.bo_actor, at=nine + 5 * MINUTE)

    assert Escalation.objects.get() == first
    assert Entry.objects.filter(name="escalation.joined").count() == 1


@pytest.mark.rule("X-07")
def test_resolving_closes_the_escalation_and_nobody_further_is_called(cast, rules, nine):
    ticket = verified_ticket(cast, nine)
    escalate(ticket, nine, cast.bo_actor)
    fire_all(nine)

    resolve(ticket_id=ticket.pk, **DONE, actor=cast.bo_actor, at=nine + 8 * MINUTE)
    fire_all(nine + 40 * MINUTE)

    assert Escalation.objects.get().closed_at == nine + 8 * MINUTE
    assert Entry.objects.get(name="escalation.closed").data["reason"] == "resolved"
    assert fired(rule_code__in=["F-1D", "F-2", "D-1D", "T-4"]) == []
    assert not Clock.objects.filter(subject_kind="escalation").exclude(state="stopped").exists()


def test_a_closed_escalation_takes_nothing_more(cast, rules, nine):
    ticket = verified_ticket(cast, nine)
    made = escalate(ticket, nine, cast.bo_actor)
    resolve(ticket_id=ticket.pk, **DONE, actor=cast.bo_actor, at=nine + MINUTE)

    with pytest.raises(Refused) as refusal:
        engage_team(escalation_id=made.pk, team_id=cast.noc.pk, text="Look", actor=cast.mo_actor, at=nine + MINUTE)

    assert refusal.value.code == "closed"


@pytest.mark.rule("A-06")
def test_merging_an_escalated_duplicate_escalates_the_ticket_it_goes_into(cast, rules, nine):
    duplicate, master = verified_ticket(cast, nine), verified_ticket(cast, nine)
    escalate(duplicate, nine, cast.bo_actor, requester_name="Ada Lund")

    merge(ticket_id=duplicate.pk, into_id=master.pk, actor=cast.bo_actor, at=nine + 4 * MINUTE)

    assert Escalation.objects.get(ticket=duplicate).closed_at == nine + 4 * MINUTE
    carried = Escalation.objects.get(ticket=master)
    assert (carried.closed_at, carried.requester_name, carried.reason) == (None, "Ada Lund", "The ward has no phones")


@pytest.mark.rule("X-07")
@pytest.mark.rule("X-09")
def test_unresolved_the_ceo_is_informed_and_all_hear_every_thirty_minutes(cast, rules, nine):
    ticket = put(verified_ticket(cast, nine), title="Calls fail")
    escalate(ticket, nine, cast.bo_actor)
    for minute in range(95):
        fire_all(nine + minute * MINUTE)

    assert fired(rule_code="F-2") == [("F-2", 1, "paged")]
    assert fired(rule_code="F-3") == [("F-3", 1, "paged"), ("F-3", 2, "paged")]
