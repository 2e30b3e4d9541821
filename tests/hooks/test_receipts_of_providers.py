"""Receipts come in any order; "not delivered" sends the page on at once, a digest's whole list with it."""

from datetime import timedelta

import pytest

from channels import receipts
from escalation.models import Notification
from tests.channels.parts import page
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(minutes=1)


def take(row, status: str, at=LATER) -> str:
    return receipts.take(reference=row.idem_key, status=status, ref="p", at=at)


@pytest.mark.parametrize("order", [["delivered", "read"], ["read", "delivered"], ["read", "undelivered", "delivered"]])
def test_a_better_receipt_is_never_replaced_by_a_worse(asked, order):
    row = asked("sms")
    for number, status in enumerate(order):
        take(row, status, MONDAY_NINE + timedelta(minutes=number))
    row.refresh_from_db()
    assert row.receipt == "read" and row.seen_at == row.receipt_at
    assert row.state == "sent" and Notification.objects.count() == 1


def test_not_delivered_passes_the_page_on_at_once(asked, settings):
    settings.BREAK_GLASS = ["glass@desk.example"]
    row = asked("email")
    assert take(row, "undelivered") == "passed_on"
    row.refresh_from_db()
    following = Notification.objects.exclude(pk=row.pk).get()
    assert row.state == "failed" and following.address == "glass@desk.example" and following.duty == row.duty


def test_after_a_confirmation_nothing_is_passed_on(asked, duty, cast, settings):
    settings.BREAK_GLASS = ["glass@desk.example"]
    row = asked("email")
    duty.confirmed_at, duty.confirmed_by, duty.how = MONDAY_NINE, cast.mo, "desk"
    duty.save()
    take(row, "undelivered")
    assert Notification.objects.count() == 1


def test_a_lost_digest_takes_everything_it_listed_with_it(asked, cast, settings):
    settings.BREAK_GLASS = ["glass@desk.example"]
    carrier = asked("email")
    listed = page(carrier.ticket, cast.mo, state="bundled", held_by=carrier)
    take(carrier, "undelivered")
    listed.refresh_from_db()
    assert listed.state == "failed"
    assert set(Notification.objects.filter(user=None).values_list("firing", flat=True)) == {
        carrier.firing_id, listed.firing_id,
    }  # fmt: skip


def test_a_receipt_between_sending_and_settling_is_kept_by_both(asked):
    row = asked("sms", state="sending")
    assert take(row, "delivered") == "kept"
    row.refresh_from_db()
    assert (row.state, row.receipt) == ("sending", "delivered")


def test_a_receipt_of_nothing_we_sent_is_unknown():
    import uuid

    assert receipts.take(reference=uuid.uuid4(), status="delivered", ref="", at=LATER) == "unknown"
