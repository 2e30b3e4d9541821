"""A customer's reply wakes, reopens or follows; own steps of a plan are theirs to finish (domain.md)."""

from datetime import timedelta

import pytest

from ledger import clock
from ledger.models import Entry
from servicedesk.portal.forms import fresh_key
from tests.portal.parts import asked_to_pause, at_work, do, signed_in, solved
from tickets.commands.close import close
from tickets.commands.plan import add_work_item
from tickets.commands.resolve import confirm
from tickets.commands.suspend import decide_suspension, record_consent
from tickets.models import Note, Suspension, Ticket, TicketLink, WorkItem


def send(client, ticket, body):
    return client.post(f"/portal/tickets/{ticket.number}/reply/", {"once": fresh_key(), "body": body})


def closed(cast, now):
    """Return a closed ticket whose survey has run out."""
    ticket = solved(cast, now)
    confirm(ticket_id=ticket.pk, how="customer", actor=cast.ada_actor, at=now)
    ticket.surveys.update(expires_at=now)
    return close(ticket_id=ticket.pk, knowledge_decision="none", follow_up_decision="none", actor=cast.bo_actor, at=now)


def test_a_reply_on_a_paused_ticket_names_the_owner_it_wakes(cast, ada, now):
    ticket = asked_to_pause(cast, now)
    asked = Suspension.objects.get(ticket=ticket)
    record_consent(suspension_id=asked.pk, given=True, how="portal", actor=cast.ada_actor, at=now)
    decide_suspension(
        suspension_id=asked.pk, function="monitoring", approved=True, reason="", actor=cast.mo_actor, at=now
    )
    decide_suspension(
        suspension_id=asked.pk, function="customer_service", approved=True, reason="", actor=cast.cy_actor, at=now
    )
    page = ada.get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert "Paused with your consent" in page

    assert send(ada, ticket, "The room is open already.").status_code == 303

    fact = Entry.objects.filter(chain=ticket.chain, name="note.added").latest("seq")
    assert (fact.data["wakes"], fact.data["state"]) == (str(cast.bo.uuid), "suspended")


def test_a_reply_on_a_solved_ticket_still_asks_to_confirm_or_dispute(cast, ada, now):
    ticket = solved(cast, now)
    answer = send(ada, ticket, "We try it tonight.")

    page = ada.get(answer["Location"]).content.decode()
    assert "We try it tonight." in page
    assert "Is it solved?" in page


def test_a_reply_within_fourteen_days_opens_a_closed_ticket_again(cast, ada, now):
    ticket = closed(cast, now)
    assert "Opens the ticket again." in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()

    answer = send(ada, ticket, "The loss is back since this morning.")

    assert answer["Location"] == f"/portal/tickets/{ticket.number}/"
    assert Ticket.objects.get(pk=ticket.pk).state == "triage"


def test_a_later_reply_opens_a_new_ticket_that_follows_it(cast, now):
    ticket = closed(cast, now)
    clock.set_demo(demo_now=now + timedelta(days=20))
    ada = signed_in(cast.ada)
    assert "Opens a new ticket" in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()

    answer = send(ada, ticket, "The loss is back since this morning.")

    made = TicketLink.objects.get(other=ticket, relation="follows").ticket
    assert answer["Location"] == f"/portal/tickets/{made.number}/"
    assert Note.objects.get(ticket=made).body == "The loss is back since this morning."
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"


@pytest.mark.rule("A-08")
def test_an_own_step_is_finished_by_its_owner_only(cast, ada, al, now):
    ticket = at_work(cast, now)
    item = add_work_item(
        ticket_id=ticket.pk, title="Open comms room", owner_contact_id=cast.ada.pk, due_at=now + timedelta(days=1),
        mandatory=False, public=True, actor=cast.bo_actor, at=now,
    )  # fmt: skip
    address = f"/portal/tickets/{ticket.number}/step/"
    data = {"item": str(item.uuid), "evidence": "Opened at nine."}
    assert "Open comms room" in ada.get("/portal/").content.decode()

    assert al.post(address, {"once": fresh_key(), **data}).status_code == 422
    assert WorkItem.objects.get(pk=item.pk).state == "open"
    assert ada.post(address, {"once": fresh_key(), **data}).status_code == 303
    assert WorkItem.objects.get(pk=item.pk).state == "done"


def test_a_ticket_no_longer_needed_is_withdrawn_with_a_reason(cast, ada, now):
    ticket = at_work(cast, now)
    assert do(ada, ticket, "withdraw", reason="").status_code == 422
    assert do(ada, ticket, "withdraw", reason="The clinic moved out.").status_code == 303

    ended = Ticket.objects.get(pk=ticket.pk)
    assert (ended.state, ended.end_reason) == ("cancelled", "by_customer")
    assert "Withdrawn" in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()
