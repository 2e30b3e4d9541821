from datetime import timedelta

import pytest

from channels import ping as pings
from channels.dispatch import send_due
from channels.fakes import recording
from channels.ping import Round
from escalation.commands.canary import EMAIL, last_heard, listen, send_canary
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Alarm, Firing, Notification
from escalation.seed import seed_policies
from ledger.clock import database_now
from ledger.verify import verify
from tests.factories.clocks import MINUTE

SECOND = timedelta(seconds=1)


@pytest.fixture
def noon(db):
    """The database's clock, with the shipped policies."""
    now = database_now()
    seed_policies(at=now - timedelta(days=1))
    return now


def test_it_is_armed_each_minute_fired_delivered_and_sealed(noon):
    assert send_canary(at=noon - 2 * SECOND)
    assert not send_canary(at=noon + 30 * SECOND)
    fire_all(noon)
    send_due(50)
    seal_firings()

    assert list(Firing.objects.values_list("rule_code", "outcome")) == [("Z-1", "paged")]
    assert set(Notification.objects.values_list("user__email", flat=True)) == {EMAIL}
    assert last_heard() is not None
    assert listen(at=noon + SECOND)
    assert verify(at=noon, chain=f"canary:{noon - 2 * SECOND:%Y-%m-%d}").holds
    assert send_canary(at=noon + MINUTE)


def test_with_a_mailbox_only_the_letter_counts(noon, settings):
    settings.CANARY_EMAIL = "sink@elsewhere.example"
    send_canary(at=noon - 2 * SECOND)
    fire_all(noon)
    assert last_heard() is None
    recording.clear()

    send_due(50)

    assert [letter.to.address for letter in recording.letters] == ["sink@elsewhere.example"]
    assert last_heard() is not None


def test_three_minutes_of_silence_raise_the_alarm_and_the_next_one_heard_settles_it(noon):
    send_canary(at=noon - 4 * MINUTE)

    assert not listen(at=noon)
    assert list(Alarm.objects.filter(settled_at=None).values_list("kind", flat=True)) == ["canary"]
    fire_all(noon)
    send_canary(at=noon)
    fire_all(noon + SECOND)
    send_due(50)

    assert listen(at=noon + 2 * SECOND)
    assert not Alarm.objects.filter(settled_at=None).exists()


def test_the_outside_monitor_hears_each_canary_once_and_nothing_while_delivery_is_dead(noon, monkeypatch, settings):
    heard = []
    settings.CANARY_PING_URL = "https://monitor.example/ping"
    monkeypatch.setattr(pings, "ask", lambda url: heard.append(url) or True)
    watch = Round()
    send_canary(at=noon - 2 * SECOND)
    watch.step()
    assert heard == []

    fire_all(noon)
    send_due(50)
    watch.step()
    watch.step()

    assert heard == ["https://monitor.example/ping"]
