from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from escalation.commands.beat import beat
from escalation.commands.fire import fire_all
from escalation.measures import measure
from escalation.models import Alarm
from ledger import clock
from tests.desk.conftest import BACKEND
from tests.factories.clocks import MINUTE, dispatched_ticket


def read(client, **headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(sample.name, *sample.labels.values()): sample.value for one in families for sample in one.samples}


@pytest.fixture
def fired_late(cast, policies, nine):
    """Five and ten minutes passed and were fired 400 ms and then 20 s late."""
    dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE + timedelta(milliseconds=400))
    fire_all(nine + 10 * MINUTE + timedelta(seconds=20))
    return nine + 11 * MINUTE


def test_lateness_is_a_histogram_of_the_last_hours_firings(fired_late):
    seen = measure(fired_late)

    assert sum(seen.outcomes.values()) == seen.lateness["+Inf"] == 2
    assert (seen.lateness["0.25"], seen.lateness["0.5"], seen.lateness["10.0"]) == (0, 1, 1)
    assert seen.lateness_sum == pytest.approx(20.4)
    assert measure(fired_late + timedelta(hours=2)).lateness["+Inf"] == 0


def test_a_monitor_reads_beats_lag_alarms_and_lateness_with_the_health_token(fired_late, monkeypatch):
    monkeypatch.setenv("DESK_HEALTH_TOKEN", "secret")
    beat(engine_id="process@here", kind="process")
    Alarm.objects.create(kind="no_recipient", raised_at=fired_late)
    clock.set_demo(demo_now=fired_late)

    seen = read(Client(), Authorization="Bearer secret")

    assert seen["desk_open_alarms", "no_recipient"] == 1
    assert seen["desk_engine_beat_age_seconds", "process@here"] < 60
    assert seen["desk_firing_lateness_seconds_bucket", "0.5"] == 1
    assert seen["desk_engine_lag_seconds",] == 0
    assert ("desk_database_deadlocks",) in seen


def test_agents_customers_and_strangers_find_no_metrics(cast, policies):
    def of(user):
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    assert of(cast.cy).get("/metrics").status_code == 200
    assert of(cast.bo).get("/metrics").status_code == 404
    assert of(cast.ada.user).get("/metrics").status_code == 404
    assert Client().get("/metrics").status_code in {302, 303, 401}
    assert Client().get("/metrics", headers={"Authorization": "Bearer guess"}).status_code != 200
