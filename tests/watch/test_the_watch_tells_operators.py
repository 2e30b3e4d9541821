from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from channels.dispatch import send_outbox
from channels.fakes import recording
from escalation.commands.beat import beat
from escalation.commands.watch import CHAIN, keep_watch, settle_alarm
from escalation.models import Alarm, Engine, Timer
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import Entry
from ledger.verify import verify
from tests.concurrency import in_another_connection
from tests.desk.conftest import BACKEND
from tests.factories.clocks import MINUTE, dispatched_ticket


def kinds(**conditions):
    return list(Alarm.objects.filter(**conditions).values_list("kind", flat=True))


def test_timers_that_stand_still_raise_one_alarm_that_settles_when_they_fire(cast, policies, nine):
    dispatched_ticket(cast, nine)
    due = nine + 5 * MINUTE

    keep_watch(at=due + timedelta(seconds=19))
    assert kinds() == []
    keep_watch(at=due + timedelta(seconds=21))
    keep_watch(at=due + timedelta(seconds=26))
    assert kinds(settled_at=None) == ["late"]
    Timer.objects.filter(rule_code="T-1").update(state="cancelled")
    keep_watch(at=due + timedelta(seconds=31))

    assert kinds(settled_at=None) == []
    assert kinds(settled_at__isnull=False) == ["late"]


@pytest.mark.django_db
def test_a_driver_that_falls_silent_is_named_while_the_other_beats():
    beat(engine_id="process@here", kind="process")
    beat(engine_id="celery@here", kind="celery", now=real_now() - timedelta(seconds=11))

    keep_watch()

    assert kinds(settled_at=None) == ["driver_silent"]
    assert Alarm.objects.get().detail.startswith("celery")
    beat(engine_id="celery@new", kind="celery")
    keep_watch()
    assert kinds(settled_at=None) == []
    assert Engine.objects.count() == 3


def test_operators_are_written_to_once_and_the_fact_is_in_the_ledger(cast, policies, nine, settings):
    settings.OPERATOR_EMAILS = ["noc@desk.example"]
    timer = Timer.objects.filter(clock__ticket=dispatched_ticket(cast, nine)).first()
    Alarm.objects.create(kind="timer_failed", timer=timer, detail="ValueError", raised_at=nine)

    keep_watch(at=nine)
    keep_watch(at=nine + MINUTE)
    recording.clear()
    send_outbox(50)

    letters = [letter for letter in recording.letters if letter.to.address == "noc@desk.example"]
    assert [letter.subject for letter in letters] == ["Alarm of the escalation engine: A timer could not fire"]
    assert "ValueError" in letters[0].text
    assert Entry.objects.filter(chain=CHAIN, name="alarm.raised").count() == 1
    assert verify(at=nine, chain=CHAIN).holds


def test_an_operator_settles_an_alarm_once_and_an_agent_cannot(cast, policies, nine):
    alarm = Alarm.objects.create(kind="no_recipient", raised_at=nine)
    cy, bo = Client(), Client()
    cy.force_login(cast.cy, backend=BACKEND)
    bo.force_login(cast.bo, backend=BACKEND)
    page, act = reverse("supervisor:engine"), reverse("supervisor:alarm-settle", args=[alarm.uuid])

    assert "Nobody to page" in cy.get(page).content.decode()
    assert bo.post(act).status_code in {403, 404}
    assert cy.post(act).status_code == 303
    assert "None is open." in cy.get(page).content.decode()
    with pytest.raises(Refused, match="settled"):
        settle_alarm(alarm_id=alarm.pk, actor=cast.cy_actor, at=nine)


@pytest.mark.django_db(transaction=True)
def test_two_drivers_that_watch_at_once_tell_once(nine):
    Alarm.objects.create(kind="no_recipient", raised_at=nine)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('escalation.watch'))")
        assert in_another_connection(keep_watch) == []
    assert len(keep_watch()) == 1
