"""Inside a window of running work fault rules and tickets born of alarms do not page; clocks run on (decisions 15)."""

from datetime import datetime, timedelta

import pytest

from catalogue.models import Service
from escalation.commands.fire import fire_due
from escalation.commands.request import request_escalation
from escalation.models import Clock, Firing, Timer
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.tickets.path import FAULT, Path
from tests.tickets.windows import HOUR, Windows
from tickets.commands import maintenance_run, triage
from tickets.commands.correct import reclassify
from tickets.commands.log import LogTicket, begin_verification, log_ticket
from tickets.commands.verify import verify_without_caller
from tickets.models import Maintenance, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.rule("V-21")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def windows(cast, policies, nine) -> Windows:
    return Windows(cast, nine)


@pytest.fixture
def running(windows) -> Maintenance:
    """Work on the core, begun at its time."""
    return windows.running()


def alarm(cast, at: datetime) -> Ticket:
    """A dispatched P1 nobody called about, on the affected service."""
    said = LogTicket(
        channel="alarm", title="Link down", description="Loss of light", organisation_id=cast.northgate.pk,
        caller_name="Monitoring", caller_organisation="Halden", caller_email="noc@desk.example",
        caller_phone="+61355500100",
    )  # fmt: skip
    ticket = log_ticket(said, actor=SYSTEM, at=at)
    begin_verification(ticket_id=ticket.pk, actor=SYSTEM, at=at)
    verify_without_caller(ticket_id=ticket.pk, method="monitoring", actor=SYSTEM, at=at)
    answers = FAULT | {"service_id": cast.service.pk, "impact": "high", "urgency": "high"}
    return triage.triage(ticket_id=ticket.pk, triage=triage.Triage(**answers), actor=cast.bo_actor, at=at)


def pages(ticket: Ticket) -> set[str]:
    return set(Firing.objects.filter(clock__ticket=ticket).values_list("rule_code", flat=True))


def test_a_ticket_born_of_an_alarm_pages_only_when_the_window_ends(cast, running):
    ticket = alarm(cast, running.starts_at + MINUTE)
    due = set(Timer.objects.filter(clock__ticket=ticket, state="armed").values_list("due_at", flat=True))
    assert min(due) < running.ends_at
    fire_due(at=running.ends_at - MINUTE)
    assert not pages(ticket)
    fire_due(at=running.ends_at)
    assert {"T-1", "T-1D", "M-1"} <= pages(ticket)
    late = Firing.objects.filter(clock__ticket=ticket, rule_code="T-1D").get()
    assert late.due_at == ticket.dispatched_at + 10 * MINUTE and late.fired_at == running.ends_at


def test_a_customers_fault_keeps_every_page_but_those_of_fault_rules(cast, running):
    path = Path(cast, running.starts_at)
    ticket = path.triaged(impact="high", urgency="high")
    fire_due(at=running.ends_at - MINUTE)
    told = pages(ticket)
    assert "M-1" in told and not any(code.startswith("T-") for code in told)


def test_tickets_open_before_the_work_follow_it_from_start_to_end(cast, windows):
    window = windows.noticed()
    ticket = alarm(cast, window.starts_at - 2 * MINUTE)
    maintenance_run.start_maintenance(maintenance_id=window.pk, actor=cast.bo_actor, at=window.starts_at)
    assert Clock.objects.filter(ticket=ticket, muted_until=window.ends_at).exists()
    longer = window.ends_at + HOUR
    by = {"maintenance_id": window.pk, "actor": cast.bo_actor}
    maintenance_run.extend_maintenance(ends_at=longer, reason="Card boots slowly", at=window.ends_at - MINUTE, **by)
    fire_due(at=longer - MINUTE)
    assert not pages(ticket)
    said = {"result": "done", "outcome": "The card is replaced", "at": longer - MINUTE}
    maintenance_run.finish_maintenance(**by, **said)
    assert not Clock.objects.filter(ticket=ticket, muted_until__isnull=False).exists()
    fire_due(at=longer - MINUTE)
    assert "T-1D" in pages(ticket)
    told = Entry.objects.filter(chain=ticket.chain, name__startswith="ticket.pages_").order_by("seq")
    assert [entry.name for entry in told] == ["ticket.pages_held", "ticket.pages_held", "ticket.pages_released"]


def test_a_formal_escalation_is_never_held_back(cast, running):
    ticket = alarm(cast, running.starts_at + MINUTE)
    at = running.starts_at + 2 * MINUTE
    request_escalation(
        ticket_id=ticket.pk, relation="customer", requester_name="Ada", reason="The clinic cannot call",
        actor=cast.bo_actor, at=at,
    )  # fmt: skip
    fire_due(at=at + 11 * MINUTE)
    assert {"F-1", "F-1D", "D-0"} <= pages(ticket)
    assert not Clock.objects.filter(subject_kind="escalation", muted_until__isnull=False).exists()


def test_work_that_is_only_planned_holds_nothing_back(cast, windows):
    window = windows.noticed()
    ticket = alarm(cast, window.starts_at + MINUTE)
    fire_due(at=window.starts_at + 12 * MINUTE)
    assert "T-1D" in pages(ticket)


def test_a_ticket_moved_off_the_affected_service_pages_again(cast, running):
    ticket = alarm(cast, running.starts_at + MINUTE)
    other = Service.objects.create(service_id="EPL-1", organisation=cast.northgate, type="network", name="Apart")
    reclassify(
        ticket_id=ticket.pk, service_id=other.pk, reason="The alarm names another line",
        actor=cast.bo_actor, at=running.starts_at + 2 * MINUTE,
    )  # fmt: skip
    fire_due(at=running.starts_at + 13 * MINUTE)
    assert "T-1D" in pages(ticket)
