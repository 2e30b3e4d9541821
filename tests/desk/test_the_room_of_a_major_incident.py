import re

import pytest
from django.urls import reverse

from ledger import clock
from servicedesk.web import shell_facts
from tests.factories.clocks import MINUTE
from tests.factories.majors import BODIES, child_ticket, core, customers, declared, told
from tickets.commands.major_children import attach_ticket
from tickets.commands.major_impact import add_organisation
from tickets.models import MajorIncident, MajorUpdate, Note, Ticket

NEWS = {"body": BODIES["en"], "body_zh_hans": BODIES["zh-hans"], "phase": "investigating", "cadence": "30"}


@pytest.fixture
def cy(cast, policies, agent_of, nine):
    """The supervisor's browser at five past nine."""
    clock.set_demo(demo_now=nine + 5 * MINUTE, speed=1.0)
    return agent_of(cast.cy)


def room(incident, slug=""):
    base = reverse("desk:major", args=[incident.uuid])
    return f"{base}do/{slug}/" if slug else base


@pytest.mark.rule("V-09")
def test_a_critical_ticket_offers_to_declare_and_then_to_join_the_running_one(cast, cy, nine):
    core(cast)
    ticket = child_ticket(cast, nine, service=cast.service, critical=True)
    page = cy.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert f"/desk/major-incidents/new/?ticket={ticket.number}" in page
    incident = declared(cast, nine)

    page = cy.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert f"{incident.number} runs" in page
    assert cy.post(room(incident, "attach"), {"ticket": ticket.number}).status_code == 303

    page = cy.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert incident.number in page and "Join it" not in page


@pytest.mark.rule("V-09")
def test_declaring_from_the_form_says_what_is_missing_and_keeps_the_words(cast, cy, nine):
    core(cast)
    sent = {"title": "Voice core rejects calls", "public_title": "Calder Mutual Bank is down", "severity": "1",
            "services": "core-1", "cadence": "30"}  # fmt: skip
    answer = cy.post(reverse("desk:major-new"), sent)
    assert answer.status_code == 422 and "Voice core rejects calls" in answer.content.decode()

    answer = cy.post(reverse("desk:major-new"), {**sent, "public_title": "Inbound calls fail"})

    incident = MajorIncident.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, room(incident))
    assert incident.services.count() == 3


@pytest.mark.rule("V-19")
def test_news_are_drafted_previewed_and_sent_from_the_room(cast, cy, nine):
    incident = declared(cast, nine)
    url = reverse("desk:major-news", args=[incident.uuid])

    assert cy.post(url, {**NEWS, "do": "draft"}).status_code == 303
    page = cy.get(room(incident)).content.decode()
    assert BODIES["en"] in page and "Reaches 3 contacts of 2 customers" in page  # Ada, Al; Dee
    preview = cy.post(url, {**NEWS, "do": "preview"})
    assert preview.status_code == 200 and BODIES["zh-hans"] in preview.content.decode()
    assert MajorUpdate.objects.get().sent_at is None
    refused = cy.post(url, {**NEWS, "body": "Calder Mutual Bank is up", "do": "send"})
    assert refused.status_code == 422 and "Calder Mutual Bank is up" in refused.content.decode()

    assert cy.post(url, {**NEWS, "do": "send"}).status_code == 303
    assert MajorUpdate.objects.get().sent_at is not None


@pytest.mark.rule("V-19")
def test_twelve_customers_and_their_tickets_stay_within_the_budget_and_are_told_at_once(
    cast, cy, nine, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(shell_facts, "KEEP_SECONDS", 600)
    incident, who = declared(cast, nine), {"actor": cast.cy_actor, "at": nine}
    owners = customers(10)
    for organisation in owners:
        add_organisation(incident_id=incident.pk, organisation_id=organisation.pk, reason="Same trunk", **who)
    for organisation in (*owners, cast.northgate, cast.other):
        ticket = child_ticket(cast, nine, organisation)
        attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, **who)
    told(incident, cast.cy_actor, nine)
    cy.get(room(incident))

    with django_assert_max_num_queries(15):
        page = cy.get(room(incident)).content.decode()
    assert "Reaches 13 contacts of 12 customers" in page and "12 tickets linked" in page
    with django_assert_max_num_queries(15):
        assert cy.get(reverse("desk:major-incidents")).status_code == 200
    answer = cy.post(room(incident, "tell"), {"body": BODIES["en"], "body_zh_hans": BODIES["zh-hans"]})
    assert answer.status_code == 303
    assert Note.objects.filter(public=True).count() == 12


def test_restoring_from_the_room_solves_the_tickets_and_the_paper_draws_the_course(cast, cy, nine):
    incident = declared(cast, nine)
    ticket = child_ticket(cast, nine, cast.other)
    attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, actor=cast.cy_actor, at=nine)
    sent = {"evidence": "Test calls pass everywhere", "body": BODIES["en"], "solve": "on", "resolution_code": "fixed",
            "cause_code": "our_configuration", "cause": "A change took it", "resolution": "Taken back"}  # fmt: skip
    assert cy.post(room(incident, "restore"), {**sent, "cause": "ok"}).status_code == 422

    assert cy.post(room(incident, "restore"), sent).status_code == 303

    assert Ticket.objects.get(pk=ticket.pk).state == "closure"
    paper = cy.get(reverse("desk:major-review", args=[incident.uuid])).content.decode()
    assert "Service restored; 1 tickets solved" in re.sub(r"\s+", " ", paper)
