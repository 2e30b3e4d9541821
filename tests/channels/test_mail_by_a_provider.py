"""A mail provider's HTTP interface instead of SMTP: what it answers decides, and its events are receipts of pages."""

import base64
import json

import pytest

from channels import pages
from channels.models import HookEvent
from escalation.models import Notification
from tests.channels.parts import make_ticket, page
from tests.channels.provider import Provider

pytestmark = pytest.mark.django_db
EVENTS = "/hooks/mail-events/"
TAKEN = [{"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "cy@desk.example", "SubmittedAt": "2026-06-15"}]


@pytest.fixture
def provider(settings):
    server = Provider()
    server.answer = TAKEN
    settings.OUTBOUND, settings.MAIL_PROVIDER = "on", "postmark"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token-1", "POSTMARK_API_URL": server.url.removesuffix("send"),
        "WEBHOOK_SECRET": "desk:secret-of-the-hook", "REQUESTS_TIMEOUT": (1, 0.3),
    }  # fmt: skip
    yield server
    server.stop()


def event(row, kind: str, **fields) -> dict:
    return {
        "RecordType": kind, "MessageID": "pm-1", "Recipient": "cy@desk.example", "ID": 7, "Type": "HardBounce",
        "DeliveredAt": "2026-06-15T09:00:00Z", "BouncedAt": "2026-06-15T09:00:00Z",
        "ReceivedAt": "2026-06-15T09:00:00Z", "Metadata": {"reference": str(row.idem_key)},
    } | fields  # fmt: skip


def tell(client, body: dict, secret: str = "desk:secret-of-the-hook"):
    signed = "Basic " + base64.b64encode(secret.encode()).decode()
    return client.post(EVENTS, json.dumps(body), content_type="application/json", headers={"Authorization": signed})


def test_a_page_goes_out_with_our_own_reference_and_the_providers_id_is_kept(cast, provider):
    row = page(make_ticket(cast), cast.cy)
    pages.send_notifications()
    sent = json.loads(provider.calls[0][1])
    row.refresh_from_db()
    assert sent["To"] == "Cy Lindqvist <cy@desk.example>"
    assert sent["Metadata"] == {"reference": str(row.idem_key)} and "SD-000101" in sent["Subject"]
    assert (row.state, row.provider_ref) == ("sent", "pm-1")


@pytest.mark.parametrize(
    ("fault", "state"), [("500", "pending"), ("hang", "pending"), ("reset", "pending"), ("422", "failed")]
)
def test_what_it_answers_decides_whether_to_try_again(cast, provider, fault, state):
    page(make_ticket(cast), cast.cy)
    provider.faults = [fault]
    pages.send_notifications()
    assert Notification.objects.order_by("pk").first().state == state


def test_its_events_are_receipts_once_each(cast, provider, client):
    row = page(make_ticket(cast), cast.cy)
    pages.send_notifications()
    assert tell(client, event(row, "Delivery")).json() == {"outcomes": ["kept"]}
    assert tell(client, event(row, "Delivery")).json() == {"outcomes": ["replayed"]}
    row.refresh_from_db()
    assert row.receipt == "delivered"


def test_a_bounce_hands_the_page_on_at_once(cast, provider, client, settings):
    row = page(make_ticket(cast), cast.cy)
    pages.send_notifications()
    assert tell(client, event(row, "Bounce")).json() == {"outcomes": ["passed_on"]}
    assert Notification.objects.exclude(pk=row.pk).get().user == cast.mo


def test_a_call_with_another_password_and_a_provider_nobody_set_are_refused(cast, provider, client, settings):
    row = page(make_ticket(cast), cast.cy, state="sent")
    assert tell(client, event(row, "Delivery"), "desk:wrong").status_code == 401
    settings.MAIL_PROVIDER = ""
    assert tell(client, event(row, "Delivery")).status_code == 404
    assert not HookEvent.objects.exists() and Notification.objects.get().receipt == ""
