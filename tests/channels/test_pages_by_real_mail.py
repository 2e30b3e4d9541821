"""Pages through a real SMTP server that refuses, hangs and drops the line: one letter per Message-ID (I8)."""

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from channels import pages
from channels.models import DeliveryAttempt
from escalation import failpoints
from escalation.models import Notification
from ledger.clock import real_now
from tests.channels.parts import make_ticket, page
from tests.channels.test_mail_survives_bad_servers import Server
from tests.live.servers import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.OUTBOUND = "on"
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = f"smtp://127.0.0.1:{controller.port}", 0.5
    yield handler
    controller.stop()


def make_due() -> None:
    past = real_now() - timedelta(seconds=1)
    Notification.objects.filter(state="pending").update(next_at=past)
    Notification.objects.filter(state="sending").update(lease_until=past)


def arrived(server) -> list[str]:
    """The letters a mail server that knows its Message-IDs hands to the reader."""
    return list(dict.fromkeys(message["Message-ID"] for _to, message in server.taken))


@pytest.mark.fault("F11")
@pytest.mark.invariant("I8")
@pytest.mark.parametrize("fault", ["451", "drop", "hang"])
def test_after_a_fault_the_same_letter_goes_out_again(cast, server, fault):
    row = page(make_ticket(cast), cast.cy)
    server.fault = fault
    pages.send_notifications()
    assert Notification.objects.get().state == "pending"
    server.fault = ""
    make_due()
    pages.send_notifications()

    assert arrived(server) == [f"<{row.idem_key}@servicedesk.example>"]
    assert len(server.taken) <= 2, "no more letters than faults in the window of sending"
    assert list(DeliveryAttempt.objects.order_by("n").values_list("outcome", flat=True)) == ["failed", "sent"]
    row.refresh_from_db()
    assert row.created_at <= row.rendered_at <= row.sent_at and row.receipt_at is None


@pytest.mark.fault("F6")
@pytest.mark.invariant("I8")
@pytest.mark.parametrize("place", ["after_send", "before_settle"])
def test_a_sender_that_dies_leaves_at_most_one_letter_twice(cast, server, monkeypatch, place):
    row = page(make_ticket(cast), cast.cy)
    with monkeypatch.context() as at_failpoint, pytest.raises(failpoints.Failed):
        at_failpoint.setenv("DESK_FAILPOINT", f"{place}:raise")
        pages.send_notifications()
    assert pages.send_notifications() == 0, "its lease still holds"
    make_due()
    pages.send_notifications()
    assert len(server.taken) == 2 and arrived(server) == [f"<{row.idem_key}@servicedesk.example>"]
    assert Notification.objects.get().state == "sent"


def test_a_mailbox_that_is_gone_hands_the_page_on_at_once(cast, server):
    page(make_ticket(cast), cast.cy)
    server.fault = "550"
    pages.send_notifications()
    assert [row.state for row in Notification.objects.order_by("pk")][0] == "failed"
    assert Notification.objects.filter(user=cast.mo).exists()
