"""The person's own order decides by which channel a page goes; the house's order without one."""

import pytest

from accounts.models import ContactMethod
from escalation.reach import Reach, order_of
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db


def way(user, channel: str, position: int, **fields) -> ContactMethod:
    values = {"address": "" if channel == "push" else f"{channel}-of-{user.pk}", "verified_at": MONDAY_NINE}
    return ContactMethod.objects.create(user=user, channel=channel, position=position, **(values | fields))


def test_without_an_own_order_it_is_the_screen_the_mail_and_the_chat_a_person_has(cast, django_assert_num_queries):
    cast.cy.chat_url = "jsons://chat.example/cy"
    cast.cy.save()
    with django_assert_num_queries(1):
        reach = Reach([cast.bo.pk, cast.cy.pk])
    assert reach.channels(cast.bo.pk, occurrence=1, severity=2) == ("web", "email")
    assert reach.channels(cast.cy.pk, occurrence=3, severity=1) == ("web", "email", "chat")


def test_each_page_on_silence_takes_the_next_way_of_the_own_order(cast, settings):
    settings.SMS_URL, settings.VOICE_URL = "https://gateway.example/sms", "https://gateway.example/voice"
    for position, channel in enumerate(["voice", "sms", "email"]):
        way(cast.mo, channel, position)
    reach = Reach([cast.mo.pk])
    taken = [reach.channels(cast.mo.pk, occurrence=n, severity=1) for n in (1, 2, 3, 4)]
    assert taken == [("web", "voice"), ("web", "sms"), ("web", "email"), ("web", "voice")]


def test_ways_switched_off_unproved_or_not_carried_here_are_passed_over(cast, settings):
    settings.SMS_URL = settings.VOICE_URL = ""
    way(cast.mo, "sms", 0)
    way(cast.mo, "webhook", 1, enabled=False)
    way(cast.mo, "chat", 2, verified_at=None)
    assert Reach([cast.mo.pk]).channels(cast.mo.pk, occurrence=1, severity=2) == ("web", "email")
    way(cast.mo, "email", 3)
    assert Reach([cast.mo.pk]).channels(cast.mo.pk, occurrence=2, severity=2) == ("web", "email")
    assert order_of(cast.mo) == [("email", f"email-of-{cast.mo.pk}")]


def test_a_severe_page_never_rests_on_a_desktop_notification_alone(cast):
    way(cast.mo, "push", 0)
    way(cast.mo, "email", 1)
    reach = Reach([cast.mo.pk])
    assert reach.channels(cast.mo.pk, occurrence=1, severity=1) == ("web", "push", "email")
    assert reach.channels(cast.mo.pk, occurrence=1, severity=2) == ("web", "push")
