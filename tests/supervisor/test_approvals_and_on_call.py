import pytest

from escalation.models import RosterSlot
from ledger.models import Entry
from tests.factories.clocks import MINUTE
from tests.factories.formal import verified_ticket
from tests.factories.rosters import give
from tickets.commands.approve import request_priority
from tickets.models import Suspension, Ticket

BOTH = ["monitoring", "customer_service"]


@pytest.fixture
def request_of(cast, rules, nine, desk_time):
    """A suspension that Cy asked for, with the customer's consent."""
    desk_time(nine + MINUTE)
    return Suspension.objects.create(
        ticket=verified_ticket(cast, nine), reason_code="parts", reason="Line card on its way", needed=BOTH,
        until=nine + 60 * MINUTE, requested_by=cast.cy, requested_at=nine, consent=True, consent_at=nine,
        consent_contact=cast.ada, consent_how="call",
    )  # fmt: skip


@pytest.mark.rule("C-22")
def test_who_asked_is_told_that_another_must_decide(cast, request_of, signed_in):
    page = signed_in(cast.cy).get("/supervisor/approvals/").content.decode()

    assert "You asked for it yourself" in page
    assert f"/supervisor/approvals/{request_of.uuid}/" not in page


@pytest.mark.rule("C-22")
def test_the_approver_of_monitoring_approves_for_monitoring(cast, request_of, signed_in):
    sent = {"function": "monitoring", "approved": "yes", "reason": ""}

    answer = signed_in(cast.mo).post(f"/supervisor/approvals/{request_of.uuid}/", sent)

    assert answer.status_code == 303
    assert list(request_of.approvals.values_list("function", "person", "approved")) == [
        ("monitoring", cast.mo.pk, True)
    ]
    assert Ticket.objects.get().state == "l1"


@pytest.mark.rule("C-22")
def test_a_decision_for_a_function_one_does_not_hold_is_refused_beside_its_form(cast, request_of, signed_in):
    sent = {"function": "customer_service", "approved": "no", "reason": "Send somebody"}

    answer = signed_in(cast.mo).post(f"/supervisor/approvals/{request_of.uuid}/", sent)

    assert answer.status_code == 422 and "Send somebody" in answer.content.decode()
    assert Suspension.objects.get().state == "requested"


@pytest.mark.rule("C-22")
def test_every_kind_stands_on_one_page_and_a_decision_is_handed_on(cast, request_of, nine, signed_in):
    low = verified_ticket(cast, nine, priority="P3", impact="medium", urgency="medium")
    request_priority(ticket_id=low.pk, priority="P1", reason="Ministry", actor=cast.bo_actor, at=nine)
    client = signed_in(cast.mo)
    page = client.get("/supervisor/approvals/").content.decode()
    assert "P1 instead of P3" in page and "Line card on its way" in page
    assert "Line card" not in client.get("/supervisor/approvals/?kind=priority").content.decode()
    where = f"/supervisor/approvals/{low.approvals.get().uuid}/"
    assert client.post(where, {"function": "supervision", "approved": "yes", "reason": ""}).status_code == 422

    sent = {"function": "supervision", "taker": cast.cy.uuid, "until": "2026-06-15T10:00", "reason": "In a meeting"}
    assert client.post(f"{where}hand/", sent).status_code == 303
    assert "It is in the hands of Cy Lindqvist" in client.get("/supervisor/approvals/?kind=priority").content.decode()
    said = {"function": "supervision", "approved": "yes", "reason": "Agreed"}
    assert (client.post(where, said).status_code, signed_in(cast.cy).post(where, said).status_code) == (422, 303)


def test_an_agent_has_no_approvals_page(cast, request_of, signed_in):
    assert signed_in(cast.bo).get("/supervisor/approvals/").status_code == 404


@pytest.mark.rule("A-04")
def test_who_is_on_now_and_next_is_read_from_the_roster(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)
    RosterSlot.objects.create(role="duty_manager", user=cast.mo, during=(nine - MINUTE, nine + 60 * MINUTE))
    RosterSlot.objects.create(role="duty_manager", user=cast.sam, during=(nine + 60 * MINUTE, nine + 120 * MINUTE))

    rows = signed_in(cast.bo).get("/supervisor/on-call/").context["rows"]

    row = next(row for row in rows if row.role == "Duty manager")
    assert (row.user, row.until, row.then.user) == (cast.mo, nine + 60 * MINUTE, cast.sam)


@pytest.mark.rule("A-04")
def test_a_supervisor_overrides_the_roster_and_an_overlap_is_refused(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)
    give("duty_manager", cast.sam)
    sent = {"role": "duty_manager", "scope": "global", "user": cast.sam.uuid, "from_at": "2026-06-15T10:00",
            "to_at": "2026-06-15T12:00", "reason": "Leave"}  # fmt: skip
    client = signed_in(cast.cy)

    first, second = client.post("/supervisor/on-call/", sent), client.post("/supervisor/on-call/", sent)

    assert (first.status_code, second.status_code) == (303, 422)
    slot = RosterSlot.objects.get()
    assert (slot.user, slot.layer, slot.during.lower) == (cast.sam, RosterSlot.Layer.OVERRIDE, nine + 60 * MINUTE)
    assert Entry.objects.get(name="roster.overridden").data["person"] == str(cast.sam.uuid)


@pytest.mark.rule("A-04")
def test_an_agent_cannot_override(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)

    assert signed_in(cast.bo).post("/supervisor/on-call/", {}).status_code == 404
