import pytest
from django.urls import reverse

from ledger import clock
from servicedesk.desk.majors import BY_SLUG
from tests.factories.clocks import MINUTE, put
from tests.factories.majors import child_ticket, declared
from tickets.commands.major_children import attach_ticket
from tickets.commands.major_steps import add_prevention
from tickets.models import WorkItem


@pytest.fixture
def cy(cast, policies, agent_of, nine):
    """The supervisor's browser at five past nine."""
    clock.set_demo(demo_now=nine + 5 * MINUTE, speed=1.0)
    return agent_of(cast.cy)


def room(incident, slug=""):
    base = reverse("desk:major", args=[incident.uuid])
    return f"{base}do/{slug}/" if slug else base


def test_the_file_of_customers_is_for_whoever_leads(cast, cy, nine, agent_of):
    incident = declared(cast, nine)
    url = reverse("desk:major-customers", args=[incident.uuid])

    assert "Calder Mutual Bank" in cy.get(url).content.decode()
    assert agent_of(cast.bo).get(url).status_code == 404


def test_a_ticket_restricted_later_is_seen_by_nobody_without_need(cast, cy, nine):
    incident = declared(cast, nine)
    ticket = child_ticket(cast, nine, title="Kanarienvogel")
    attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, actor=cast.cy_actor, at=nine)
    put(ticket, restricted=True)

    for url in (room(incident), reverse("desk:major-review", args=[incident.uuid])):
        page = cy.get(url).content.decode()
        assert ticket.number not in page and "Kanarienvogel" not in page


def test_every_command_opens_as_a_form(cast, cy, nine):
    incident = declared(cast, nine)

    codes = {slug: cy.get(room(incident, slug)).status_code for slug in BY_SLUG if slug != "news"}

    assert set(codes.values()) == {200}


def test_whoever_owns_a_prevention_action_finds_it_in_their_day(cast, cy, nine, agent_of):
    incident = declared(cast, nine)
    item = add_prevention(
        incident_id=incident.pk, title="Alarm on 488 replies", owner_user_id=cast.bo.pk, due_at=nine + 600 * MINUTE,
        actor=cast.cy_actor, at=nine,
    )  # fmt: skip
    bo = agent_of(cast.bo)
    page = bo.get(reverse("desk:my-day")).content.decode()
    assert "Alarm on 488 replies" in page and f"{room(incident, 'done')}?item={item.uuid}" in page

    answer = bo.post(room(incident, "done"), {"item": str(item.uuid), "evidence": "Rings since this morning"})

    assert (answer.status_code, WorkItem.objects.get(pk=item.pk).state) == (303, "done")
