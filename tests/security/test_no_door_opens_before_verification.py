"""P-02 at the doors: every form of the desk and the portal before the caller is verified, and for a second caller."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from escalation.commands.request import request_escalation
from ledger import clock
from ledger.models import Entry
from servicedesk.desk.registry import FORMS
from servicedesk.portal.acts import ACTS
from tests.security.filling import typed
from tests.security.wall.world import BACKEND
from tests.tickets.path import Path
from tickets.commands import interaction
from tickets.commands.note import write_note
from tickets.models import Commitment, Interaction, Note, Suspension, Ticket, WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P-02")]
OPEN = {"begin", "intake", "verify", "prospect", "no-caller", "reject"}
GATED = [form for form in FORMS if form.slug not in OPEN]


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


@pytest.fixture
def cy(cast) -> Client:
    """A supervisor, so that only the gate stands in the way."""
    client = Client()
    client.force_login(cast.cy, backend=BACKEND)
    return client


def things(ticket: Ticket, other: Ticket, path: Path) -> dict[str, str]:
    """A note, a suspension, an item and a promise on the ticket; the words that name them in forms."""
    cast, at = path.cast, path.now
    note = write_note(ticket, "Before", public=False, channel="internal", actor=cast.cy_actor, at=at)
    asked = Suspension.objects.create(ticket=ticket, reason_code="parts", reason="Waits", until=at + timedelta(hours=2),
                                      needed=["monitoring"], requested_by=cast.bo, requested_at=at)  # fmt: skip
    item = WorkItem.objects.create(ticket=ticket, source="plan", title="Ring", owner_user=cast.cy, created_at=at)
    promised = Commitment.objects.create(ticket=ticket, kind="callback", due_at=at + timedelta(hours=1), made_at=at,
                                         made_by=cast.cy)  # fmt: skip
    return {"note": str(note.uuid), "suspension": str(asked.uuid), "work_item": str(item.uuid), "into": other.number,
            "commitment": str(promised.uuid), "other": other.number, "item": str(item.uuid), "notes": [str(note.uuid)],
            "link": other.number, "number": other.number, "user": str(cast.cy.uuid)}  # fmt: skip


def state() -> list:
    models = (Ticket, Note, Suspension, WorkItem, Commitment, Interaction)
    return [*(list(model.objects.order_by("pk").values()) for model in models), Entry.objects.count()]


def posts(client: Client, ticket: Ticket, other: Ticket, path: Path) -> dict[str, str]:
    """Post every gated form; return those that wrote, or whose refusal is not the gate's, with what they said."""
    known, before, wrong, stopped = things(ticket, other, path), None, {}, 0
    clock.set_demo(demo_now=path.tick())
    before = state()
    for kind in GATED:
        fresh = Ticket.objects.get(pk=ticket.pk)
        form = kind(ticket=fresh, actor=path.cast.cy_actor, at=path.now)
        body = typed(form, path.now, known | {"version": fresh.version})
        answer = client.post(reverse(f"desk:ticket-{kind.slug}", args=[ticket.number]), body)
        shown = answer.context["form"].non_field_errors().as_data() if answer.status_code == 422 else []
        codes = {error.code for error in shown}
        if state() != before:
            wrong[kind.slug] = "wrote something"
            before = state()
        elif answer.status_code != 422:
            wrong[kind.slug] = str(answer.status_code)
        elif codes == {"not_verified"}:
            stopped += 1
        elif not answer.context["form"].errors:
            wrong[kind.slug] = str(codes)
    assert stopped >= 25
    return wrong


@pytest.mark.parametrize("before", ["intake", "auth"])
def test_every_form_of_the_desk_is_refused_before_verification_and_writes_nothing(path, cy, before):
    other, ticket = path.signed(), path.to(before)
    assert posts(cy, ticket, other, path) == {}


def test_every_form_is_refused_while_a_second_caller_on_the_line_is_not_verified(path, cy):
    other, ticket = path.signed(), path.signed()
    Interaction.objects.filter(ticket__in=[ticket, other]).update(ended_at=path.tick())
    second = path.ring(path.cast.cy_actor)
    interaction.attach_interaction(
        interaction_id=second.pk, ticket_id=ticket.pk, actor=path.cast.cy_actor, at=path.tick()
    )
    assert posts(cy, ticket, other, path) == {}


def test_an_escalation_cannot_be_requested_or_worked_from_the_board(path, cy):
    ticket = path.to("auth")
    clock.set_demo(demo_now=path.tick())
    before = state()
    body = {"ticket": ticket.number, "relation": "customer", "requester_name": "Ada Lund", "reason": "No phones"}
    answer = cy.post(reverse("supervisor:escalation-new"), body)
    assert answer.status_code == 422 and "erif" in answer.content.decode()
    assert state() == before

    open_one = path.signed()
    made = request_escalation(ticket_id=open_one.pk, reason="No phones", relation="agent", actor=path.cast.cy_actor,
                              at=path.tick())  # fmt: skip
    Interaction.objects.filter(ticket=open_one).update(ended_at=path.tick())
    second = path.ring(path.cast.cy_actor)
    interaction.attach_interaction(
        interaction_id=second.pk, ticket_id=open_one.pk, actor=path.cast.cy_actor, at=path.tick()
    )
    clock.set_demo(demo_now=path.tick())
    before = state()
    item = {
        "title": "Crew",
        "owner": f"user:{path.cast.cy.uuid}",
        "due_at": f"{path.now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    answer = cy.post(reverse("supervisor:escalation-act", args=[made.uuid, "item"]), item)
    assert answer.status_code == 422 and state() == before


def test_a_customer_acts_on_nothing_that_is_not_verified(path):
    """The portal session is the proof for what is raised there; a call of somebody unknown stays out of reach."""
    ticket = path.to("auth")
    Ticket.objects.filter(pk=ticket.pk).update(organisation=path.cast.northgate, reporter=path.cast.ada)
    clock.set_demo(demo_now=path.tick())
    ada, before = Client(), None
    ada.force_login(path.cast.ada.user, backend=BACKEND)
    before = state()
    for slug, act in ACTS.items():
        body = typed(act.form(), path.now, {})
        answer = ada.post(reverse("portal:act", args=[ticket.number, slug]), body)
        assert answer.status_code in {404, 422}, slug
        assert state() == before, slug


def test_with_the_gate_left_open_these_tests_would_see_it(path, cy, monkeypatch):
    other, ticket = path.signed(), path.to("auth")
    monkeypatch.setattr("tickets.lifecycle.require_verified", lambda ticket, actor, **more: None)
    with pytest.raises(AssertionError):
        assert posts(cy, ticket, other, path) == {}
