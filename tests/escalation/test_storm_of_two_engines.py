import threading
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection

from escalation.commands.fire import fire_all, fire_due
from escalation.drive import Firing as FiringLoop
from escalation.drive import Loop
from escalation.models import Engine, Firing, Notification, Timer
from escalation.tasks import tick
from ledger import clock
from servicedesk.celery import app
from servicedesk.management.storm import fill
from tests.concurrency import Elsewhere
from tests.factories.clocks import MINUTE, dispatched_ticket, fired

pytestmark = pytest.mark.django_db(transaction=True)
STORM = 2000


@pytest.mark.invariant("I1")
@pytest.mark.invariant("I3")
@pytest.mark.invariant("I4")
def test_two_engines_fire_two_thousand_timers_once_each():
    due_at = fill(armed=STORM, due=STORM, lead=timedelta(seconds=-1))

    engines = [Elsewhere(fire_all, None, limit=100, engine_id=f"engine {n}") for n in (1, 2)]
    taken = [engine.result() for engine in engines]

    assert sum(taken) == STORM
    assert min(taken) > 0
    assert Firing.objects.filter(due_at=due_at, outcome="paged").count() == STORM
    assert Timer.objects.filter(state="armed").count() == STORM
    assert Timer.objects.filter(state="armed", occurrence=2).count() == STORM
    assert not Firing.objects.filter(notifications=None).exists()
    told_once = Notification.objects.values("firing", "user", "channel").distinct().count()
    assert told_once == Notification.objects.count()


@pytest.mark.fault("F9")
@pytest.mark.invariant("I3")
def test_an_engine_killed_in_the_middle_loses_nothing():
    fill(armed=50, due=50, lead=timedelta(seconds=-1))

    def die():
        from django.db import transaction

        with transaction.atomic():
            fire_due(limit=50)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Exception, match="terminat|closed"):
        Elsewhere(die).result()
    assert Firing.objects.count() == 0

    assert fire_all() == 50
    assert Firing.objects.count() == 50


@pytest.mark.fault("F9")
@pytest.mark.invariant("I16")
def test_the_loop_survives_the_loss_of_its_connection_and_goes_on_firing(cast, rules, nine):
    clock.set_demo(demo_now=nine)
    dispatched_ticket(cast, nine)
    stop, firing = threading.Event(), FiringLoop("process@test")
    seen = []

    def step():
        seen.append(firing.step())
        if len(seen) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        clock.set_demo(demo_now=nine + 6 * MINUTE)
        if Firing.objects.exists():
            stop.set()
        return 0.0

    loop = Loop(step, stop=stop)
    Elsewhere(loop.run).result()

    assert loop.errors >= 1
    assert fired() == [("T-1", 1, "paged")]
    assert Engine.objects.get(pk="process@test").kind == "process"


def test_a_real_worker_ticks_and_two_ticks_at_once_fire_each_timer_once(cast, rules, nine):
    clock.set_demo(demo_now=nine)
    for _ in range(20):
        dispatched_ticket(cast, nine)
    clock.set_demo(demo_now=nine + 11 * MINUTE)
    queue = f"esc-test-{connection.settings_dict['NAME']}"

    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, queues=[queue]):
        for _ in range(4):
            tick.apply_async(queue=queue)
        with connection.cursor() as cursor:
            for _ in range(400):
                cursor.execute(
                    "SELECT (SELECT count(*) FROM esc_firing) >= 40 AND NOT EXISTS (SELECT 1 FROM esc_unsealed),"
                    " pg_sleep(0.05)"
                )
                if cursor.fetchone()[0]:
                    break

    assert sorted(fired()) == [("T-1", 1, "paged")] * 20 + [("T-1D", 1, "paged")] * 20
    assert Engine.objects.filter(kind="celery").exists()
