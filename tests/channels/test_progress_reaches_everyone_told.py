"""Progress of an escalated ticket reaches everyone told, until it is resolved; then they are stood down (X-07)."""

import pytest

from accounts.models import ContactMethod
from channels import letters, pages
from escalation.models import Duty, Escalation, Notification
from tests.channels.parts import make_ticket, page, tell
from tests.conftest import MONDAY_NINE
from tickets.commands.note import add_progress

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


@pytest.fixture
def escalated(cast):
    ticket = make_ticket(cast)
    row = Escalation.objects.create(
        ticket=ticket, requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x", production=True
    )
    Duty.objects.create(escalation=row, stage=1, role="ceo", person=cast.mo, told_at=MONDAY_NINE)
    page(ticket, cast.cy, escalation=row, state="sent")
    page(ticket, cast.sam, escalation=row, state="superseded")
    return row


def progress(escalation, actor, body: str = "Traffic is back on the second ring.") -> None:
    add_progress(ticket_id=escalation.ticket_id, body=body, public=False, actor=actor, at=MONDAY_NINE)
    letters.send_outbox()


@pytest.mark.rule("X-07")
def test_everyone_told_reads_the_progress_and_nobody_else_does(cast, sent, escalated):
    progress(escalated, cast.bo_actor)
    assert sorted(mail.to.address for mail in sent.letters) == ["cy@desk.example", "mo@desk.example"]
    assert all("second ring" in mail.text and "SD-000101" in mail.subject for mail in sent.letters)


@pytest.mark.rule("X-07")
def test_the_author_is_not_told_what_they_wrote(cast, sent, escalated):
    progress(escalated, cast.cy_actor)
    assert [mail.to.address for mail in sent.letters] == ["mo@desk.example"]


@pytest.mark.rule("X-07")
def test_after_the_end_no_progress_is_told(cast, sent, escalated):
    Escalation.objects.update(closed_at=MONDAY_NINE)
    progress(escalated, cast.bo_actor)
    assert sent.letters == []


def test_of_a_restricted_ticket_progress_says_number_alone(cast, sent, escalated):
    escalated.ticket.restricted = True
    escalated.ticket.save(update_fields=["restricted"])
    escalated.ticket.need_to_know.add(cast.bo)
    progress(escalated, cast.bo_actor)
    assert sent.letters and not any("second ring" in mail.text + mail.subject for mail in sent.letters)


@pytest.mark.rule("X-07")
def test_the_news_of_every_half_hour_says_how_it_stands(cast, sent, escalated):
    progress(escalated, cast.bo_actor)
    sent.clear()
    page(escalated.ticket, cast.mo, escalation=escalated, rule={"targets": ["all_told"]})
    pages.send_notifications()
    assert "How it stands, by Bo" in sent.letters[-1].text and "second ring" in sent.letters[-1].text


def test_those_woken_by_phone_are_stood_down_in_writing_where_they_were_called(cast, sent, escalated, settings):
    settings.SMS_URL = settings.VOICE_URL = "https://gateway.example/"
    for position, channel in enumerate(["voice", "sms"]):
        ContactMethod.objects.create(
            user=cast.mo, channel=channel, address="+61491570156", position=position, verified_at=MONDAY_NINE
        )
    for channel in ("voice", "sms"):
        page(escalated.ticket, cast.mo, channel=channel, escalation=escalated, state="sent")
    Notification.objects.filter(user=cast.cy).delete()
    tell(escalated.ticket, "escalation.closed", escalation=str(escalated.uuid))
    letters.send_outbox()
    assert [(text.channel, text.to.address) for text in sent.texts] == [("sms", "+61491570156")]
    assert sent.letters == []
