"""Asking for management with a reason, and rating: by whom they may be done, and what is kept."""

import pytest

from escalation.models import Escalation
from tests.portal.parts import at_work, do, solved


@pytest.mark.rule("A-06")
@pytest.mark.rule("X-03")
def test_an_escalation_needs_a_reason_and_names_the_requester(cast, ada, now):
    ticket = at_work(cast, now)
    empty = do(ada, ticket, "escalate", reason=" ")
    assert empty.status_code == 422
    assert "Say why it needs management now." in empty.content.decode()

    assert do(ada, ticket, "escalate", reason="Four clinics cannot work.").status_code == 303

    made = Escalation.objects.get(ticket=ticket)
    assert (made.requester_contact, made.relation, made.reason) == (cast.ada, "customer", "Four clinics cannot work.")
    assert "Escalated to management" in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()


@pytest.mark.rule("A-06")
def test_who_may_not_escalate_is_told_who_may_and_nothing_is_opened(cast, al, now):
    ticket = at_work(cast, now)
    page = al.get(f"/portal/tickets/{ticket.number}/").content.decode()
    answer = do(al, ticket, "escalate", reason="Four clinics cannot work.")

    assert "Request escalation" not in page
    assert "You may not escalate for your organisation." in page
    assert answer.status_code == 422
    assert not Escalation.objects.exists()


@pytest.mark.rule("C-12")
def test_the_contact_who_was_asked_rates_once(cast, ada, al, now):
    ticket = solved(cast, now)
    do(ada, ticket, "confirm")
    assert "How did we do?" in ada.get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert "How did we do?" not in al.get(f"/portal/tickets/{ticket.number}/").content.decode()

    assert do(ada, ticket, "rate", comment="Quick").status_code == 422
    assert do(al, ticket, "rate", rating="1").status_code == 422
    assert do(ada, ticket, "rate", rating="5", response_rating="4", comment="Quick").status_code == 303
    assert do(ada, ticket, "rate", rating="1").status_code == 422

    survey = ticket.surveys.get()
    assert (survey.rating, survey.response_rating, survey.comment.body) == (5, 4, "Quick")
