"""A ticket read beside the queue: what is next, who reported it, the last notes; for those who may know of it."""

from django.urls import reverse

from tickets.commands.note import add_note
from tickets.models import Ticket


def test_the_preview_says_what_is_next_and_shows_the_last_two_notes(bo, path, now, cast):
    ticket = path.to("l1")
    for n in range(3):
        add_note(ticket_id=ticket.pk, body=f"Note number {n}", public=n > 1, actor=cast.bo_actor, at=path.tick())
    now()
    address = reverse("desk:ticket-preview", args=[ticket.number])

    piece = bo.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in piece and "<html" in bo.get(address).content.decode()
    assert "Contact the reporter" in piece and "Ada Lund" in piece and "+61355500142" in piece
    assert "Note number 2" in piece and "Note number 1" in piece and "Note number 0" not in piece


def test_it_does_not_exist_for_those_who_may_not_know_of_the_ticket(agent_of, path, now, cast):
    ticket = path.to("l1")
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True, owner=cast.bo)
    now()
    address = reverse("desk:ticket-preview", args=[ticket.number])

    assert agent_of(cast.sam).get(address).status_code == 404
    assert agent_of(cast.bo).get(address).status_code == 200
