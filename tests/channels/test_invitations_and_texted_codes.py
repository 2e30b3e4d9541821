"""What the call screen sends: an invitation with its calendar file, a code by text message (V-07, V-04)."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from accounts.codes import send_code
from channels import letters
from channels.outbound.email import mime
from ledger.clock import now
from ledger.models import OutboxMessage
from tests.channels.parts import make_ticket
from tests.refusals import refused
from tickets.commands.appointment import cancel_appointment, make_appointment
from tickets.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


@pytest.mark.rule("V-07")
def test_everybody_invited_gets_the_calendar_file_and_its_cancelling(cast, sent):
    ticket, at = make_ticket(cast, kind="inquiry"), now()
    who = {"actor": cast.bo_actor, "at": at}
    made = make_appointment(
        ticket_id=ticket.pk, starts_at=at + timedelta(days=1), minutes=60, place="By phone", host_id=cast.cy.pk, **who
    )
    letters.send_outbox()
    assert {mail.to.address for mail in sent.letters} == {"ada@northgate.example", "cy@desk.example"}
    mail = next(m for m in sent.letters if m.to.name == "Ada Lund")
    assert "Invitation: Technical consultation" in mail.subject and "By phone" in mail.text
    (part,) = [p for p in mime(mail).message().walk() if p.get_content_type() == "text/calendar"]
    assert str(Calendar.from_ical(part.get_payload(decode=True))["method"]) == "REQUEST"

    sent.clear()
    cancel_appointment(appointment_id=made.pk, **who)
    letters.send_outbox()
    assert len(sent.letters) == 2 and all("Cancelled" in m.subject for m in sent.letters)
    assert b"METHOD:CANCEL" in sent.letters[0].papers[0].body


def test_the_letter_of_a_restricted_ticket_carries_no_file(cast, sent):
    ticket, at = make_ticket(cast, kind="inquiry", restricted=True), now()
    make_appointment(ticket_id=ticket.pk, starts_at=at + timedelta(days=1), minutes=60, actor=cast.bo_actor, at=at)
    letters.send_outbox()
    (mail,) = sent.letters
    assert mail.papers == () and "consultation" not in mail.text


@pytest.mark.rule("V-04")
def test_a_code_goes_by_text_to_a_stored_number_and_is_then_kept_nowhere(cast, sent, settings):
    settings.SMS_URL = "https://gateway.example/"
    call, phone = Interaction.objects.create(channel="call", started_at=now(), agent=cast.bo), cast.ada.phones.get()
    on = {"interaction_id": call.pk, "contact_id": cast.ada.pk, "actor": cast.bo_actor, "at": now()}

    send_code(phone_id=phone.uuid, **on)
    letters.send_outbox()

    (text,) = sent.texts
    assert text.to.address == phone.number and any(word.strip(".").isdecimal() for word in text.body.split())
    assert "code" not in OutboxMessage.objects.get().payload
    with refused("unknown_number"):
        send_code(phone_id=cast.dee.phones.get().uuid, **on)
