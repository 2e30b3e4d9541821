import pytest

from ledger.models import Entry
from tests.factories.clocks import MINUTE, put
from tests.factories.majors import BODIES, child_ticket, declared, told
from tickets.commands.major_children import attach_ticket, update_children
from tickets.models import Note


@pytest.fixture(autouse=True)
def _shipped(cast, policies):
    """Clocks and playbooks as every install has them."""


@pytest.mark.rule("V-19")
def test_children_are_told_together_and_the_one_that_cannot_is_named(cast, nine):
    incident = declared(cast, nine)
    tickets = [child_ticket(cast, nine, reporter=cast.ada), child_ticket(cast, nine, cast.other, reporter=cast.dee)]
    cast.dee.language = "zh-hans"
    cast.dee.save()
    for ticket in tickets:
        attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, actor=cast.cy_actor, at=nine)
    ended = child_ticket(cast, nine)
    attach_ticket(incident_id=incident.pk, ticket_id=ended.pk, actor=cast.cy_actor, at=nine)
    put(ended, state="cancelled")
    hidden = child_ticket(cast, nine)
    attach_ticket(incident_id=incident.pk, ticket_id=hidden.pk, actor=cast.cy_actor, at=nine)
    put(hidden, restricted=True)

    rows = update_children(incident_id=incident.pk, bodies=BODIES, actor=cast.cy_actor, at=nine + MINUTE)

    assert rows.done == [ticket.number for ticket in tickets]
    assert [number for number, _why in rows.refused] == [ended.number]
    notes = Note.objects.filter(public=True).select_related("text")
    assert {note.ticket.number: note.body for note in notes} == {
        tickets[0].number: BODIES["en"], tickets[1].number: BODIES["zh-hans"]
    }  # fmt: skip
    assert Entry.objects.get(name="major.children_updated").data["done"] == 2


def test_whoever_reads_it_on_the_ticket_gets_no_second_letter(cast, nine):
    incident = declared(cast, nine)
    ticket = child_ticket(cast, nine, reporter=cast.ada)
    attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, actor=cast.cy_actor, at=nine)

    sent = told(incident, cast.cy_actor, nine, on_tickets=True)

    assert sent.rows.done == [ticket.number]
    assert set(sent.update.recipients.values_list("contact__name", flat=True)) == {"Al Ortiz", "Dee Farouk"}
