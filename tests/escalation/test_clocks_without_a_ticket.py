from datetime import timedelta

import pytest
from django.db import transaction

from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Alarm, Notification, Policy, Sealed, Unsealed
from escalation.seed import publish
from escalation.shipped import TELEPHONE_ANSWER
from escalation.subjects import start_subject
from ledger.models import Entry
from tests.concurrency import in_another_connection
from tests.factories.clocks import MINUTE, fired

CHAIN = "commitment:0190c0de-0000-7000-8000-000000000001"


def promised(cast, nine, **more):
    facts = {"due_at": nine + 30 * MINUTE}
    start_subject(
        "commitment", 7, facts=facts, started_at=nine, at=nine, organisation=cast.northgate, chain=CHAIN,
        people={"owner": cast.bo.pk}, **more,
    )  # fmt: skip


def test_a_clock_without_a_ticket_calls_the_person_its_subject_names(cast, rules, nine):
    promised(cast, nine)

    fire_all(nine + 15 * MINUTE)

    assert fired() == [("W-1", 1, "paged")]
    told = Notification.objects.values_list("user_id", "ticket_id", "role").distinct()
    assert list(told) == [(cast.bo.pk, None, "owner")]


def test_its_firings_are_sealed_once_into_the_subjects_own_chain(cast, rules, nine):
    promised(cast, nine)
    fire_all(nine + 30 * MINUTE)

    assert (seal_firings(), seal_firings()) == (2, 0)

    entries = Entry.objects.filter(chain=CHAIN, name="timer.fired").order_by("seq")
    assert [(e.data["rule"], e.data["outcome"]) for e in entries] == [("W-1", "paged"), ("W-1D", "paged")]
    assert entries[0].data["people"] == [str(cast.bo.uuid)]
    assert Sealed.objects.count() == 2
    assert not Unsealed.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_drivers_sealing_at_once_write_each_of_its_entries_once(cast, rules, nine):
    promised(cast, nine)
    fire_all(nine + 30 * MINUTE)

    with transaction.atomic():
        assert seal_firings() == 2
        assert in_another_connection(seal_firings) == 0
    assert seal_firings() == 0

    assert Entry.objects.filter(chain=CHAIN, name="timer.fired").count() == 2


def test_a_rule_that_calls_nobody_is_shown_and_is_no_alarm(cast, rules, nine):
    call = {"channel": "call", "direction": "in"}
    start_subject("interaction", 9, facts=call, started_at=nine, at=nine, chain="interaction:9")

    fire_all(nine + timedelta(seconds=20))

    assert fired() == [("K-1", 1, "shown")]
    assert not Alarm.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(("segment", "started"), [("premium", True), ("general", False)])
def test_conditions_on_the_customer_hold_of_calls_too(cast, rules, nine, segment, started):
    shape = {**TELEPHONE_ANSWER, "conditions": {**TELEPHONE_ANSWER["conditions"], "segment": ["premium"]}}
    publish(Policy.objects.get(key="telephone_answer"), shape, at=nine)
    cast.northgate.segment = segment
    ringing = {"channel": "call", "direction": "in", "queue": "", "busy": False}

    made = start_subject("interaction", 7, facts=ringing, started_at=nine, at=nine, organisation=cast.northgate,
                         chain=CHAIN)  # fmt: skip

    assert bool(made) is started
