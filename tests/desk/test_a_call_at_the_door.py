"""The call over HTTP: what every act answers, what the page holds before and after verification (P-01, P-02, P-03)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Verification
from tests.tickets.path import PIN
from tickets.models import Draft, Interaction, Ticket

SAID = {
    "caller_name": "Ada Lund", "caller_organisation": "Northgate Health Alliance",
    "caller_email": "ada@northgate.example", "caller_phone": "+61355500142", "account_number": "A-100001",
    "callback_number": "+61355500142", "callback_confirmed": "on", "problem_what": "The line has been dead since nine",
}  # fmt: skip
TRIAGE = {
    "kind": "fault",
    "category": "network_interruption",
    "impact": "medium",
    "urgency": "medium",
    "scope": "single",
}


@pytest.fixture
def call(bo: Client, path, now) -> str:
    """The address of a call Bo has begun."""
    now()
    answer = bo.post(reverse("desk:call-new"), {"number": "+61355500142"})
    assert answer.status_code == 303
    return answer["Location"]


def said(cast, **more) -> dict:
    return {**SAID, "contact": str(cast.ada.uuid), "method": "pin", **more}


def test_beginning_twice_opens_the_same_blank_call(bo, call):
    again = bo.post(reverse("desk:call-new"), {"number": "+61355500142"})

    assert again["Location"] == call and Interaction.objects.count() == 1


@pytest.mark.rule("P-02")
def test_before_verification_the_page_holds_nothing_of_the_account(bo, call, cast):
    page = bo.post(call, said(cast, act="keep")).content.decode()

    assert "EPL-30112" not in page and "A-100001" in page  # the caller said the number, nobody else did
    assert cast.northgate.get_segment_display() not in page and "Sunbury" not in page
    assert bo.post(call, said(cast, act="log", **TRIAGE)).status_code == 422
    assert not Ticket.objects.exists()


def test_a_wrong_pin_is_counted_and_never_kept_in_the_draft(bo, call, cast):
    page = bo.post(call, said(cast, act="check", proof="000111")).content.decode()

    assert "2 attempts left" in page and Verification.objects.get().outcome == "failed"
    assert "000111" not in page and "000111" not in str(Draft.objects.get().data)


def test_a_verified_call_is_logged_dispatched_and_told(bo, call, cast):
    page = bo.post(call, said(cast, act="check", proof=PIN)).content.decode()
    assert "EPL-30112" in page

    answer = bo.post(call, said(cast, act="log", service=str(cast.service.uuid), **TRIAGE))

    ticket = Ticket.objects.get()
    assert answer.status_code == 303 and (ticket.state, ticket.team) == ("l1", cast.l1)
    assert ticket.number in bo.get(call).content.decode()


def test_a_refused_dispatch_writes_nothing_and_keeps_the_words(bo, call, cast):
    bo.post(call, said(cast, act="check", proof=PIN))

    answer = bo.post(call, said(cast, act="log", priority="P1", **TRIAGE))

    assert answer.status_code == 422 and not Ticket.objects.exists()
    assert "The line has been dead since nine" in answer.content.decode()


def test_the_draft_is_kept_on_the_server_and_shown_again(bo, call, cast):
    assert (
        bo.post(call, {"act": "save", "problem_what": "Half a sentence"}, headers={"HX-Request": "true"}).status_code
        == 204
    )

    assert "Half a sentence" in bo.get(call).content.decode()


def test_a_call_back_is_dialled_first_and_proves_once_answered(bo, call, cast, now):
    phone = cast.ada.phones.get()
    ringing = bo.post(call, said(cast, method="callback", dial=str(phone.uuid))).content.decode()
    assert f"Calling {phone.number}" in ringing and not Verification.objects.exists()

    now()
    page = bo.post(call, said(cast, method="callback", act="answered")).content.decode()

    assert "Verified" in page and Verification.objects.get().proof == "callback"
    out = Interaction.objects.get(direction="out")
    assert out.caller_number == phone.number and out.answered_at > out.started_at


def test_a_call_back_nobody_answers_proves_nothing(bo, call, cast, now):
    phone = cast.ada.phones.get()
    bo.post(call, said(cast, method="callback", dial=str(phone.uuid)))
    now()

    page = bo.post(call, said(cast, method="callback", act="no_answer")).content.decode()

    assert "No answer." in page and f"Call {phone.number}" in page and not Verification.objects.exists()
    assert bo.post(call, said(cast, method="callback", act="answered")).status_code == 422
    assert Interaction.objects.get(direction="out").disposition == "not_reached"


def test_a_prospect_is_logged_as_an_inquiry_without_an_account(bo, call):
    answer = bo.post(call, {**SAID, "caller_organisation": "Newcomer Ltd", "prospect": "on", "act": "log", **TRIAGE,
                            "category": "new_service", "no_service_reason": "Not a customer yet"})  # fmt: skip

    ticket = Ticket.objects.get()
    assert answer.status_code == 303 and (ticket.kind, ticket.organisation, ticket.prospect) == ("inquiry", None, True)


@pytest.mark.rule("P-01")
def test_a_parked_call_stays_on_the_list_until_it_has_a_disposition(bo, call):
    assert bo.post(call, {"act": "park", "problem_what": "Half a sentence"}).status_code == 303
    day = bo.get(reverse("desk:my-day")).content.decode()
    assert "Call without a ticket" in day
    finish = reverse("desk:call-dispose", args=[Interaction.objects.get().uuid])

    assert bo.post(finish, {"disposition": ""}).status_code == 422
    assert bo.post(finish, {"disposition": "hang_up"}).status_code == 303
    assert "Call without a ticket" not in bo.get(reverse("desk:my-day")).content.decode()


def test_a_call_is_added_to_the_ticket_it_is_about(bo, call, cast, path):
    known = path.to("l1")
    bo.post(call, said(cast, act="check", proof=PIN))

    answer = bo.post(call, said(cast, join=known.number))

    assert answer.status_code == 303 and Interaction.objects.order_by("-pk").filter(ticket=known).exists()
    assert Ticket.objects.count() == 1


def test_another_agents_call_is_not_there(agent_of, call, cast):
    assert agent_of(cast.sam).get(call).status_code == 404
