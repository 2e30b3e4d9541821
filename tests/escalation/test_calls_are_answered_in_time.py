from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from escalation.calls import is_busy
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Alarm, Clock, Firing, Notification, Timer
from ledger.actor import SYSTEM
from ledger.clock import real_now
from ledger.models import Entry
from tests.factories.clocks import armed, fired
from tickets.commands.interaction import answer_interaction, end_interaction, start_interaction
from tickets.models import Interaction

SECOND = timedelta(seconds=1)


def rings(at, queue="", **fields):
    said = {"channel": "call", "direction": "in", "caller_number": "+61355500142", "called_queue": queue} | fields
    return start_interaction(actor=SYSTEM, at=at, **said)


def sign_in(*users):
    for user in users:
        session = Session.objects.create(
            session_key=f"session-{user.pk}", session_data="", expire_date=real_now() + timedelta(hours=1)
        )
        UserSession.objects.create(user=user, session_key=session.session_key, ip="127.0.0.1")


def talks(user, at):
    return Interaction.objects.create(channel="call", direction="in", started_at=at, answered_at=at, agent=user)


@pytest.mark.rule("C-07")
def test_a_call_that_rings_for_twenty_seconds_is_late_on_the_board_and_wakes_nobody(cast, rules, nine):
    call = rings(nine)
    assert armed() == {("K-1", 1): nine + 20 * SECOND}

    fire_all(nine + 20 * SECOND)
    seal_firings()

    assert fired() == [("K-1", 1, "shown")]
    assert not Notification.objects.exists() and not Alarm.objects.exists()
    assert Entry.objects.filter(chain=f"interaction:{call.uuid}", name="timer.fired").count() == 1


@pytest.mark.rule("C-07")
def test_answered_in_time_it_is_no_breach(cast, rules, nine):
    call = rings(nine)

    answer_interaction(interaction_id=call.pk, actor=SYSTEM, at=nine + 12 * SECOND)
    fire_all(nine + 60 * SECOND)

    assert fired() == []
    assert Clock.objects.get(kind="telephone_answer").stop_reason == "answered"


@pytest.mark.rule("C-07")
def test_answered_late_before_the_engine_looked_stays_a_breach(cast, rules, nine):
    call = rings(nine)

    answer_interaction(interaction_id=call.pk, actor=SYSTEM, at=nine + 25 * SECOND)

    assert fired() == [("K-1", 1, "moot")]
    assert Firing.objects.get().due_at == nine + 20 * SECOND


@pytest.mark.rule("C-07")
def test_a_caller_who_hangs_up_ends_the_wait(cast, rules, nine):
    call = rings(nine)

    end_interaction(interaction_id=call.pk, disposition="hang_up", actor=SYSTEM, at=nine + 9 * SECOND)

    assert armed() == {} and fired() == []


@pytest.mark.rule("C-07")
def test_while_every_signed_in_agent_of_the_queue_is_on_a_call_it_may_ring_for_sixty(cast, rules, nine):
    sign_in(cast.bo, cast.sam)
    talks(cast.bo, nine)

    rings(nine, queue=cast.l1.name)
    rings(nine + SECOND, queue=cast.l2.name)
    rings(nine + 2 * SECOND)

    dues = Timer.objects.order_by("clock_id").values_list("due_at", flat=True)
    assert list(dues) == [nine + 60 * SECOND, nine + 21 * SECOND, nine + 22 * SECOND]


@pytest.mark.rule("C-07")
def test_busy_asks_who_is_signed_in_and_free(cast, rules, nine):
    assert not is_busy("")

    sign_in(cast.bo)
    talking = talks(cast.bo, nine)
    assert is_busy("") and is_busy(cast.l1.name)

    Interaction.objects.filter(pk=talking.pk).update(ended_at=nine + SECOND)
    assert not is_busy(cast.l1.name)


def test_calls_out_and_calls_an_agent_writes_down_as_taken_ring_for_nobody(cast, rules, nine):
    rings(nine, direction="out")
    rings(nine, channel="email")
    start_interaction(channel="call", direction="in", actor=cast.bo_actor, at=nine)

    assert not Clock.objects.exists()
