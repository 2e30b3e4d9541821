"""What the agent sees around a call: wrong turns with the way out, and what logging would do (V-08, V-09)."""

import pytest
from django.urls import reverse

from accounts.models import AccountTeamMember
from catalogue.models import Alert, Calendar, Entitlement, Service
from catalogue.seed import seed_calendars
from tests.desk.test_a_call_at_the_door import TRIAGE, said
from tests.tickets.path import PIN
from tickets.models import Appointment, RoutingRule, SalesInquiry, Ticket


@pytest.fixture
def call(bo, path, now) -> str:
    now()
    return bo.post(reverse("desk:call-new"), {"number": "+61355500142"})["Location"]


@pytest.fixture
def proved(bo, call, cast):
    """The call, its caller verified."""
    assert "Verified" in bo.post(call, said(cast, act="check", proof=PIN)).content.decode()
    return call


@pytest.mark.rule("V-04")
def test_a_contact_of_another_company_than_the_caller_names_is_pointed_out(bo, call, cast):
    page = bo.post(call, said(cast, act="keep", caller_organisation="Calder Mutual")).content.decode()

    assert "The caller names another organisation" in page
    again = bo.post(call, said(cast, act="keep", caller_organisation="northgate health alliance ltd"))
    assert "The caller names another organisation" not in again.content.decode()


def test_a_suspended_customer_is_passed_on_to_whoever_answers_for_it(bo, call, cast):
    manager = AccountTeamMember.objects.get(organisation=cast.northgate, role="account_manager").user.name
    cast.northgate.status = "suspended"
    cast.northgate.save()
    assert manager not in bo.post(call, said(cast, act="keep")).content.decode()

    page = bo.post(call, said(cast, act="check", proof=PIN)).content.decode()

    assert "suspended or no longer a customer" in page and f"Pass the caller on to {manager}" in page
    assert bo.post(call, said(cast, act="log", **TRIAGE)).status_code == 422 and not Ticket.objects.exists()


def test_an_entitlement_that_ended_is_said_and_does_not_stop_the_call(bo, proved, cast):
    Entitlement.objects.filter(organisation=cast.northgate).update(valid_to="2026-03-31")

    page = bo.get(proved).content.decode()

    assert "Entitlement ended 31 March 2026" in page
    assert bo.post(proved, said(cast, act="log", service=str(cast.service.uuid), **TRIAGE)).status_code == 303


@pytest.mark.rule("V-21")
def test_after_hours_the_agent_knows_before_logging_when_work_begins(bo, proved, cast):
    seed_calendars()
    Entitlement.objects.update(calendar=Calendar.objects.get(name="Business hours AEST"))

    later = bo.post(proved, said(cast, act="keep", **TRIAGE)).content.decode()
    now = bo.post(proved, said(cast, act="keep", **TRIAGE | {"impact": "high", "urgency": "high"})).content.decode()

    assert "After hours: tell the caller that work begins" in later and "After hours" not in now


@pytest.mark.rule("V-08")
def test_where_it_goes_and_which_playbook_follows_stand_there_before_logging(bo, proved, cast):
    RoutingRule.objects.create(position=10, category="network_interruption", tier="l1", team=cast.l1)

    page = bo.post(proved, said(cast, act="keep", **TRIAGE)).content.decode()

    assert "Rule 10: Network: interruption, L1 goes to Data L1." in page
    assert "Playbook version 1 follows, 7 steps" in page and "<strong>P3</strong> to <strong>Data L1</strong>." in page


@pytest.mark.rule("V-09")
def test_services_in_trouble_come_first_and_others_are_counted_not_named(bo, proved, cast, nine):
    Service.objects.filter(pk=cast.service.pk).update(segment="ring-4")
    Service.objects.filter(pk=cast.other_service.pk).update(segment="ring-4")
    Service.objects.create(service_id="CL-1", organisation=cast.northgate, type="cloud", name="Cloud", state="down")
    foreign = {"organisation": cast.other, "service": cast.other_service, "kind": "fault", "state": "intake"}
    Ticket.objects.create(number="SD-000900", title="Bank line", received_at=nine, channel="api", **foreign)

    page = bo.post(proved, said(cast, act="propose", service=str(cast.service.uuid), **TRIAGE)).content.decode()

    aside = page.split('id="context"')[1]
    assert "1 open fault of another customer" in aside and "Calder" not in page and "Bank line" not in page
    assert "Down" in aside and f'name="also" value="{Service.objects.get(service_id="CL-1").uuid}"' in page


def test_services_ticked_as_affected_too_are_on_the_ticket(bo, proved, cast, nine):
    other = Service.objects.create(service_id="CL-1", organisation=cast.northgate, type="cloud", name="Cloud")
    Alert.objects.create(organisation=cast.northgate, service=other, key="k", summary="Loss", raised_at=nine)
    body = said(cast, act="log", service=str(cast.service.uuid), also=[str(other.uuid)], **TRIAGE)

    assert bo.post(proved, body).status_code == 303
    assert list(Ticket.objects.get().also_affected.all()) == [other]


def test_a_call_that_joins_adds_a_reporter_and_keeps_what_was_said(bo, path, call, cast):
    known = path.to("l1")
    known.participants.filter(part="reporter").delete()
    bo.post(call, said(cast, act="check", proof=PIN))

    bo.post(call, said(cast, join=known.number))

    assert known.participants.get(part="reporter").contact == cast.ada
    assert "The line has been dead since nine" in bo.get(call).content.decode()


@pytest.mark.rule("V-07")
def test_a_new_service_is_logged_with_its_answers_and_a_consultation(bo, proved, cast):
    wanted = {**TRIAGE, "kind": "inquiry", "category": "new_service", "no_service_reason": "A new service"}
    assert "Business objectives" in bo.post(proved, said(cast, act="keep", **wanted)).content.decode()
    asked = {"infrastructure": "Two leased lines", "consult_at": "2026-06-20T10:00", "consult_minutes": "90"}

    assert bo.post(proved, said(cast, act="log", **wanted, **asked)).status_code == 303

    meeting = Appointment.objects.get()
    assert SalesInquiry.objects.get(ticket=Ticket.objects.get()).infrastructure == "Two leased lines"
    assert (meeting.ends_at - meeting.starts_at).total_seconds() == 90 * 60
    page = bo.get(reverse("desk:ticket", args=[meeting.ticket.number])).content.decode()
    assert "Two leased lines" in page and reverse("desk:appointment-invite", args=[meeting.uuid]) in page
    file = bo.get(reverse("desk:appointment-invite", args=[meeting.uuid]))
    assert file["Content-Type"].startswith("text/calendar") and b"BEGIN:VEVENT" in file.content


@pytest.mark.rule("V-09")
def test_another_scope_or_priority_than_proposed_asks_for_a_reason_and_follows_when_left_alone(bo, proved, cast, nine):
    Alert.objects.create(organisation=cast.northgate, service=cast.service, key="k", summary="Loss", raised_at=nine,
                         traffic_affecting=True)  # fmt: skip
    on = {**TRIAGE, "service": str(cast.service.uuid)}
    page = bo.post(proved, said(cast, act="follow", **on)).content.decode()
    assert "Traffic is affected." in page and 'name="priority_was" value="P2"' in page

    odd = bo.post(proved, said(cast, act="log", **on | {"scope": "network"}))
    assert odd.status_code == 422 and "Say why the scope should not be “Single service”" in odd.content.decode()
    lower = bo.post(proved, said(cast, act="keep", **on | {"priority": "P4", "priority_was": "P2"})).content.decode()
    assert "You chose another scope or priority than proposed" in lower

    left = {"priority": "P2", "priority_was": "P2", "urgency": "low"}
    assert bo.post(proved, said(cast, act="log", **on | left)).status_code == 303
    assert Ticket.objects.get().priority == "P4"
