"""One view for every command: 303 when done, 422 with the words kept, 409 with both versions, 404 for the unseen."""

import pytest
from django.urls import reverse

from tickets.models import Draft, Note, Ticket

HTMX = {"HX-Request": "true"}
RESOLVED = {
    "resolution_code": "fixed", "cause_code": "hardware", "cause": "Worn fibre at the port",
    "resolution": "Fibre replaced and tested", "participants_confirmed": "on",
}  # fmt: skip


def address(ticket: Ticket, slug: str) -> str:
    return reverse(f"desk:ticket-{slug}", args=[ticket.number])


def test_a_finished_command_leads_back_to_the_ticket(bo, path, now):
    ticket = path.to("l1")
    now()

    answer = bo.post(address(ticket, "resolve"), {**RESOLVED, "version": ticket.version})

    assert (answer.status_code, answer["Location"]) == (303, reverse("desk:ticket", args=[ticket.number]))
    assert Ticket.objects.get(pk=ticket.pk).state == "closure"


def test_a_refusal_is_422_and_keeps_what_was_typed(bo, path, now):
    ticket = path.to("l1")
    now()

    answer = bo.post(address(ticket, "resolve"), {**RESOLVED, "participants_confirmed": ""})

    assert answer.status_code == 422
    assert "Fibre replaced and tested" in answer.content.decode()
    assert "Look through the people who took part" in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).state == "l1"


def test_a_refused_fragment_is_the_dialog_again(bo, path, now):
    ticket = path.to("l1")
    now()

    answer = bo.post(address(ticket, "resolve"), {**RESOLVED, "cause": "ok"}, headers=HTMX)

    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith("<dialog")


def test_a_stale_save_is_409_with_both_versions_and_the_words(bo, path, now):
    ticket = path.to("l1")
    now()
    bo.post(address(ticket, "reprioritise"), {"priority": "P2", "reason": "Two more sites are down"})

    answer = bo.post(address(ticket, "resolve"), {**RESOLVED, "version": ticket.version, "seen": "0"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Not saved yet" in page and "Fibre replaced and tested" in page
    current = Ticket.objects.get(pk=ticket.pk)
    assert current.state == "l1" and f'name="version" value="{current.version}"' in page


def test_a_stale_fragment_is_sent_to_the_page_of_the_conflict_which_has_the_words(bo, path, now):
    ticket = path.to("l1")
    now()
    bo.post(address(ticket, "reprioritise"), {"priority": "P2", "reason": "Two more sites are down"})

    answer = bo.post(address(ticket, "resolve"), {**RESOLVED, "version": ticket.version}, headers=HTMX)
    page = bo.get(answer["HX-Redirect"]).content.decode()

    assert answer.status_code == 409 and Draft.objects.count() == 1
    assert "Fibre replaced and tested" in page and "Priority" in page


def test_a_ticket_of_another_region_is_not_there(agent_of, path, now, cast):
    ticket = path.to("l1")
    cast.sam.role_grants.update(region="eu")
    now()

    assert agent_of(cast.sam).post(address(ticket, "contact"), {"outcome": "reached"}).status_code == 404


def test_an_agent_of_another_team_reads_but_may_not_resolve(agent_of, path, now, cast):
    ticket = path.to("l1")
    now()
    sam = agent_of(cast.sam)

    assert sam.get(reverse("desk:ticket", args=[ticket.number])).status_code == 200
    answer = sam.post(address(ticket, "resolve"), RESOLVED)
    assert answer.status_code == 422 and "belongs to another team" in answer.content.decode()


def test_the_same_form_sent_twice_is_one_note(bo, path, now):
    ticket = path.to("l1")
    now()
    said = {"visibility": "internal", "body": "Port 7 shows errors", "once": "a1b2c3d4"}

    codes = [bo.post(address(ticket, "note"), said).status_code for _ in range(2)]

    assert codes == [303, 303] and Note.objects.count() == 1


def test_a_command_is_never_run_by_looking(bo, path, now):
    ticket = path.triaged()
    now()

    assert bo.get(address(ticket, "sign-for")).status_code == 200
    assert Ticket.objects.get(pk=ticket.pk).signed_at is None


@pytest.mark.rule("P-02")
def test_before_verification_a_command_is_refused_at_this_door_too(bo, path, now):
    ticket = path.to("auth")
    now()

    answer = bo.post(address(ticket, "note"), {"visibility": "public", "body": "We look into it"})

    assert answer.status_code == 422 and "before the caller is verified" in answer.content.decode()
    assert not Note.objects.exists()
