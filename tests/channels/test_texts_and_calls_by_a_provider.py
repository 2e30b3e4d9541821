"""SMS and voice by a real HTTP provider that errs, hangs and resets: one message per key, whatever happens (I8)."""

import itertools
import json
import os
from datetime import timedelta

import pytest

from accounts.models import ContactMethod
from channels import leases, pages
from channels.models import DeliveryAttempt
from channels.outbound import posting
from escalation import failpoints
from escalation.models import ConfirmLink, Duty, Escalation, Notification
from ledger.clock import real_now
from tests.channels.parts import make_ticket, page
from tests.channels.provider import Provider
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings, monkeypatch):
    server = Provider()
    settings.OUTBOUND, settings.GATEWAY_KEY, settings.GATEWAY_PRIVATE = "on", "key-1", True
    settings.SMS_URL = settings.VOICE_URL = server.url
    monkeypatch.setattr(posting, "PATIENCE_SECONDS", (1.0, 0.3))
    yield server
    server.stop()


@pytest.fixture
def phone(cast):
    return [
        ContactMethod.objects.create(
            user=cast.mo, channel=channel, address="+61491570156", position=n, verified_at=MONDAY_NINE
        )
        for n, channel in enumerate(["sms", "voice"])
    ]


def make_due() -> None:
    past = real_now() - timedelta(seconds=1)
    Notification.objects.filter(state="pending").update(next_at=past)
    Notification.objects.filter(state="sending").update(lease_until=past)


def test_a_text_goes_out_with_key_bearer_and_link_and_the_answer_is_kept(cast, provider, phone):
    row = page(make_ticket(cast), cast.mo, channel="sms")
    pages.send_notifications()
    row.refresh_from_db()
    headers, body = provider.calls[0]
    sent = json.loads(body)
    assert headers["authorization"] == "Bearer key-1" and headers["idempotency-key"] == str(row.idem_key)
    assert (sent["to"], sent["channel"], sent["reference"]) == ("+61491570156", "sms", str(row.idem_key))
    assert "SD-000101" in sent["text"] and "/desk/tickets/SD-000101/" in sent["text"]
    assert (row.state, row.provider_ref) == ("sent", "prov-1") and row.rendered_at <= row.sent_at


def test_a_call_asks_for_its_key_and_carries_no_link(cast, provider, phone):
    ticket = make_ticket(cast)
    escalation = Escalation.objects.create(
        ticket=ticket, requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x", production=True
    )
    duty = Duty.objects.create(escalation=escalation, stage=1, role="ceo", person=cast.mo, told_at=MONDAY_NINE)
    page(ticket, cast.mo, channel="voice", duty=duty, escalation=escalation, severity=1)
    pages.send_notifications()
    sent = json.loads(provider.calls[0][1])
    assert sent["confirm_key"] == "1" and "Press 1" in sent["text"] and "http" not in sent["text"]
    assert not ConfirmLink.objects.exists()


@pytest.mark.parametrize("fault", ["500", "hang", "reset"])
@pytest.mark.fault("F11")
@pytest.mark.invariant("I8")
def test_a_fault_that_may_pass_is_tried_again_under_the_same_key(cast, provider, phone, fault):
    row = page(make_ticket(cast), cast.mo, channel="sms")
    provider.faults = [fault]
    pages.send_notifications()
    assert Notification.objects.get().state == "pending"
    make_due()
    pages.send_notifications()
    assert provider.posts == {str(row.idem_key): 2} and list(provider.delivered) == [str(row.idem_key)]
    assert list(DeliveryAttempt.objects.order_by("n").values_list("outcome", flat=True)) == ["failed", "sent"]


@pytest.mark.parametrize("fault", ["422", "302"])
def test_a_refusal_is_final_and_the_next_way_is_taken_at_once(cast, provider, phone, fault):
    page(make_ticket(cast), cast.mo, channel="sms")
    provider.faults = [fault]
    pages.send_notifications()
    assert list(Notification.objects.order_by("pk").values_list("channel", "state")) == [
        ("sms", "failed"), ("voice", "sent"),
    ]  # fmt: skip


def test_a_provider_in_our_own_network_needs_the_operators_word(cast, provider, phone, settings):
    settings.GATEWAY_PRIVATE = False
    page(make_ticket(cast), cast.mo, channel="sms")
    pages.send_notifications()
    assert provider.calls == [] and Notification.objects.order_by("pk").first().state == "failed"


STEPS = ("500", "reset", "after_send", "before_settle")
CRASHES = ("after_send", "before_settle")
ORDERS = {n: list(itertools.product(STEPS, repeat=n)) for n in (1, 2, 3)}
LONG = ORDERS[3] if os.environ.get("DESK_NIGHTLY") else []


@pytest.mark.fault("F6", "F11")
@pytest.mark.invariant("I8")
@pytest.mark.parametrize("steps", [*ORDERS[1], *ORDERS[2], *LONG], ids="-".join)
def test_whatever_fails_in_whatever_order_one_message_arrives(cast, provider, phone, monkeypatch, steps):
    row = page(make_ticket(cast), cast.mo, channel="sms")
    for step in steps:
        make_due()
        if step in CRASHES:
            with monkeypatch.context() as at_failpoint, pytest.raises(failpoints.Failed):
                at_failpoint.setenv("DESK_FAILPOINT", f"{step}:raise")
                pages.send_notifications()
        else:
            provider.faults = [step]
            pages.send_notifications()
    make_due()
    pages.send_notifications()

    key = str(row.idem_key)
    assert list(provider.delivered) == [key], "one delivered message per key"
    assert provider.posts[key] == 1 + len(steps), "each failure costs one more post, none more"
    assert Notification.objects.get(pk=row.pk).state == "sent" and Notification.objects.count() == 1
    outcomes = DeliveryAttempt.objects.order_by("n").values_list("outcome", flat=True)
    assert list(outcomes) == [*("lost" if step in CRASHES else "failed" for step in steps), "sent"]


@pytest.mark.invariant("I8")
def test_a_lease_taken_over_while_waiting_sends_nothing_more(cast, provider, phone, monkeypatch):
    row = page(make_ticket(cast), cast.mo, channel="sms")
    token, claimed = leases.claim()
    make_due()
    pages.send_notifications()
    assert leases.rendered(token) is False
    assert leases.settle(claimed, token, "failed") is False
    assert provider.posts == {str(row.idem_key): 1}
