"""Somebody else calls about a verified ticket: closed to this agent until this caller is verified (decisions 16)."""

import pytest
from django.urls import reverse

from tests.desk.test_a_call_at_the_door import said
from tests.tickets.path import PIN


@pytest.mark.rule("P-02")
def test_the_ticket_is_closed_while_an_unverified_caller_is_on_the_line(bo, path, now, cast):
    ticket = path.to("l1")
    now()
    page = reverse("desk:ticket", args=[ticket.number])
    bo.post(reverse("desk:call", args=[path.call.uuid]), {"act": "end"})

    call = bo.post(reverse("desk:ticket-call", args=[ticket.number]), {"direction": "in"})["Location"]
    assert "Closed: not verified" in bo.get(page).content.decode()
    note = {"visibility": "public", "body": "We found the fault"}
    assert bo.post(reverse("desk:ticket-note", args=[ticket.number]), note).status_code == 422
    assert ticket.title not in bo.get(call).content.decode()

    bo.post(call, said(cast, act="check", proof=PIN))
    assert ticket.title in bo.get(call).content.decode()
    assert "Closed: not verified" not in bo.get(page).content.decode()
    assert bo.post(reverse("desk:ticket-note", args=[ticket.number]), note).status_code == 303


def test_a_call_to_the_reporter_needs_no_gate_and_is_ended_with_a_summary(bo, path, now):
    ticket = path.to("l1")
    now()
    call = bo.post(reverse("desk:ticket-call", args=[ticket.number]), {"direction": "out"})["Location"]

    answer = bo.post(call, {"act": "end", "summary": "Two test calls failed together"})

    assert answer["Location"] == reverse("desk:ticket", args=[ticket.number])
    assert "Two test calls failed together" in bo.get(answer["Location"]).content.decode()
