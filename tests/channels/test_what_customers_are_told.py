"""Customers: receipt with due time, news, questions, extensions, in their language and zone; little when restricted."""

import uuid
from datetime import timedelta

import pytest

from channels import letters
from channels.outbound.letter import render
from channels.topics import TOPICS
from ledger.models import Entry, EntryText, OutboxMessage
from ledger.record import keep_text
from ledger.redact import blank_texts
from tests.channels.parts import make_clock, make_ticket, make_timer, queue, tell
from tests.conftest import MONDAY_NINE
from tickets.models import Commitment, Note, Suspension, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


def add_note(ticket: Ticket, body: str, *, public: bool = True, author: str = "staff"):
    note = Note.objects.create(
        ticket=ticket, text=keep_text(ticket.chain, "note", body), public=public, author_name="Bo Raman",
        channel="internal", at=MONDAY_NINE,
    )  # fmt: skip
    return tell(ticket, "note.added", note=str(note.uuid), public=public, progress=False, author=author)


@pytest.mark.rule("C-02")
def test_the_receipt_says_number_holder_and_due_time_in_the_customers_zone_and_stops_the_clock(cast, sent):
    ticket = make_ticket(cast)
    make_timer(make_clock(ticket), "E-2", state="armed", due_at=MONDAY_NINE + timedelta(hours=4), label="Solution")
    tell(ticket, "ticket.verified", method="pin")

    letters.send_outbox()

    text = sent.letters[0].text
    assert "SD-000101" in text and "Bo Raman" in text
    assert "Solution: Mon 15 June 2026, 23:00 (Australia/Melbourne)" in text
    assert Ticket.objects.get(pk=ticket.pk).acknowledged_at is not None
    assert Entry.objects.filter(chain=ticket.chain, name="ticket.acknowledged", data__how="email").count() == 1


def test_the_receipt_is_in_the_contacts_language_and_falls_back_to_english(cast, sent):
    cast.ada.language = "xx-unknown"
    cast.ada.save()
    tell(make_ticket(cast), "ticket.verified", method="pin")
    letters.send_outbox()
    assert 'lang="en"' in sent.letters[0].html and "We have your report" in sent.letters[0].text


def test_a_prospect_gets_a_fixed_text_with_nothing_of_its_own_words(cast, sent):
    ticket = make_ticket(
        cast, prospect=True, reporter=None, organisation=None, caller_email="p@new.example", title="Buy pills now"
    )
    tell(ticket, "ticket.verified", method="prospect")
    letters.send_outbox()
    assert sent.letters[0].to.address == "p@new.example"
    assert "Buy pills" not in sent.letters[0].text + sent.letters[0].subject + sent.letters[0].html


@pytest.mark.rule("X-06")
def test_a_public_note_reaches_the_reporter_and_an_internal_one_or_the_customers_own_does_not(cast, sent):
    ticket = make_ticket(cast)
    add_note(ticket, "Splicing <b>now</b>.")
    add_note(ticket, "The customer is wrong.", public=False)
    add_note(ticket, "Still down!", author="contact")

    letters.send_outbox()

    (only,) = sent.letters
    assert only.to.address == "ada@northgate.example" and "Splicing <b>now</b>." in only.text
    assert "Splicing &lt;b&gt;now&lt;/b&gt;." in only.html and "<b>" not in only.html
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_a_redacted_note_is_not_sent_any_more(cast, sent):
    add_note(make_ticket(cast), "PIN 1234")
    blank_texts([str(EntryText.objects.get().pk)], MONDAY_NINE)
    letters.send_outbox()
    assert sent.letters == []


@pytest.mark.parametrize("topic", ["mail.acknowledgement", "mail.customer_news", "mail.confirm_request"])
def test_a_restricted_ticket_puts_only_number_and_due_time_into_mail(cast, sent, topic):
    ticket = make_ticket(cast, restricted=True, title="Breach at Sunbury", resolution="Keys rotated")
    ticket.next_due_at = MONDAY_NINE
    ticket.save(update_fields=["next_due_at"])
    if topic == "mail.customer_news":
        add_note(ticket, "They took the database.")
    else:
        queue(topic, entry=tell(ticket, "ticket.disputed"))
    letters.send_outbox()

    words = sent.letters[0].subject + sent.letters[0].text + sent.letters[0].html
    assert "SD-000101" in words and "Mon 15 June 2026" in words
    assert not any(secret in words for secret in ("Breach", "Sunbury", "Keys", "database", "Bo Raman"))


@pytest.mark.rule("C-10")
def test_an_extension_says_until_when_why_and_that_we_are_sorry(cast, sent):
    ticket = make_ticket(cast)
    later = Commitment.objects.create(
        ticket=ticket, kind="resolution", due_at=MONDAY_NINE + timedelta(days=1), made_at=MONDAY_NINE
    )
    moved = Commitment.objects.create(
        ticket=ticket, kind="resolution", due_at=MONDAY_NINE, made_at=MONDAY_NINE, state="moved", moved_to=later,
        explanation="The part comes by ship.",
    )  # fmt: skip
    tell(ticket, "commitment.moved", commitment=str(moved.uuid))
    letters.send_outbox()
    text = sent.letters[0].text
    assert "We are sorry" in text and "The part comes by ship." in text
    assert "Tue 16 June 2026, 19:00 (Australia/Melbourne)" in text


def test_consent_is_asked_of_somebody_who_may_give_it_and_not_once_it_is_given(cast, sent):
    ticket = make_ticket(cast, reporter=cast.al)
    when = {"until": MONDAY_NINE, "requested_at": MONDAY_NINE}
    suspension = Suspension.objects.create(ticket=ticket, reason_code="parts", reason="It is at sea", **when)
    tell(ticket, "ticket.suspension_requested", suspension=str(suspension.uuid))
    letters.send_outbox()
    assert [letter.to.address for letter in sent.letters] == ["ada@northgate.example"]
    assert "Reason: Waits for parts." in sent.letters[0].text and "at sea" in sent.letters[0].text
    Suspension.objects.update(consent=True)
    tell(ticket, "ticket.suspension_requested", suspension=str(suspension.uuid))
    letters.send_outbox()
    assert len(sent.letters) == 1


def test_somebody_tried_is_told_once_an_hour_to_the_contacts_of_the_organisation(cast, sent):
    for number in ("SD-000101", "SD-000102"):
        tell(make_ticket(cast, number), "ticket.rejected", reason="failed")
        letters.send_outbox()
    tell(make_ticket(cast, "SD-000103"), "ticket.rejected", reason="spam")
    letters.send_outbox()
    assert sorted(letter.to.address for letter in sent.letters) == ["ada@northgate.example", "al@northgate.example"]


def test_every_topic_renders_for_every_fact_it_is_wired_to_or_says_nothing(cast):
    from servicedesk.wiring import DELIVERIES

    ticket = make_ticket(cast)
    for name, topics in DELIVERIES.items():
        entry = tell(ticket, name, escalation=str(uuid.uuid4()), team=str(cast.noc.uuid), public=True)
        for topic in topics:
            message = OutboxMessage.objects.filter(entry=entry, topic=topic).get()
            for draft in TOPICS[topic](message):
                said = render(draft, "<id@x>")
                assert "{{" not in str(said) and "{%" not in str(said)
