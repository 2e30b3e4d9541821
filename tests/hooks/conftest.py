"""A provider that signs, and an escalation with a page by phone and one by mail."""

import json
import time
import uuid

import pytest

from channels.outbound.webhook import sign
from escalation.models import Duty, Escalation
from tests.channels.parts import make_ticket, page
from tests.conftest import MONDAY_NINE

SECRET = "whsec_c2VjcmV0LW9mLXRoZS1wcm92aWRlci0xMjM0NTY3ODkw"


class Provider:
    """Posts signed events to one hook."""

    def __init__(self, client, path: str) -> None:
        self.client, self.path = client, path

    def post(self, event: dict, *, ident: str = "", age: int = 0, secret: str = SECRET, body: bytes | None = None):
        ident, stamp = ident or uuid.uuid4().hex, int(time.time()) - age
        sent = json.dumps(event).encode()
        headers = {
            "webhook-id": ident, "webhook-timestamp": str(stamp), "webhook-signature": sign(secret, ident, stamp, sent),
        }  # fmt: skip
        return self.client.post(self.path, body or sent, content_type="application/json", headers=headers)


@pytest.fixture(autouse=True)
def secrets(settings):
    settings.GATEWAY_HOOK_SECRET = settings.MAIL_HOOK_SECRET = SECRET
    settings.OUTBOUND = "record"


@pytest.fixture
def gateway(client):
    return Provider(client, "/hooks/gateway/")


@pytest.fixture
def mailbox(client):
    return Provider(client, "/hooks/mail/")


@pytest.fixture
def duty(cast):
    """Mo's duty as CEO on an open escalation."""
    escalation = Escalation.objects.create(
        ticket=make_ticket(cast), requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x",
        production=True,
    )  # fmt: skip
    return Duty.objects.create(escalation=escalation, stage=1, role="ceo", person=cast.mo, told_at=MONDAY_NINE)


@pytest.fixture
def asked(duty):
    """Make a page of the duty to its person by one channel."""

    def make(channel: str, **fields):
        values = {"duty": duty, "escalation": duty.escalation, "severity": 1, "state": "sent"}
        return page(duty.escalation.ticket, duty.person, channel=channel, **(values | fields))

    return make
