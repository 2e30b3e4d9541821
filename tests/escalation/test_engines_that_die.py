import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from escalation.claim import claim, limit_this_transaction
from escalation.commands.fire import fire_due
from escalation.models import Engine, Firing, Notification
from servicedesk.management.storm import fill
from tests.concurrency import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
STORM = 600
NO_REDIS = "redis://127.0.0.1:1/0"


@contextmanager
def engine(name):
    """The shipped plain driver as a process of its own, without Redis; gone at the end whatever happens."""
    base = connection.settings_dict
    url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "REDIS_URL": NO_REDIS,
        "DESK_OUTBOUND": "off",
    }
    command = [sys.executable, "manage.py", "escalation_engine", "--id", name]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def until(sql):
    """Wait in the database until `sql` gives true, at most 60 s."""
    with connection.cursor() as cursor:
        for _ in range(1200):
            cursor.execute(f"SELECT ({sql}), pg_sleep(0.05)")
            if cursor.fetchone()[0]:
                return
    raise TimeoutError(sql)


@pytest.mark.fault("F1")
@pytest.mark.invariant("I1")
@pytest.mark.invariant("I16")
def test_killed_in_a_storm_another_engine_fires_the_rest_once_without_redis():
    due_at = fill(armed=STORM, due=STORM, lead=timedelta(seconds=3))

    with engine("first") as first:
        until("SELECT count(*) > 0 FROM esc_firing")
        first.send_signal(signal.SIGKILL)
    with engine("second") as second:
        until("SELECT count(*) >= 600 FROM esc_firing")
        until("SELECT NOT EXISTS (SELECT 1 FROM esc_unsealed)")
        second.terminate()
        assert second.wait(15) == 0

    firings = Firing.objects.filter(due_at=due_at)
    assert firings.count() == Firing.objects.count() == STORM
    assert not firings.filter(fired_at__lt=due_at).exists()
    assert not firings.filter(notifications=None).exists()
    assert Notification.objects.values("firing", "user", "channel").distinct().count() == Notification.objects.count()
    assert set(Engine.objects.values_list("engine_id", "kind")) == {("first", "process"), ("second", "process")}


@pytest.mark.fault("F2")
@pytest.mark.invariant("I3")
def test_an_engine_frozen_in_a_firing_lets_go_of_its_timers_in_two_seconds():
    fill(armed=5, due=5, lead=timedelta(seconds=-1))
    claimed, thaw = threading.Event(), threading.Event()

    def freeze():
        with transaction.atomic():
            limit_this_transaction()
            taken = len(claim(None, 10))
            claimed.set()
            thaw.wait(30)
        return taken

    frozen = Elsewhere(freeze)
    assert claimed.wait(10)
    assert fire_due() == 0
    until(f"SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = {frozen.pid})")

    assert fire_due() == 5
    thaw.set()
    with pytest.raises(Exception, match="idle-in-transaction|closed|terminat"):
        frozen.result()
    assert Firing.objects.count() == 5
