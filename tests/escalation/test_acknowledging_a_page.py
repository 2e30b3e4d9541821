import pytest
from django.db import DatabaseError, transaction

from accounts.actors import actor_for
from escalation.commands.acknowledge import acknowledge
from escalation.commands.fire import fire_all
from escalation.models import Ack, Clock, Firing, Policy, Rule, Timer
from escalation.seed import publish
from escalation.shipped import FAULT_HANDLING, MANAGEMENT_LADDER
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, logged_ticket, say

LADDER = {"rule_code__startswith": "M-"}


def quiet(shape, minutes=20):
    """The policy, with a chain that an acknowledgement silences for so long; F-2, T-4 and T-5 cannot be."""
    rules = [
        {**rule, "silenced_by_ack": rule["code"] not in ("T-4", "T-5"), "stop_on": ["resolved"]}
        for rule in shape["rules"]
    ]
    return shape | {"ack_silence_s": minutes * 60, "rules": rules}


def use(key, shape, at):
    return publish(Policy.objects.get(key=key), shape, at=at)


def paged(cast, at, code="M-1"):
    fire_all(at)
    return Firing.objects.get(rule_code=code)


def as_manager(cast):
    return actor_for(cast.people["account_manager"])


def test_by_policy_an_acknowledgement_silences_the_chain_and_when_it_passes_all_of_it_fires(cast, rules, nine):
    use("management_ladder", quiet(MANAGEMENT_LADDER), nine)
    ticket = logged_ticket(cast, nine, priority="P1")
    page = paged(cast, nine + 15 * MINUTE)

    acknowledge(firing_id=page.pk, actor=as_manager(cast), at=nine + 16 * MINUTE)

    assert armed(rule_code="M-2") == {("M-2", 1): nine + 30 * MINUTE}
    fire_all(nine + 35 * MINUTE)
    assert fired(**LADDER) == [("M-1", 1, "paged")]
    fire_all(nine + 36 * MINUTE)
    assert fired(**LADDER) == [("M-1", 1, "paged"), ("M-2", 1, "paged")]
    assert Entry.objects.filter(chain=ticket.chain, name="timer.acknowledged", data__rule="M-1").count() == 1


def test_progress_begins_the_silence_anew(cast, rules, nine):
    use("management_ladder", quiet(MANAGEMENT_LADDER), nine)
    ticket = logged_ticket(cast, nine, priority="P1")
    page = paged(cast, nine + 15 * MINUTE)
    acknowledge(firing_id=page.pk, actor=as_manager(cast), at=nine + 16 * MINUTE)

    say(ticket, "note.added", nine + 34 * MINUTE, progress=True, public=True, author="staff")
    fire_all(nine + 53 * MINUTE)
    assert fired(**LADDER) == [("M-1", 1, "paged")]
    fire_all(nine + 54 * MINUTE)

    assert fired(**LADDER) == [(f"M-{n}", 1, "paged") for n in (1, 2, 3)]


def test_as_shipped_no_acknowledgement_silences_the_management_chain(cast, rules, nine):
    logged_ticket(cast, nine, priority="P1")
    page = paged(cast, nine + 15 * MINUTE)

    acknowledge(firing_id=page.pk, actor=as_manager(cast), at=nine + 16 * MINUTE)
    fire_all(nine + 30 * MINUTE)

    assert fired(**LADDER) == [("M-1", 1, "paged"), ("M-2", 1, "paged")]
    assert Clock.objects.get(kind="management_ladder").silenced_until is None


@pytest.mark.rule("C-23")
def test_the_director_and_the_deputy_general_manager_hear_whatever_was_acknowledged(cast, rules, nine):
    use("fault_handling", quiet(FAULT_HANDLING, minutes=600), nine)
    dispatched_ticket(cast, nine)
    page = paged(cast, nine + 5 * MINUTE, code="T-1")

    acknowledge(firing_id=page.pk, actor=cast.cy_actor, at=nine + 6 * MINUTE)
    fire_all(nine + 180 * MINUTE)

    assert fired(rule_code__startswith="T-") == [("T-1", 1, "paged"), ("T-4", 1, "paged"), ("T-5", 1, "paged")]


@pytest.mark.rule("X-07")
@pytest.mark.parametrize("code", ["F-2", "T-4", "T-5"])
def test_the_database_refuses_to_let_an_acknowledgement_silence_the_last_rungs(rules, code):
    with pytest.raises(DatabaseError, match="rule_never_silenced"), transaction.atomic():
        Rule.objects.create(
            version=rules["response"], code=code, label="x", anchor="start", offset_s=1, silenced_by_ack=True
        )


def test_a_page_that_is_repeated_is_repeated_no_more(cast, rules, nine):
    again = [{**rule, "repeat_s": 180, "max_occurrences": 5} for rule in MANAGEMENT_LADDER["rules"][:1]]
    use("management_ladder", MANAGEMENT_LADDER | {"rules": again}, nine)
    logged_ticket(cast, nine, priority="P1")
    page = paged(cast, nine + 15 * MINUTE)
    assert armed(**LADDER) == {("M-1", 2): nine + 18 * MINUTE}

    acknowledge(firing_id=page.pk, actor=as_manager(cast), at=nine + 16 * MINUTE)

    assert armed(**LADDER) == {}
    assert Timer.objects.get(rule_code="M-1", occurrence=2).cancel_reason == "acknowledged"


def test_only_who_was_told_acknowledges_and_once(cast, rules, nine):
    ticket = logged_ticket(cast, nine, priority="P1")
    page = paged(cast, nine + 15 * MINUTE)
    act = {"firing_id": page.pk, "at": nine + 16 * MINUTE}

    def refused(actor):
        with pytest.raises(Refused) as refusal:
            acknowledge(actor=actor, **act)
        return refusal.value.code

    assert refused(cast.ada_actor) == "unknown_firing"
    assert refused(cast.bo_actor) == "not_yours"
    acknowledge(actor=as_manager(cast), **act)
    assert refused(as_manager(cast)) == "already_acknowledged"
    say(ticket, "ticket.resolved", nine + 16 * MINUTE)
    assert refused(cast.mo_actor) == "stopped"
    assert Ack.objects.count() == 1
