"""Open promises and acknowledgements go to the taker, once each; with nobody to take them acknowledgements end."""

from datetime import timedelta

import pytest

from escalation.commands.acknowledge import acknowledge
from escalation.commands.fire import fire_all
from escalation.commands.handover_sign import accept_handover, sign_handover
from escalation.commands.handover_watch import watch_handovers
from escalation.models import Ack, Clock, Firing, Handover, HandoverPass, Notification
from escalation.shipped import MANAGEMENT_LADDER
from ledger.models import Entry
from tests.escalation.test_acknowledging_a_page import quiet, use
from tests.factories.clocks import MINUTE, armed, escalated_ticket, fired, logged_ticket, put
from tests.factories.shifts import gone_through, sheet, two_shifts
from tests.tickets.path import Path
from tickets.commands.plan import promise

HOUR = timedelta(hours=1)


def handed(cast, handover, at):
    """Mo signs, Cy goes through it and accepts."""
    sign_handover(handover_id=handover.pk, actor=cast.mo_actor, at=at)
    gone_through(handover, cast.cy_actor, at)
    return accept_handover(handover_id=handover.pk, actor=cast.cy_actor, at=at)


@pytest.mark.rule("A-05")
def test_a_promise_of_the_giver_is_the_takers_and_its_clock_calls_the_taker(cast, policies, nine):
    _day, evening = two_shifts(cast, nine)
    ticket = Path(cast, nine).signed()
    put(ticket, owner=None)
    due = nine + 6 * HOUR
    made = promise(ticket_id=ticket.pk, kind="callback", due_at=due, actor=cast.mo_actor, at=nine + HOUR)
    handover = sheet(cast, evening, nine + 5 * HOUR, nine + 4 * HOUR)

    handed(cast, handover, nine + 5 * HOUR)

    made.refresh_from_db()
    assert (made.made_by, made.state, made.due_at) == (cast.cy, "open", due)
    fire_all(due - 15 * MINUTE)
    told = Notification.objects.filter(firing__clock__kind="promises", channel="email")
    assert set(told.values_list("user__name", flat=True)) == {"Cy Lindqvist"}
    assert Entry.objects.get(name="commitment.handed_on").chain == ticket.chain
    assert HandoverPass.objects.get(kind="promise").ref == str(made.uuid)


@pytest.mark.rule("A-05")
def test_the_escalation_the_giver_ran_is_the_takers(cast, rules, nine):
    _day, evening = two_shifts(cast, nine)
    escalation = escalated_ticket(cast, nine)
    type(escalation).objects.update(duty_manager=cast.mo)
    handover = sheet(cast, evening, nine + 5 * HOUR, nine + 4 * HOUR)

    handed(cast, handover, nine + 5 * HOUR)

    escalation.refresh_from_db()
    assert escalation.duty_manager == cast.cy
    assert Entry.objects.filter(name="escalation.handed_on", chain=escalation.ticket.chain).count() == 1


@pytest.fixture
def silenced(cast, rules, nine):
    """Mo acknowledged the first page of a chain: the policy keeps it silent for six hours."""
    use("management_ladder", quiet(MANAGEMENT_LADDER, minutes=360), nine)
    _day, evening = two_shifts(cast, nine)
    logged_ticket(cast, nine, priority="P1")
    fire_all(nine + 15 * MINUTE)
    acknowledge(firing_id=Firing.objects.get(rule_code="M-1").pk, actor=cast.mo_actor, at=nine + 16 * MINUTE)
    return sheet(cast, evening, nine + 5 * HOUR, nine + 4 * HOUR)


@pytest.mark.rule("A-05")
def test_an_acknowledgement_is_handed_on_and_runs_out_when_it_would_have(cast, silenced, nine):
    until = Clock.objects.get(kind="management_ladder").silenced_until

    handed(cast, silenced, nine + 5 * HOUR)
    watch_handovers(at=nine + 6 * HOUR)

    assert list(Ack.objects.order_by("pk").values_list("user", "kind")) == [
        (cast.mo.pk, "desk"), (cast.cy.pk, "handed_on"),
    ]  # fmt: skip
    assert Clock.objects.get(kind="management_ladder").silenced_until == until
    fire_all(nine + 6 * HOUR)
    assert fired(rule_code="M-2") == []


@pytest.mark.rule("A-05")
def test_with_nobody_to_take_it_an_acknowledgement_ends_as_the_giver_goes_home(cast, silenced, nine):
    sign_handover(handover_id=silenced.pk, actor=cast.mo_actor, at=nine + 5 * HOUR)
    watch_handovers(at=nine + 5 * HOUR + 29 * MINUTE)
    fire_all(nine + 5 * HOUR + 29 * MINUTE)
    assert fired(rule_code="M-2") == []

    watch_handovers(at=nine + 5 * HOUR + 30 * MINUTE)
    watch_handovers(at=nine + 5 * HOUR + 31 * MINUTE)
    fire_all(nine + 5 * HOUR + 31 * MINUTE)

    assert fired(rule_code="M-2") == [("M-2", 1, "paged")]
    assert Entry.objects.filter(name="acknowledgement.expired").count() == 1
    assert Handover.objects.get(pk=silenced.pk).expired_at == nine + 5 * HOUR + 30 * MINUTE


@pytest.mark.rule("A-05")
def test_a_sheet_opens_by_itself_and_fires_if_nobody_accepted_it_as_the_shift_begins(cast, rules, nine):
    two_shifts(cast, nine)
    begins = nine + 5 * HOUR
    assert watch_handovers(at=begins - 61 * MINUTE) == 0
    assert watch_handovers(at=begins - 60 * MINUTE) == 1
    assert watch_handovers(at=begins - 59 * MINUTE) == 0
    assert armed(clock__kind="handover") == {("H-1", 1): begins}

    fire_all(begins)

    told = Notification.objects.filter(firing__rule_code="H-1", channel="email")
    assert {("outgoing_manager", "Mo Tan"), ("incoming_manager", "Cy Lindqvist")} <= set(
        told.values_list("role", "user__name")
    )


@pytest.mark.rule("A-05")
def test_accepted_before_the_shift_nobody_is_called_and_a_sheet_nobody_took_lapses(cast, rules, nine):
    _day, evening = two_shifts(cast, nine)
    begins = nine + 5 * HOUR
    handed(cast, sheet(cast, evening, begins, begins - HOUR), begins - MINUTE)
    fire_all(begins)
    assert fired(clock__kind="handover") == []

    left = sheet(cast, evening, begins + timedelta(days=1), begins + 23 * HOUR)
    watch_handovers(at=left.until)
    left.refresh_from_db()
    assert left.state == "lapsed" and Entry.objects.filter(chain=left.chain, name="handover.lapsed").exists()
