"""What a customer does on its ticket, and what it may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Contact
from ledger.models import Entry
from servicedesk.portal.forms import fresh_key
from tests.portal.parts import asked_to_pause, at_work, do, solved, state
from tickets.models import Note, Suspension


@pytest.mark.rule("C-14")
def test_a_reply_with_a_file_reaches_the_ticket_as_a_public_note(cast, ada, now):
    ticket = at_work(cast, now)
    log = SimpleUploadedFile("loss.csv", b"time,loss\n09:00,4\n")

    answer = do(ada, ticket, "reply", body="Our log is attached.", attachments=log)

    assert answer.status_code == 303
    note = Note.objects.get(ticket=ticket)
    assert (note.public, note.author_contact, note.channel) == (True, cast.ada, "portal")
    page = ada.get(answer["Location"]).content.decode()
    assert "Our log is attached." in page
    assert "loss.csv" in page
    assert f"/files/{note.attachments.get().uuid}/" in page


def test_the_same_form_sent_twice_is_one_note(cast, ada, now):
    ticket = at_work(cast, now)
    key = fresh_key()
    answers = [do(ada, ticket, "reply", body="Sent twice by accident", once=key) for _ in range(2)]

    assert [a.status_code for a in answers] == [303, 303]
    assert Note.objects.filter(ticket=ticket).count() == 1


def test_an_empty_reply_and_a_bad_file_are_refused_with_the_words_kept(cast, ada, now):
    ticket = at_work(cast, now)
    empty = do(ada, ticket, "reply", body="  ")
    bad = do(ada, ticket, "reply", body="See the program", attachments=SimpleUploadedFile("x.exe", b"MZ12"))

    assert (empty.status_code, bad.status_code) == (422, 422)
    assert "Write something first." in empty.content.decode()
    assert "See the program</textarea>" in bad.content.decode()
    assert "are not kept" in bad.content.decode()
    assert not Note.objects.filter(ticket=ticket).exists()


@pytest.mark.rule("C-22")
def test_consent_is_given_once_and_shown_as_waiting_for_approval(cast, ada, now):
    ticket = asked_to_pause(cast, now)
    asked = Suspension.objects.get(ticket=ticket)
    assert "The comms room opens tomorrow at nine." in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()

    answer = do(ada, ticket, "consent", suspension=asked.uuid, given="yes")

    assert answer.status_code == 303
    asked = Suspension.objects.get(pk=asked.pk)
    assert (asked.consent, asked.consent_contact, asked.consent_how) == (True, cast.ada, "portal")
    assert "You consented to a pause" in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert do(ada, ticket, "consent", suspension=asked.uuid, given="yes").status_code == 422


@pytest.mark.rule("C-22")
def test_a_refused_pause_ends_the_request(cast, ada, now):
    ticket = asked_to_pause(cast, now)
    asked = Suspension.objects.get(ticket=ticket)

    do(ada, ticket, "consent", suspension=asked.uuid, given="no")

    assert Suspension.objects.get(pk=asked.pk).state == "declined"


@pytest.mark.rule("C-22")
def test_who_may_not_approve_is_told_who_may(cast, al, now):
    ticket = asked_to_pause(cast, now)
    asked = Suspension.objects.get(ticket=ticket)

    page = al.get(f"/portal/tickets/{ticket.number}/").content.decode()
    answer = do(al, ticket, "consent", suspension=asked.uuid, given="yes")

    assert "Consent to the pause" not in page
    assert "These of you may:  Ada Lund." in " ".join(page.split("\n")).replace("may: Ada", "may:  Ada")
    assert answer.status_code == 422
    assert Suspension.objects.get(pk=asked.pk).consent is None


@pytest.mark.rule("C-25")
def test_the_customer_confirms_the_solution(cast, ada, now):
    ticket = solved(cast, now)
    page = ada.get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert "Replaced the copper run" in page

    assert do(ada, ticket, "confirm").status_code == 303
    assert state(ticket) == "survey"


@pytest.mark.rule("C-25")
def test_a_disputed_solution_goes_back_with_the_reason_as_a_note(cast, ada, now):
    ticket = solved(cast, now)

    assert do(ada, ticket, "dispute", reason="").status_code == 422
    assert do(ada, ticket, "dispute", reason="Packets are still lost after six.").status_code == 303

    assert state(ticket) == "l1"
    assert Note.objects.get(ticket=ticket).body == "Packets are still lost after six."


@pytest.mark.parametrize(
    ("act", "data"), [("confirm", {}), ("dispute", {"reason": "Still lost"}), ("reply", {"body": "x"})]
)
def test_who_may_only_read_changes_nothing(cast, al, now, act, data):
    ticket = solved(cast, now)
    Contact.objects.filter(pk=cast.al.pk).update(may_report=False)
    before = Entry.objects.count()

    assert do(al, ticket, act, **data).status_code == 422
    assert Entry.objects.count() == before
