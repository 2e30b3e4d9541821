"""The real commands, policies and reactions: what a customer finds in the mailbox from the report to the survey."""

import pytest

from channels import dispatch
from ledger.models import Entry
from quality.commands import answer
from quality.models import Survey
from tests.tickets.path import Path
from tickets.commands import note
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(cast, policies, nine) -> Path:
    """Walks a ticket along the main path."""
    return Path(cast, nine)


def subjects(sent) -> list[str]:
    dispatch.send_outbox(100)
    return [letter.subject for letter in sent.letters if letter.to.address == "ada@northgate.example"]


@pytest.mark.rule("C-02")
def test_a_written_report_is_acknowledged_by_the_letter_that_goes_out(path, sent):
    ticket = path.verified(channel="email")
    assert Ticket.objects.get(pk=ticket.pk).acknowledged_at is None

    assert subjects(sent) == [f"[{ticket.number}] We have your report: Line down"]

    assert Ticket.objects.get(pk=ticket.pk).acknowledged_at is not None
    assert Entry.objects.filter(chain=ticket.chain, name="ticket.acknowledged", data__how="email").count() == 1
    assert "in your time" in sent.letters[0].text and "(Australia/Melbourne)" in sent.letters[0].text


@pytest.mark.rule("X-06")
def test_a_public_note_of_ours_is_mailed_to_the_reporter(path, sent):
    ticket = path.signed()
    note.add_note(
        ticket_id=ticket.pk, body="The splice team is on site.", public=True, actor=path.cast.bo_actor, at=path.tick()
    )
    note.add_note(ticket_id=ticket.pk, body="Port is dead.", public=False, actor=path.cast.bo_actor, at=path.tick())
    assert f"[{ticket.number}] News: Line down" in subjects(sent)
    assert not any("Port is dead" in letter.text for letter in sent.letters)


@pytest.mark.rule("V-15")
def test_the_end_of_a_ticket_asks_for_confirmation_and_then_for_a_rating(path, sent):
    ticket = path.confirmed()
    found = subjects(sent)
    assert f"[{ticket.number}] Please confirm: Line down" in found
    assert found[-1] == f"[{ticket.number}] How did we do?"

    token = sent.letters[-1].text.partition("/s/")[2].partition("/")[0]
    answer(token=token, rating=5, response_rating=4, comment="", actor=path.cast.ada_actor, at=path.tick())
    assert Survey.objects.get(ticket=ticket).rating == 5
