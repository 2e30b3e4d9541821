from datetime import date

import pytest

from accounts.actors import actor_for
from catalogue.models import Entitlement
from escalation.commands.fire import fire_all
from escalation.models import Clock, Duty, Escalation, RosterSlot
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from tests.factories.clocks import MINUTE, put
from tests.factories.formal import escalate, verified_ticket
from tickets.models import Participant, WorkItem

FIRST = {"account_manager", "director_support", "vp_customer_experience"}


@pytest.mark.rule("A-06")
@pytest.mark.rule("X-04")
def test_a_request_names_who_asks_and_calls_the_management_at_once(cast, rules, nine):
    ticket = verified_ticket(cast, nine)

    made = escalate(ticket, nine + MINUTE, cast.bo_actor, relation="other", requester_name="Ward nurse Iris")
    fire_all(nine + MINUTE)

    assert (made.requester_name, made.relation, made.reason) == ("Ward nurse Iris", "other", "The ward has no phones")
    assert (made.requester_user, made.duty_manager, made.production, made.severity) == (cast.bo, cast.mo, True, 1)
    assert set(Duty.objects.filter(escalation=made).values_list("role", flat=True)) == {*FIRST, "duty_manager"}
    assert Entry.objects.filter(chain=ticket.chain, name="escalation.requested").count() == 1


@pytest.mark.rule("A-06")
def test_a_second_requester_joins_the_open_one_and_its_anchor_stays(cast, rules, nine):
    ticket = verified_ticket(cast, nine)
    first = escalate(ticket, nine, cast.bo_actor)

    second = escalate(ticket, nine + 5 * MINUTE, cast.ada_actor, reason="And nobody called back")

    assert second.pk == first.pk
    assert Escalation.objects.get().requested_at == nine
    joined = Entry.objects.get(name="escalation.joined")
    assert (joined.actor_ref, joined.data["relation"]) == (str(cast.ada.uuid), "customer")


@pytest.mark.rule("A-06")
@pytest.mark.rule("X-03")
def test_a_contact_without_the_authority_may_not_escalate(cast, rules, nine):
    ticket = verified_ticket(cast, nine)
    al = Actor(
        kind="contact", ref=str(cast.al.uuid), name=cast.al.name, contact_id=cast.al.pk,
        organisation_ids=frozenset({cast.northgate.pk}), authorities=cast.al.authorities,
    )  # fmt: skip

    with pytest.raises(Refused) as refusal:
        escalate(ticket, nine, al)

    assert refusal.value.code == "no_authority"
    assert not Escalation.objects.exists()


@pytest.mark.rule("A-06")
def test_a_stranger_learns_nothing_of_the_ticket(cast, rules, nine):
    ticket = verified_ticket(cast, nine)

    with pytest.raises(Refused) as refusal:
        escalate(ticket, nine, cast.dee_actor)

    assert refusal.value.code == "unknown_ticket"


@pytest.mark.rule("P-02")
def test_nothing_is_escalated_before_the_caller_is_verified(cast, rules, nine):
    ticket = put(verified_ticket(cast, nine), verification=None)

    with pytest.raises(Refused) as refusal:
        escalate(ticket, nine, cast.bo_actor)

    assert refusal.value.code == "not_verified"
    assert not Escalation.objects.exists()


@pytest.mark.parametrize("state", ["closed", "cancelled"])
@pytest.mark.rule("A-06")
def test_a_ticket_that_is_over_cannot_be_escalated(cast, rules, nine, state):
    ticket = put(verified_ticket(cast, nine), state=state, closed_at=nine)

    with pytest.raises(Refused) as refusal:
        escalate(ticket, nine, cast.bo_actor)

    assert refusal.value.code == "not_open"


@pytest.mark.rule("A-06")
def test_a_reason_is_demanded(cast, rules, nine):
    ticket = verified_ticket(cast, nine)

    with pytest.raises(Refused) as refusal:
        escalate(ticket, nine, cast.bo_actor, reason="  ")

    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "reason")


@pytest.mark.rule("X-02")
def test_the_third_lines_senior_on_call_is_engaged_at_once(cast, rules, nine):
    ticket = verified_ticket(cast, nine)
    RosterSlot.objects.create(role=f"team:{cast.l3.uuid}", user=cast.sam, during=(nine, nine + 60 * MINUTE))

    escalate(ticket, nine, cast.bo_actor)

    item = WorkItem.objects.get(source="engagement")
    assert (item.owner_user, item.state) == (cast.sam, "open")
    assert Participant.objects.filter(ticket=ticket, part="engaged", user=cast.sam, team=cast.l3).count() == 1
    topics = OutboxMessage.objects.filter(entry__name="escalation.team_engaged").values_list("topic", flat=True)
    assert set(topics) == {"mail.team_engaged", "chat.team_engaged"}


@pytest.mark.rule("X-01")
def test_the_flag_of_a_valid_entitlement_makes_a_customer_production(cast, rules, nine):
    type(cast.northgate).objects.filter(pk=cast.northgate.pk).update(production=False)
    Entitlement.objects.filter(organisation=cast.northgate).update(valid_to=date(2026, 6, 14))
    ticket = verified_ticket(cast, nine)

    plain = escalate(ticket, nine, cast.bo_actor)

    assert plain.production is False
    kinds = Clock.objects.filter(subject_kind="escalation").values_list("kind", flat=True)
    assert set(kinds) == {"duty_manager"}


def test_the_actor_of_a_ladder_role_may_ask_too(cast, rules, nine):
    ticket = verified_ticket(cast, nine)

    made = escalate(ticket, nine, actor_for(cast.people["account_manager"]), relation="management")

    assert made.requester_name == "Daniel Hartley"
