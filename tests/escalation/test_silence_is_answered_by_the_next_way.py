"""Nobody confirms: at +3 and +6 minutes the next way of the person's own order is taken (X-04)."""

import pytest

from accounts.models import ContactMethod
from channels import pages
from channels.fakes import recording
from escalation.commands.answers import confirm_by_keypad
from escalation.commands.fire import fire_all
from escalation.models import Notification
from ledger import clock
from tests.factories.clocks import MINUTE
from tests.factories.formal import duty, escalate, verified_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(cast, policies, nine, settings):
    """The account manager with an own order, called at nine."""
    settings.OUTBOUND = "record"
    settings.SMS_URL = settings.VOICE_URL = "https://gateway.example/"
    recording.clear()
    person = cast.people["account_manager"]
    for position, channel in enumerate(["voice", "sms", "email"]):
        address = person.email if channel == "email" else "+61491570156"
        ContactMethod.objects.create(user=person, channel=channel, address=address, position=position, verified_at=nine)
    row = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    yield duty(row, "account_manager")
    recording.clear()


def ways(row) -> list[str]:
    rows = Notification.objects.filter(duty=row, user=row.person).exclude(channel="web")
    return list(rows.order_by("firing__occurrence", "pk").values_list("channel", flat=True))


@pytest.mark.rule("X-04")
def test_each_silence_takes_the_next_way(called, nine):
    assert ways(called) == ["voice"]
    fire_all(nine + 3 * MINUTE)
    fire_all(nine + 6 * MINUTE)
    assert ways(called) == ["voice", "sms", "email"]
    fire_all(nine + 9 * MINUTE)
    assert ways(called) == ["voice", "sms", "email"], "three times, then the deadline speaks"


@pytest.mark.rule("X-04")
def test_a_key_pressed_in_the_first_call_ends_it_for_that_person(called, nine):
    clock.set_demo(demo_now=nine + MINUTE)
    pages.send_notifications(200)
    asked = Notification.objects.get(duty=called, channel="voice")
    confirm_by_keypad(reference=asked.idem_key, digit="1", call="call-1", at=nine + 2 * MINUTE)
    fire_all(nine + 3 * MINUTE)
    assert ways(called) == ["voice"]


@pytest.mark.rule("X-07")
def test_news_of_every_half_hour_keeps_to_the_first_way(called, nine):
    for minutes in (30, 60, 90, 120):
        fire_all(nine + minutes * MINUTE)
    news = Notification.objects.filter(duty=called, user=called.person, firing__rule_code="F-3").exclude(channel="web")
    assert news.count() >= 3
    assert set(news.values_list("channel", flat=True)) == {"voice"}
