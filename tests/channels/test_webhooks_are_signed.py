"""Outgoing webhooks: the standard's signature, never into our own network, little of a restricted ticket."""

import base64
import hashlib
import hmac
import json

import pytest

from accounts.models import ContactMethod
from channels import pages
from channels.outbound.webhook import secret_of
from escalation.models import Notification
from tests.channels.parts import make_ticket, page
from tests.channels.provider import Provider
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings, monkeypatch):
    settings.OUTBOUND = "on"
    monkeypatch.setenv("DESK_CHAT_ALLOW_PRIVATE", "1")
    server = Provider()
    yield server
    server.stop()


@pytest.fixture
def way(cast, receiver):
    return ContactMethod.objects.create(
        user=cast.mo, channel="webhook", address=receiver.url, verified_at=MONDAY_NINE
    )  # fmt: skip


def test_the_signature_is_that_of_the_standard_over_id_time_and_body(cast, receiver, way):
    row = page(make_ticket(cast), cast.mo, channel="webhook")
    pages.send_notifications()
    headers, body = receiver.calls[0]
    key = base64.b64decode(secret_of(way.uuid).removeprefix("whsec_"))
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}" and headers["webhook-id"] == str(row.idem_key)
    told = json.loads(body)
    assert told["type"] == "desk.page" and told["data"]["ticket"] == "SD-000101" and told["data"]["priority"] == "P2"


def test_of_a_restricted_ticket_it_says_number_and_due_time(cast, receiver, way):
    page(make_ticket(cast, restricted=True), cast.mo, channel="webhook")
    pages.send_notifications()
    data = json.loads(receiver.calls[0][1])["data"]
    assert data["ticket"] == "SD-000101" and data["due_at"]
    assert data["summary"] == data["priority"] == data["rule"] == ""


def test_secrets_of_two_ways_differ(cast, way):
    other = ContactMethod.objects.create(user=cast.mo, channel="webhook", address="https://hooks.example/")
    assert secret_of(way.uuid) != secret_of(other.uuid) and secret_of(way.uuid) == secret_of(way.uuid)


def test_it_never_points_into_our_own_network(cast, receiver, way, monkeypatch):
    monkeypatch.delenv("DESK_CHAT_ALLOW_PRIVATE")
    page(make_ticket(cast), cast.mo, channel="webhook")
    pages.send_notifications()
    row = Notification.objects.order_by("pk").first()
    assert receiver.calls == [] and row.state == "failed" and "private network" in row.last_error
