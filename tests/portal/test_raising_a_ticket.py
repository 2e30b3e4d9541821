"""Raising: one transaction from log to triage, proved by the sign-in, once per form, with every word kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Contact, Organisation, Verification
from ledger.models import Entry
from servicedesk.portal.forms import fresh_key
from tests.portal.parts import at_work, reported
from tickets.models import Attachment, Interaction, Ticket


def words(cast, **changes):
    """Return a filled-in form."""
    return {
        "once": fresh_key(), "kind": "fault", "service": str(cast.service.uuid), "site": "", "urgency": "high",
        "what": "Patients who press 2 hear music. Then the line drops.", "since": "Today 13:10",
        "changed": "Two handsets",
        "where": "Reception", "impact": "The nurse line does not work", "callback": "+61 3 5550 0140",
        "reference": "BM-2291",
        **changes,
    }  # fmt: skip


@pytest.mark.rule("P-02")
@pytest.mark.rule("C-02")
def test_a_ticket_is_logged_verified_by_the_sign_in_and_waits_in_triage(cast, ada, now):
    answer = ada.post("/portal/raise/", words(cast))

    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/portal/tickets/{ticket.number}/")
    assert (ticket.state, ticket.organisation, ticket.reporter) == ("triage", cast.northgate, cast.ada)
    assert (ticket.title, ticket.service, ticket.site) == ("Patients who press 2 hear music", cast.service, cast.site)
    assert (ticket.callback_number, ticket.urgent) == ("+61355500140", True)
    assert "BM-2291" in ticket.description
    proof = Verification.objects.get()
    assert (proof.proof, proof.outcome, proof.contact, ticket.verification) == ("portal", "passed", cast.ada, proof)
    names = list(Entry.objects.filter(chain=ticket.chain).order_by("seq").values_list("name", flat=True))
    assert names.index("verification.passed") < names.index("ticket.verified")
    assert "ticket.acknowledged" in names
    page = ada.get(answer["Location"]).content.decode()
    assert f"We have your report: {ticket.number}" in page
    assert ">16:00</time>" in page  # urgent in writing: two hours (C-08)
    assert not Interaction.objects.filter(ended_at=None).exists()


def test_a_form_sent_twice_raises_one_ticket(cast, ada, now):
    form = words(cast)
    answers = {ada.post("/portal/raise/", form)["Location"] for _ in range(2)}

    assert len(answers) == 1
    assert Ticket.objects.count() == 1


def test_files_come_with_it_and_a_bad_one_leaves_nothing(cast, ada, now):
    bad = ada.post("/portal/raise/", words(cast, attachments=SimpleUploadedFile("a.svg", b"<svg/>")))
    assert bad.status_code == 422
    assert "Patients who press 2 hear music. Then the line drops.</textarea>" in bad.content.decode()
    assert not Ticket.objects.exists()
    assert not Verification.objects.exists()

    ada.post("/portal/raise/", words(cast, attachments=SimpleUploadedFile("trace.txt", b"loss 4%")))
    assert Attachment.objects.get().name == "trace.txt"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("what", "", "Say what happens."),
        ("callback", "call me", "Give the number with its country code"),
        ("service", "", None),
        ("service", "not-a-uuid", "Choose from the list."),
        ("urgency", "soon", "Select a valid choice"),
        ("kind", "problem", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_is_kept(cast, ada, now, field, value, said):
    answer = ada.post("/portal/raise/", words(cast, **{field: value}))

    if said is None:
        assert answer.status_code == 303
        return
    body = answer.content.decode()
    assert answer.status_code == 422
    assert said in body
    assert 'value="BM-2291"' in body
    assert not Ticket.objects.exists()


def test_a_service_of_another_customer_cannot_be_named(cast, ada, now):
    answer = ada.post("/portal/raise/", words(cast, service=str(cast.other_service.uuid)))

    assert answer.status_code == 422
    assert cast.other_service.service_id not in answer.content.decode()


def test_who_may_not_report_is_told_who_may(cast, al, now):
    Contact.objects.filter(pk=cast.al.pk).update(may_report=False)
    page = al.get("/portal/raise/").content.decode()
    assert "You may not report for your organisation" in page
    assert "Ada Lund" in page
    assert al.post("/portal/raise/", words(cast)).status_code == 422
    assert not Ticket.objects.exists()


@pytest.mark.rule("P-02")
def test_a_customer_that_is_no_longer_active_passes_no_gate(cast, ada, now):
    Organisation.objects.filter(pk=cast.northgate.pk).update(status="suspended")

    assert ada.post("/portal/raise/", words(cast)).status_code == 422
    assert not Ticket.objects.exists()


def test_what_is_open_for_the_service_stands_beside_the_form(cast, ada, now):
    open_one = at_work(cast, now, title="Loss on the line")
    foreign = reported(cast, now, contact=cast.dee, title="Of another bank")

    for address in (f"/portal/raise/open/?service={cast.service.uuid}", f"/portal/raise/?service={cast.service.uuid}"):
        body = ada.get(address).content.decode()
        assert open_one.number in body
        assert foreign.number not in body
    nothing = ada.get(f"/portal/raise/open/?service={cast.other_service.uuid}").content.decode()
    assert cast.other_service.service_id not in nothing


def test_a_security_report_is_restricted_at_once(cast, ada, al, now):
    ada.post("/portal/raise/", words(cast, kind="security"))

    assert Ticket.objects.get().restricted
    assert al.get(f"/portal/tickets/{Ticket.objects.get().number}/").status_code == 404


def test_the_form_needs_at_most_fifteen_queries(cast, ada, now, django_assert_max_num_queries):
    ada.get("/portal/raise/")
    with django_assert_max_num_queries(15):
        ada.get("/portal/raise/")


def test_a_changed_form_under_an_old_key_is_refused_and_can_be_sent_again(cast, ada, now):
    form = words(cast)
    ada.post("/portal/raise/", form)

    answer = ada.post("/portal/raise/", {**form, "what": "Another thing fails now"})

    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Another thing fails now</textarea>" in body
    assert form["once"] not in body
    assert Ticket.objects.count() == 1
