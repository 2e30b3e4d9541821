"""From the call to the closed ticket, through the commands every door uses."""

import pytest

from ledger.models import Entry
from tests.tickets.path import MONTH
from tickets.commands import note, resolve, work
from tickets.models import Ticket
from tickets.words import State

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P-05")
@pytest.mark.rule("P-01")
def test_a_call_becomes_a_ticket_that_is_worked_resolved_confirmed_and_closed(path, cast):
    ticket = path.signed()
    assert ticket.state == State.L1 and ticket.owner == cast.bo and ticket.organisation == cast.northgate
    work.record_contact(ticket_id=ticket.pk, outcome="reached", text="Told Ada", actor=cast.bo_actor, at=path.tick())
    note.add_progress(
        ticket_id=ticket.pk, body="Loop test at the port", public=True, actor=cast.bo_actor, at=path.tick()
    )
    resolve.resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre at the port",
        resolution="Fibre replaced and tested", participants_confirmed=True, actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    resolve.confirm(ticket_id=ticket.pk, how="customer", actor=cast.ada_actor, at=path.tick())
    closed = resolve.close(
        ticket_id=ticket.pk, knowledge_decision="none", follow_up_decision="none", actor=cast.bo_actor,
        at=path.tick(MONTH),
    )  # fmt: skip
    assert closed.state == State.CLOSED
    told = list(Entry.objects.filter(chain=ticket.chain).order_by("seq").values_list("name", flat=True))
    ours = [name for name in told if name.partition(".")[0] in {"ticket", "note"}]
    assert ours == [
        "ticket.logged", "ticket.verification_begun", "ticket.verified", "ticket.acknowledged", "ticket.triaged",
        "ticket.signed_for", "ticket.contact_recorded", "note.added", "ticket.resolved", "ticket.confirmed",
        "ticket.closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "state",
    [State.INTAKE, State.AUTH, State.TRIAGE, State.L1, State.SUSPENDED, State.CLOSURE, State.SURVEY, State.CLOSED],
)
def test_every_state_of_the_path_is_reached_by_commands(path, state):
    assert Ticket.objects.get(pk=path.to(state).pk).state == state
