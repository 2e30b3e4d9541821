import pytest

from accounts.actors import actor_for
from escalation.commands.engage import engage_team
from escalation.commands.fire import fire_all
from escalation.commands.review import agree_plan, record_customer_contact, record_review
from escalation.models import Escalation
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from tests.factories.clocks import MINUTE, armed, fired, put
from tests.factories.formal import escalate, verified_ticket
from tickets.commands.plan import add_work_item
from tickets.models import Interaction, Note, Participant, WorkItem


@pytest.fixture
def asked(cast, rules, nine):
    """An escalation requested at nine."""
    return escalate(verified_ticket(cast, nine), nine, cast.bo_actor)


def review(asked, cast, at):
    return record_review(escalation_id=asked.pk, text="Rollback is ready", actor=cast.mo_actor, at=at)


def contact(asked, cast, at, **fields):
    said = {"contact_id": cast.ada.pk, "text": "Two sites are back"} | fields
    return record_customer_contact(escalation_id=asked.pk, **said, actor=cast.mo_actor, at=at)


def item(asked, cast, at, **owner):
    owner = owner or {"owner_user_id": cast.sam.pk}
    return add_work_item(ticket_id=asked.ticket_id, title="Reroute", **owner, actor=cast.mo_actor, at=at)


@pytest.mark.rule("A-07")
def test_the_thirty_minutes_stop_only_on_review_and_customer_contact_together(cast, asked, nine):
    review(asked, cast, nine + 5 * MINUTE)
    assert armed()["D-1D", 1] == nine + 30 * MINUTE

    contact(asked, cast, nine + 15 * MINUTE)

    due = armed()
    assert ("D-1D", 1) not in due
    assert due["D-2", 1] == nine + 75 * MINUTE
    row = Escalation.objects.get()
    assert (row.reviewed_at, row.reviewed_by, row.contacted_at) == (nine + 5 * MINUTE, cast.mo, nine + 15 * MINUTE)
    call = Interaction.objects.get(direction="out")
    assert (call.contact, call.caller_number, call.disposition) == (cast.ada, "+61355500142", "reached")


@pytest.mark.rule("A-07")
def test_a_review_alone_leaves_the_thirty_minutes_to_fire(cast, asked, nine):
    fire_all(nine)
    review(asked, cast, nine + 5 * MINUTE)

    fire_all(nine + 30 * MINUTE)

    assert fired(rule_code="D-1D") == [("D-1D", 1, "paged")]


@pytest.mark.rule("A-07")
def test_an_agent_does_not_review_for_the_manager(cast, asked, nine):
    with pytest.raises(Refused) as refusal:
        record_review(escalation_id=asked.pk, text="Looked at", actor=cast.bo_actor, at=nine)

    assert refusal.value.code == "not_manager"
    assert Escalation.objects.get().reviewed_at is None


@pytest.mark.rule("A-07")
def test_a_person_of_another_customer_is_no_customer_contact(cast, asked, nine):
    with pytest.raises(Refused) as refusal:
        contact(asked, cast, nine, contact_id=cast.dee.pk)

    assert refusal.value.code == "unknown_contact"
    assert not Interaction.objects.exists()


@pytest.mark.rule("A-08")
def test_an_agreed_plan_is_public_with_an_owner_for_every_item_and_stands_in_the_notes(cast, asked, nine):
    contact(asked, cast, nine + 5 * MINUTE)
    item(asked, cast, nine + 6 * MINUTE)
    item(asked, cast, nine + 6 * MINUTE, owner_contact_id=cast.ada.pk)

    agree_plan(escalation_id=asked.pk, actor=cast.mo_actor, at=nine + 20 * MINUTE)

    assert Escalation.objects.get().plan_agreed_at == nine + 20 * MINUTE
    assert set(WorkItem.objects.filter(source="plan").values_list("public", flat=True)) == {True}
    note = Note.objects.visible_to(cast.ada_actor).get()
    assert "Reroute – Sam Okafor" in note.body and "Reroute – Ada Lund" in note.body
    assert ("D-2", 1) not in armed()


@pytest.mark.rule("A-08")
@pytest.mark.parametrize(("called", "code"), [(False, "not_contacted"), (True, "no_plan")])
def test_no_plan_is_agreed_without_the_customer_or_without_items(cast, asked, nine, called, code):
    if called:
        contact(asked, cast, nine)

    with pytest.raises(Refused) as refusal:
        agree_plan(escalation_id=asked.pk, actor=cast.mo_actor, at=nine + MINUTE)

    assert refusal.value.code == code
    assert Escalation.objects.get().plan_agreed_at is None


@pytest.mark.rule("X-05")
@pytest.mark.rule("P-04")
def test_the_account_manager_engages_a_team_by_mail_and_chat_on_the_record(cast, asked, nine):
    manager = actor_for(cast.people["account_manager"])

    engage_team(escalation_id=asked.pk, team_id=cast.noc.pk, text="Watch the trunks", actor=manager, at=nine)

    assert WorkItem.objects.get(owner_team=cast.noc).title == "Watch the trunks"
    assert Participant.objects.filter(part="engaged", team=cast.noc).count() == 1
    entry = Entry.objects.get(name="escalation.team_engaged", data__team=str(cast.noc.uuid))
    assert entry.actor_ref == str(cast.people["account_manager"].uuid)
    topics = OutboxMessage.objects.filter(entry=entry).values_list("topic", flat=True)
    assert sorted(topics) == ["chat.team_engaged", "mail.team_engaged"]


@pytest.mark.rule("X-05")
def test_a_team_is_engaged_once(cast, asked, nine):
    engage_team(escalation_id=asked.pk, team_id=cast.noc.pk, text="Watch", actor=cast.mo_actor, at=nine)

    with pytest.raises(Refused) as refusal:
        engage_team(escalation_id=asked.pk, team_id=cast.noc.pk, text="Watch", actor=cast.mo_actor, at=nine)

    assert refusal.value.code == "already_engaged"
    assert WorkItem.objects.filter(owner_team=cast.noc).count() == 1


@pytest.mark.rule("P-02")
def test_a_second_unverified_caller_closes_the_gate_again(cast, asked, nine):
    put(asked.ticket, team=cast.l1)
    Interaction.objects.create(ticket=asked.ticket, agent=cast.mo, channel="call", direction="in", started_at=nine)

    with pytest.raises(Refused) as refusal:
        review(asked, cast, nine)

    assert refusal.value.code == "not_verified"
