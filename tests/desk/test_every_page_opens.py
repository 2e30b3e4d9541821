"""Every page of the desk answers, for the people it is for and nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalation.commands.fire import fire_all
from servicedesk.desk.registry import FORMS
from tickets.commands.work import sign_for

PAGES = ["queue", "my-tickets", "my-day", "inbox", "search", "call-new", "customers", "queue-export",
         "queue-filters", "queue-layout", "queue-keep", "bulk-assign"]  # fmt: skip
STATES = ["intake", "auth", "triage", "l1", "suspended", "closure", "survey", "closed"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_an_agent(bo, name, cast):
    assert bo.get(reverse(f"desk:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_customer_does_not_learn_that_the_desk_exists(agent_of, cast, name):
    assert agent_of(cast.ada.user).get(reverse(f"desk:{name}")).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_sign_in(client, name, db):
    assert client.get(reverse(f"desk:{name}")).status_code == 302


@pytest.mark.parametrize("state", STATES)
def test_a_ticket_opens_in_every_state(bo, path, now, state):
    ticket = path.to(state)
    now()

    answer = bo.get(reverse("desk:ticket", args=[ticket.number]))

    assert answer.status_code == 200
    assert ticket.title in answer.content.decode()


def test_the_page_of_every_command_opens_whole_and_as_a_dialog(bo, path, now):
    ticket = path.to("l1")
    now()
    for form in FORMS:
        address = reverse(f"desk:ticket-{form.slug}", args=[ticket.number])
        whole, piece = bo.get(address), bo.get(address, headers={"HX-Request": "true"})

        assert (whole.status_code, piece.status_code) == (200, 200), form.slug
        assert "<html" in whole.content.decode()
        assert "<dialog" in piece.content.decode() and "<html" not in piece.content.decode()


def test_a_customer_record_opens_without_the_secrets_of_its_people(bo, cast, path):
    page = bo.get(reverse("desk:customer", args=[cast.northgate.uuid])).content.decode()

    assert "Ada Lund" in page and "EPL-30112" in page
    assert cast.ada.email not in page and "argon2" not in page and "+61355500142" not in page


def test_a_ladder_role_reads_the_tickets_of_its_organisations_and_no_others(agent_of, cast, path, now):
    ticket = path.to("l1")
    now()
    manager = agent_of(cast.people["account_manager"])

    page = manager.get(reverse("desk:ticket", args=[ticket.number]))

    assert page.status_code == 200
    cast.northgate.account_team.all().delete()
    assert manager.get(reverse("desk:ticket", args=[ticket.number])).status_code == 404


def test_a_restricted_ticket_does_not_exist_for_those_who_need_not_know(agent_of, cast, path, now):
    ticket = path.to("l1")
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True, owner=cast.bo)
    now()

    assert agent_of(cast.sam).get(reverse("desk:ticket", args=[ticket.number])).status_code == 404
    assert agent_of(cast.bo).get(reverse("desk:ticket", args=[ticket.number])).status_code == 200


def test_what_was_done_late_stands_still_and_what_is_over_is_not_ahead(bo, path, now):
    ticket = path.triaged()
    path.now += timedelta(hours=2)
    fire_all(path.now)
    late = path.tick()
    sign_for(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=late)
    now()
    space = bo.get(reverse("desk:ticket", args=[ticket.number])).context["space"]

    signed = next(clock for clock in space.clocks if clock.ended_at)
    assert (signed.state, signed.ended_at, signed.why) == ("breached", late, "Done, after its time.")
    assert all(clock.due_at >= space.at for clock in space.following)
