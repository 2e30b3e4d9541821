"""A sender killed or frozen between the mail server's word and its own commit: after the lease another sends the same
letter under the same Message-ID, and the one that wakes up changes nothing (I8, Proof 3.1)."""

import pytest
from aiosmtpd.controller import Controller

from channels import leases, pages
from channels.models import DeliveryAttempt
from escalation.models import Notification
from tests.channels.parts import make_ticket, page
from tests.channels.test_mail_survives_bad_servers import Server
from tests.channels.test_pages_by_real_mail import arrived, make_due
from tests.children import DONE, KILLED, Child
from tests.factories.cast import make_cast
from tests.live.servers import free_port

PLACES = ("after_send", "before_settle")


@pytest.fixture
def mail(transactional_db, settings):
    """A mail server that knows its Message-IDs."""
    controller = Controller(Server(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.OUTBOUND = "on"
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = f"smtp://127.0.0.1:{controller.port}", 2
    yield controller.handler
    controller.stop()


def tries(row):
    return list(DeliveryAttempt.objects.filter(notification=row).order_by("n").values_list("n", "outcome"))


@pytest.mark.invariant("I8")
def test_a_killed_senders_page_goes_out_again_after_its_lease_as_the_same_letter(mail):
    cast = make_cast()
    for place in PLACES:
        mail.taken.clear()
        row = page(make_ticket(cast, f"SD-{place[:6]}"), cast.cy)
        with Child(pages.send_notifications, place=place, how="kill") as sender:
            sender.until_stopped()
            sender.go_on()
            assert sender.end() == KILLED

        assert pages.send_notifications() == 0, "its lease still holds"
        make_due()
        pages.send_notifications()

        assert len(mail.taken) == 2 and arrived(mail) == [f"<{row.idem_key}@servicedesk.example>"], place
        assert tries(row) == [(1, "lost"), (2, "sent")]
        assert Notification.objects.get(pk=row.pk).state == "sent"


@pytest.mark.invariant("I8")
def test_a_sender_that_wakes_up_late_leaves_the_page_to_whom_it_is_leased_now(mail):
    cast = make_cast()
    row = page(make_ticket(cast), cast.cy)
    mail.fault = "451"
    with Child(pages.send_notifications, place="after_send", how="stop") as late:
        late.until_stopped()
        make_due()
        token, again = leases.claim()
        late.go_on()
        assert late.end() == DONE

    held = Notification.objects.get()
    assert (again.pk, held.state, held.lease_token, held.attempts) == (row.pk, "sending", token, 2)
    assert leases.settle(again, token, "sent")
