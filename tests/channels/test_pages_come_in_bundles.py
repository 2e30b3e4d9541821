"""A storm of pages to one person becomes one digest that lists each; severity 1 never waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ContactMethod
from channels import pages
from channels.failures import SendFailed
from channels.models import DeliveryAttempt
from escalation.models import Clock, Notification
from ledger.clock import real_now
from tests.channels.parts import make_ticket, page
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db


def make_due() -> None:
    past = real_now() - timedelta(seconds=1)
    Notification.objects.filter(state="pending").update(next_at=past)


def states() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("state", flat=True))


def test_after_five_pages_in_a_minute_the_rest_come_as_one_digest_that_lists_each(cast, sent):
    numbers = [f"SD-00020{n}" for n in range(8)]
    for number in numbers:
        page(make_ticket(cast, number), cast.cy)
    pages.send_notifications()
    assert len(sent.letters) == 5
    held = Notification.objects.filter(state="pending")
    assert set(held.values_list("last_error", flat=True)) == {"held by bundling"} and held.count() == 3

    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))
    make_due()
    pages.send_notifications()

    assert len(sent.letters) == 6
    assert all(number in sent.letters[-1].text for number in numbers[5:])
    assert sorted(states()) == ["bundled"] * 2 + ["sent"] * 6
    carrier = Notification.objects.get(state="sent", held_at__isnull=False)
    assert set(Notification.objects.filter(state="bundled").values_list("held_by", flat=True)) == {carrier.pk}


def test_after_an_outage_holding_many_takes_as_many_statements_as_holding_few(cast, sent):
    taken = []
    for person, many in ((cast.cy, 7), (cast.mo, 30)):
        for number in range(many):
            page(make_ticket(cast, f"SD-{person.pk:03}{number:03}"), person)
        with CaptureQueriesContext(connection) as queries:
            pages.send_notifications()
        taken.append(len(queries))

    assert taken[1] <= taken[0]
    held = Notification.objects.filter(state="pending", last_error="held by bundling", held_at__isnull=False)
    assert (held.filter(user=cast.cy).count(), held.filter(user=cast.mo).count()) == (2, 25)
    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))
    make_due()
    pages.send_notifications()
    assert len(sent.letters) == 12, "five and a digest each"


def held_of(user) -> list[Notification]:
    """The held pages, the one that carries the digest first."""
    return list(Notification.objects.filter(user=user, state="pending").order_by("next_at", "pk"))


def test_one_held_page_carries_the_digest_whoever_holds_how_many_and_when(cast, sent):
    for number in range(8):
        page(make_ticket(cast, f"SD-00020{number}"), cast.cy)
    pages.send_notifications()
    page(make_ticket(cast, "SD-000209"), cast.cy)
    pages.send_notifications()

    first, *others = held_of(cast.cy)
    assert len(others) == 3
    assert all(row.next_at - first.next_at > timedelta(seconds=50) for row in others), "they fall due if it dies"
    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))
    Notification.objects.filter(pk=first.pk).update(next_at=real_now() - timedelta(seconds=1))
    pages.send_notifications()
    assert len(sent.letters) == 6 and held_of(cast.cy) == []


@pytest.mark.invariant("I7")
def test_when_the_page_that_carries_it_is_not_needed_any_more_another_does_at_once(cast, sent):
    for number in range(8):
        page(make_ticket(cast, f"SD-00020{number}"), cast.cy)
    pages.send_notifications()
    first, *_others = held_of(cast.cy)
    Clock.objects.filter(pk=first.firing.clock_id).update(state="stopped", running_since=None)
    Notification.objects.filter(pk=first.pk).update(next_at=real_now() - timedelta(seconds=1))
    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))

    pages.send_notifications()

    assert len(sent.letters) == 6 and held_of(cast.cy) == []


def test_a_digest_by_text_lists_every_firing_too(cast, sent, settings):
    settings.SMS_URL = "https://gateway.example/"
    ContactMethod.objects.create(user=cast.cy, channel="sms", address="+61491570156", verified_at=MONDAY_NINE)
    numbers = [f"SD-00020{n}" for n in range(9)]
    for number in numbers:
        page(make_ticket(cast, number), cast.cy, channel="sms")
    pages.send_notifications()
    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))
    make_due()
    pages.send_notifications()
    assert len(sent.texts) == 6 and all(number in sent.texts[-1].body for number in numbers[5:])


def test_a_digest_that_does_not_go_out_leaves_each_page_waiting_on_its_own(cast, sent):
    for number in range(8):
        page(make_ticket(cast, f"SD-00020{number}"), cast.cy)
    pages.send_notifications()
    sent.refuse["cy@desk.example"] = SendFailed("451 later")
    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))
    make_due()
    pages.send_notifications()
    waiting = Notification.objects.filter(state="pending")
    assert waiting.count() == 3 and not waiting.exclude(held_at=None).filter(lease_token__isnull=False).exists()


def test_severity_one_is_never_held(cast, sent):
    ticket = make_ticket(cast)
    for _n in range(6):
        page(ticket, cast.cy)
    pages.send_notifications()
    assert len(sent.letters) == 5, "the sixth of this minute waits"
    for _n in range(8):
        page(ticket, cast.cy, severity=1)
    pages.send_notifications()
    assert len(sent.letters) == 13


@pytest.mark.invariant("I7")
def test_a_digest_leaves_out_what_stopped_while_it_was_held(cast, sent):
    rows = [page(make_ticket(cast, f"SD-00020{n}"), cast.cy) for n in range(8)]
    pages.send_notifications()
    Clock.objects.filter(pk=rows[-1].firing.clock_id).update(state="stopped", running_since=None)
    DeliveryAttempt.objects.update(started_at=real_now() - timedelta(seconds=61))
    make_due()
    pages.send_notifications()
    assert "SD-000206" in sent.letters[-1].text and "SD-000207" not in sent.letters[-1].text
    assert states()[-1] == "superseded"
