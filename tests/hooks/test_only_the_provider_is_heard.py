"""A call without our provider's signature, out of its five minutes or heard before changes nothing."""

import json
import uuid

import pytest
from django.test import Client

from channels.inbound import signed
from channels.models import HookEvent
from escalation.models import Notification
from tests.hooks.conftest import Provider

pytestmark = pytest.mark.django_db


def receipt(row, status: str = "delivered") -> dict:
    return {"type": "receipt", "reference": str(row.idem_key), "status": status, "id": "prov-7"}


def test_a_signed_receipt_is_kept_on_its_notification(gateway, asked):
    row = asked("sms")
    answer = gateway.post(receipt(row))
    row.refresh_from_db()
    assert answer.json() == {"outcome": "kept"}
    assert (row.receipt, row.provider_ref) == ("delivered", "prov-7") and row.receipt_at is not None


@pytest.mark.parametrize("how", [{"secret": "whsec_b3RoZXI="}, {"age": 301}, {"age": -301}, {"body": b"{}"}])
def test_a_foreign_late_early_or_altered_call_is_refused(gateway, asked, how):
    row = asked("sms")
    assert gateway.post(receipt(row), **how).status_code == 401
    row.refresh_from_db()
    assert row.receipt == "" and not HookEvent.objects.exists()


def test_a_call_without_any_signature_is_refused_and_none_is_taken_where_no_secret_is_set(client, gateway, settings):
    assert client.post("/hooks/gateway/", "{}", content_type="application/json").status_code == 401
    settings.GATEWAY_HOOK_SECRET = ""
    assert gateway.post({}).status_code == 404


def test_the_same_call_again_is_refused_and_does_nothing(gateway, asked):
    row = asked("sms")
    event = receipt(row)
    assert gateway.post(event, ident="evt-1").status_code == 200
    Notification.objects.update(receipt="", receipt_at=None)
    assert gateway.post(event, ident="evt-1").json() == {"code": "replayed"}
    row.refresh_from_db()
    assert row.receipt == "" and HookEvent.objects.count() == 1


def test_a_call_that_failed_half_way_may_come_again(asked):
    def breaks(_event):
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        signed.take("gateway", "evt-2", {"type": "receipt"}, breaks)
    assert signed.take("gateway", "evt-2", {"type": "receipt"}, lambda event: "kept") == "kept"


def test_what_is_no_event_of_ours_is_answered_and_changes_nothing(gateway, asked):
    row = asked("sms")
    for event in ({}, {"type": "receipt", "reference": "x"}, receipt(row, "dancing"), {"reference": str(uuid.uuid4())}):
        assert gateway.post(event).status_code == 200
    assert gateway.post([]).status_code == 400
    row.refresh_from_db()
    assert row.receipt == ""


def test_the_hook_needs_no_csrf_token_and_no_session(asked):
    strict = Provider(Client(enforce_csrf_checks=True), "/hooks/gateway/")
    assert strict.post(receipt(asked("sms"))).status_code == 200


def test_marks_older_than_a_day_are_forgotten(gateway, asked):
    gateway.post(receipt(asked("sms")))
    HookEvent.objects.update(received_at="2026-01-01T00:00:00Z")
    assert signed.expire(at=None) == 1


def test_plain_text_serves_as_secret_too():
    from channels.outbound.webhook import sign
    from ledger.clock import real_now

    body, stamp = json.dumps({"a": 1}).encode(), int(real_now().timestamp())
    headers = {"webhook-id": "e", "webhook-timestamp": str(stamp)}
    headers["webhook-signature"] = "v1,old " + sign("whsec_cGxhaW4=", "e", stamp, body)
    assert signed.verify("plain", headers, body) == "e"
