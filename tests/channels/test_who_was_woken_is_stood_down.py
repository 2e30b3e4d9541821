"""Engaged teams hear by mail and chat with the number; whoever was told hears when it is over, once."""

import pytest

from channels import letters
from escalation.models import Escalation
from tests.channels.parts import make_ticket, page, tell
from tests.conftest import MONDAY_NINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


@pytest.mark.rule("P-04")
def test_an_engaged_team_gets_mail_and_chat_with_the_ticket_number(cast, sent):
    cast.noc.chat_url = "slack://a/b/c"
    cast.noc.save()
    ticket = make_ticket(cast)
    tell(ticket, "escalation.team_engaged", team=str(cast.noc.uuid), texts={"text": "Look at the core."})

    letters.send_outbox()

    assert [(mail.to.address, mail.subject) for mail in sent.letters] == [
        ("noc@desk.example", "[SD-000101] Network operations: you are engaged")
    ]
    assert "Look at the core." in sent.letters[0].text
    assert [(chat.url, chat.title) for chat in sent.chats] == [
        ("slack://a/b/c", "[SD-000101] Network operations: you are engaged")
    ]


def test_a_team_without_a_mailbox_is_told_person_by_person(cast, sent):
    cast.l1.email = ""
    cast.l1.save()
    tell(make_ticket(cast), "escalation.team_engaged", team=str(cast.l1.uuid))
    letters.send_outbox()
    assert sorted(mail.to.address for mail in sent.letters) == ["bo@desk.example", "cy@desk.example"]


def test_everyone_told_is_stood_down_once_and_nobody_else(cast, sent):
    ticket = make_ticket(cast)
    escalation = Escalation.objects.create(
        ticket=ticket, requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x", production=True
    )
    page(ticket, cast.mo, escalation=escalation, state="sent")
    page(ticket, cast.mo, state="sent")
    page(ticket, cast.cy, state="sent")
    page(ticket, cast.cy, state="seen")
    page(ticket, cast.bo, state="superseded")
    page(make_ticket(cast, "SD-000102"), cast.sam, state="sent")

    tell(ticket, "ticket.cancelled", reason="withdrawn")
    tell(ticket, "escalation.closed", escalation=str(escalation.uuid))
    letters.send_outbox()

    assert sorted(mail.to.address for mail in sent.letters) == ["cy@desk.example", "mo@desk.example"]
    assert all("no longer needs you" in mail.text for mail in sent.letters)
