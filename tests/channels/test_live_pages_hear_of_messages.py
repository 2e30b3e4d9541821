"""The page of an escalation is told that a message went on, and nothing of what it says; a storm rings nothing."""

import json

import pytest

from channels import bell, pages, receipts
from escalation.models import Escalation
from tests.channels.parts import make_ticket, page
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(own_redis):
    listening = own_redis.client.pubsub()
    listening.subscribe("desk:hints")
    listening.get_message(timeout=2)
    return listening


def names(heard) -> list[tuple[str, str]]:
    assert bell._ringer is None or bell._ringer.rest()
    found = []
    while (message := heard.get_message(timeout=0.2)) is not None:
        hint = json.loads(message["data"])
        found.append((hint["chain"], hint["name"]))
    return found


def test_handing_over_and_a_receipt_ring_for_an_escalation(cast, heard):
    ticket = make_ticket(cast)
    escalation = Escalation.objects.create(
        ticket=ticket, requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x", production=True
    )
    row = page(ticket, cast.mo, escalation=escalation)
    pages.send_notifications()
    assert names(heard) == [("ticket:SD-000101", "notification.went_on")]
    receipts.take(reference=row.idem_key, status="delivered", ref="", at=MONDAY_NINE)
    assert names(heard) == [("ticket:SD-000101", "notification.went_on")]


def test_pages_of_a_tickets_own_clocks_ring_nothing(cast, heard):
    page(make_ticket(cast), cast.mo)
    pages.send_notifications()
    assert names(heard) == []
