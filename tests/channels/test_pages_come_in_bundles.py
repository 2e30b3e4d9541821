"""A storm of pages to one person becomes one digest that lists each; severity 1 never waits."""

from datetime import timedelta

import pytest

from channels import pages
from channels.models import DeliveryAttempt
from escalation.models import Clock, Notification
from ledger.clock import real_now
from tests.channels.parts import make_ticket, page

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


def test_severity_one_is_never_held(cast, sent):
    ticket = make_ticket(cast)
    for _n in range(8):
        page(ticket, cast.cy, severity=1)
    pages.send_notifications()
    assert len(sent.letters) == 8


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
