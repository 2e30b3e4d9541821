"""Codes, account mail, locks and the anchor: to whom, and with nothing secret left behind."""

from datetime import timedelta

import pytest

from accounts.codes import send_code
from channels import letters
from channels.failures import SendFailed
from channels.sealed import Box
from ledger.anchor import write_anchor
from ledger.clock import now
from ledger.models import OutboxMessage
from tests.channels.parts import make_ticket, queue, tell
from tickets.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


def ask_for_code(cast, at=None) -> None:
    call = Interaction.objects.create(channel="call", started_at=at or now(), agent=cast.bo)
    send_code(interaction_id=call.pk, contact_id=cast.ada.pk, actor=cast.bo_actor, at=at or now())


def code_in(text: str) -> str:
    return next(line for line in text.splitlines() if line.isdecimal())


@pytest.mark.rule("V-04")
def test_a_code_goes_to_the_registered_address_and_is_then_kept_nowhere(cast, sent):
    ask_for_code(cast)
    letters.send_outbox()
    (mail,) = sent.letters
    code = code_in(mail.text)
    assert mail.to.address == "ada@northgate.example" and len(code) == 6
    assert OutboxMessage.objects.get().payload == {"contact": str(cast.ada.uuid)}


def test_a_buried_code_is_blanked_too(cast, sent):
    sent.refuse["ada@northgate.example"] = SendFailed("550 gone", final=True)
    ask_for_code(cast)
    letters.send_outbox()
    row = OutboxMessage.objects.get()
    assert row.state == "dead" and row.payload == {"contact": str(cast.ada.uuid)}


def test_a_code_that_expired_while_it_waited_is_not_sent(cast, sent):
    ask_for_code(cast, at=now() - timedelta(minutes=10))
    letters.send_outbox()
    assert sent.letters == []


def test_account_mail_says_what_the_sign_in_pages_wrote(cast, sent):
    body = Box("account").seal("Follow <this> & that.")
    queue("mail.account", to="ada@northgate.example", subject="Reset\nyour password", sealed=body)
    letters.send_outbox()
    (mail,) = sent.letters
    assert mail.subject == "Reset your password" and "Follow <this> & that." in mail.text
    assert "Follow &lt;this&gt; &amp; that." in mail.html


def test_a_reset_link_waits_sealed_and_is_then_kept_nowhere(cast, sent, client):
    client.post("/accounts/password/reset/", {"email": "bo@desk.example"})
    assert "/accounts/password/reset/key/" not in str(OutboxMessage.objects.get(topic="mail.account").payload)
    letters.send_outbox()
    assert "/accounts/password/reset/key/" in sent.letters[0].text
    row = OutboxMessage.objects.get(topic="mail.account")
    assert row.state == "sent" and set(row.payload) == {"to", "subject"}


def test_a_lock_is_told_to_supervisors_and_the_security_lead(cast, sent):
    cast.sam.role_grants.create(role="security_lead")
    tell(make_ticket(cast), "verification.locked", proof="pin", contact=str(cast.ada.uuid))
    letters.send_outbox()
    assert sorted(mail.to.address for mail in sent.letters) == ["cy@desk.example", "sam@desk.example"]
    assert all("SD-000101" in mail.text and "Ada" not in mail.text for mail in sent.letters)


def test_the_anchor_is_mailed_with_its_figures(cast, sent, settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path
    cast.mo.role_grants.create(role="administrator")
    tell(make_ticket(cast), "ticket.disputed")
    made = write_anchor(at=now())
    letters.send_outbox()
    (mail,) = sent.letters
    assert mail.to.address == "mo@desk.example" and made.hash in mail.text and "Chains: 1" in mail.text
