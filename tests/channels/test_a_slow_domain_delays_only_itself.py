"""A mail domain that hangs holds up its own letters and pages, and nobody else's."""

import asyncio

import pytest
from aiosmtpd.controller import Controller

from accounts.models import Contact, User
from channels import dispatch, lanes, letters
from channels.models import DeliveryAttempt
from channels.providers import Providers
from escalation.models import Notification
from ledger.clock import real_now
from ledger.models import OutboxMessage
from tests.channels.parts import make_ticket, page, queue, tell
from tests.live.servers import free_port

pytestmark = pytest.mark.django_db


class Relay:
    """A mail server that answers for slow.example only once `others` other letters are there (None = never)."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.others: int | None = None
        self.enough = asyncio.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.endswith("@slow.example"):
            await self.enough.wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += envelope.rcpt_tos
        if self.others is not None and len(self.taken) >= self.others:
            self.enough.set()
        return "250 OK"


@pytest.fixture
def relay(settings, monkeypatch):
    handler = Relay()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.OUTBOUND = "on"
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = f"smtp://127.0.0.1:{controller.port}", 8
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0.2)
    yield handler
    controller.stop()


def acknowledged(cast, number: str, address: str) -> OutboxMessage:
    """Queue the acknowledgement of a ticket whose reporter has this address."""
    contact = Contact.objects.create(
        organisation=cast.northgate, name="A Reporter", email=address, created_at=real_now()
    )
    tell(make_ticket(cast, number, reporter=contact), "ticket.verified", method="pin")
    return OutboxMessage.objects.latest("due_at")


def outcomes() -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for attempt in DeliveryAttempt.objects.order_by("started_at"):
        made.setdefault(attempt.recipient, []).append(attempt.outcome)
    return made


def test_letters_to_others_go_out_while_one_domain_hangs_and_it_gets_its_own_in_the_end(cast, relay):
    relay.others = 3
    acknowledged(cast, "SD-000101", "first@slow.example")
    for n in range(3):
        acknowledged(cast, f"SD-00020{n}", f"other{n}@quick{n}.example")

    letters.send_outbox()

    assert relay.taken[-1] == "first@slow.example" and len(relay.taken) == 4
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_second_letter_to_the_hanging_domain_rests_and_that_is_no_try(cast, relay, settings):
    settings.EMAIL_TIMEOUT = 2
    first = acknowledged(cast, "SD-000101", "first@slow.example")
    second = acknowledged(cast, "SD-000102", "second@slow.example")
    acknowledged(cast, "SD-000103", "other@quick.example")

    letters.send_outbox()

    assert relay.taken == ["other@quick.example"]
    assert outcomes() == {"first@slow.example": ["failed"], "other@quick.example": ["sent"]}
    first, second = OutboxMessage.objects.get(pk=first.pk), OutboxMessage.objects.get(pk=second.pk)
    assert (first.state, first.attempts, second.state, second.attempts) == ("pending", 1, "pending", 0)
    assert second.due_at > real_now() and second.lease_token is None


def test_pages_and_letters_pass_a_page_that_hangs(cast, relay):
    relay.others = 2
    ticket = make_ticket(cast)
    User.objects.filter(pk=cast.mo.pk).update(email="mo@slow.example")
    page(ticket, type(cast.mo).objects.get(pk=cast.mo.pk), severity=1)
    page(ticket, cast.cy, severity=3)
    acknowledged(cast, "SD-000102", "other@quick.example")

    dispatch.send_due(100)

    assert relay.taken == ["cy@desk.example", "other@quick.example", "mo@slow.example"]
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}


def test_one_letter_to_many_reaches_the_others_before_a_domain_known_to_hang(cast, relay):
    relay.others = 2
    acknowledged(cast, "SD-000102", "first@slow.example")
    for user, address in ((cast.cy, "cy@slow.example"), (cast.mo, "mo@quick.example")):
        User.objects.filter(pk=user.pk).update(email=address)
        user.role_grants.create(role="security_lead")
    queue("mail.lock_notice", entry=tell(make_ticket(cast), "verification.failed", proof="pin"))
    acknowledged(cast, "SD-000103", "other@quick.example")

    letters.send_outbox()

    assert relay.taken[:2] == ["mo@quick.example", "other@quick.example"]
    assert "cy@slow.example" not in outcomes()
    notice = OutboxMessage.objects.get(topic="mail.lock_notice")
    assert (notice.state, notice.attempts) == ("pending", 0)


def test_a_line_that_waits_longer_than_a_lease_allows_is_cut_off(cast, relay, settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 60
    monkeypatch.setattr(lanes, "LONGEST_SECONDS", 0.3)
    acknowledged(cast, "SD-000101", "first@slow.example")

    letters.send_outbox()

    assert outcomes() == {"first@slow.example": ["failed"]}
    assert OutboxMessage.objects.get().state == "pending"


def test_lines_that_answer_at_once_share_one_connection(cast, relay, monkeypatch):
    made: list[Providers] = []
    monkeypatch.setattr(lanes, "Providers", lambda: made.append(Providers()) or made[-1])
    for n in range(4):
        acknowledged(cast, f"SD-00020{n}", f"other{n}@quick.example")

    letters.send_outbox()

    assert len(relay.taken) == 4 and len(made) == 1
