from datetime import timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.models import Clock, Notification
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, put
from tests.factories.majors import BODIES, child_ticket, declared
from tickets.commands.major_children import attach_ticket
from tickets.commands.major_restore import Solution, restore_major
from tickets.commands.major_review import begin_review, close_major, complete_review, save_review
from tickets.commands.major_steps import add_prevention, attach_playbook_to_major, finish_step, skip_step
from tickets.models import Ticket, WorkItem

SOLUTION = Solution(
    resolution_code="fixed", cause_code="our_configuration", cause="A change took the codec away",
    resolution="The change was taken back",
)  # fmt: skip
WORDS = {"summary": "Calls failed for an hour", "cause_code": "our_configuration", "cause": "A change took it",
         "went_well": "", "went_badly": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def _shipped(cast, policies):
    """Clocks and playbooks as every install has them."""


def restored(incident, cast, at, **more):
    values = {"bodies": BODIES, "evidence": "Test calls pass from four sites"} | more
    return restore_major(incident_id=incident.pk, actor=cast.cy_actor, at=at, **values)


@pytest.mark.rule("V-19")
def test_restoration_takes_the_children_to_closure_together_and_names_the_one_that_stays(cast, nine):
    incident = declared(cast, nine)
    good = child_ticket(cast, nine, cast.other, reporter=cast.dee)
    waits = child_ticket(cast, nine)
    for ticket in (good, waits):
        attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, actor=cast.cy_actor, at=nine)
    put(waits, state="triage")

    done = restored(incident, cast, nine + 60 * MINUTE, solution=SOLUTION)

    assert done.rows.done == [good.number]
    assert [number for number, _why in done.rows.refused] == [waits.number]
    assert dict(Ticket.objects.values_list("number", "state")) == {good.number: "closure", waits.number: "triage"}
    assert (done.incident.state, done.incident.phase, done.incident.next_update_at) == ("restored", "restored", None)
    assert armed(rule_code="I-1") == {}
    assert armed(rule_code="I-2") == {("I-2", 1): nine + 60 * MINUTE + timedelta(days=7)}


def test_restoration_without_proof_or_by_somebody_else_is_refused_and_nothing_is_written(cast, nine):
    incident = declared(cast, nine)
    before = Entry.objects.count()

    for more, code in (({"evidence": "ok"}, "placeholder"), ({"bodies": {"en": ""}}, "placeholder")):
        with pytest.raises(Refused) as refusal:
            restored(incident, cast, nine, **more)
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        restore_major(incident_id=incident.pk, bodies=BODIES, evidence="All calls pass", actor=cast.bo_actor, at=nine)
    assert refusal.value.code == "not_leading"
    assert Entry.objects.count() == before


@pytest.mark.rule("V-19")
def test_it_closes_only_reviewed_and_with_every_prevention_action_settled(cast, nine):
    incident, who = declared(cast, nine), {"actor": cast.cy_actor, "at": nine + 90 * MINUTE}
    restored(incident, cast, nine + 60 * MINUTE)
    begin_review(incident_id=incident.pk, **who)
    save_review(incident_id=incident.pk, **WORDS, **who)
    for command, code in ((close_major, "not_reviewed"), (complete_review, "no_prevention")):
        with pytest.raises(Refused) as refusal:
            command(incident_id=incident.pk, **who)
        assert refusal.value.code == code
    due = {"incident_id": incident.pk, "due_at": nine + timedelta(days=8), **who}
    trial = add_prevention(title="Trial every profile change on one trunk first", owner_user_id=cast.sam.pk, **due)
    alarm = add_prevention(title="Alarm on 488 replies", owner_team_id=cast.noc.pk, **due)
    complete_review(incident_id=incident.pk, **who)
    assert Clock.objects.get(kind="major_incident").stop_reason == "reviewed"
    with pytest.raises(Refused) as refusal:
        close_major(incident_id=incident.pk, **who)
    assert refusal.value.code == "open_prevention"

    finish_step(item_id=trial.pk, evidence="Done in change 12", actor=cast.sam_actor, at=who["at"])
    skip_step(item_id=alarm.pk, reason="The new switch alarms by itself", **who)

    assert close_major(incident_id=incident.pk, **who).state == "closed"


@pytest.mark.rule("V-19")
def test_a_prevention_action_nobody_did_calls_its_owner(cast, nine):
    incident, due = declared(cast, nine), nine + timedelta(days=2)
    add_prevention(
        incident_id=incident.pk, title="Alarm on 488 replies", owner_user_id=cast.sam.pk, due_at=due,
        actor=cast.cy_actor, at=nine,
    )  # fmt: skip
    assert Clock.objects.filter(subject_kind="work_item").exists()

    fire_all(due)

    assert "Sam Okafor" in set(
        Notification.objects.filter(firing__clock__subject_kind="work_item").values_list("user__name", flat=True)
    )


@pytest.mark.rule("V-20")
def test_the_disaster_protocol_becomes_steps_of_the_commander_once(cast, nine):
    incident = declared(cast, nine)
    run = {"incident_id": incident.pk, "key": "disaster-recovery", "at": nine}

    made = attach_playbook_to_major(**run, actor=cast.cy_actor)
    with pytest.raises(Refused) as again:
        attach_playbook_to_major(**run, actor=cast.cy_actor)
    with pytest.raises(Refused) as agent:
        attach_playbook_to_major(**run, actor=cast.bo_actor)

    assert (again.value.code, agent.value.code) == ("attached", "not_leading")
    assert {item.owner_user for item in made} == {cast.sam} and made[0].due_at == nine + 15 * MINUTE
    with pytest.raises(Refused) as bare:
        finish_step(item_id=WorkItem.objects.get(uuid=made[0].uuid).pk, evidence="", actor=cast.sam_actor, at=nine)
    assert bare.value.code == "placeholder"
