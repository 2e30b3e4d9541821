"""Assign, tag and snooze say what they did with a way back, which is a form of its own."""

import re

from django.urls import reverse

from tickets.models import Snooze, Ticket

WAY = re.compile(r'action="(/desk/tickets/SD-\d+/undo/)".*?name="seq" value="(\d+)"', re.DOTALL)


def do(client, ticket, slug, **data):
    version = Ticket.objects.get(pk=ticket.pk).version
    answer = client.post(reverse(f"desk:ticket-{slug}", args=[ticket.number]), {"version": version, **data})
    assert answer.status_code == 303
    return client.get(reverse("desk:ticket", args=[ticket.number])).content.decode()


def test_tags_are_taken_back_by_the_toast(bo, path, now):
    ticket = path.to("l1")
    now()
    page = do(bo, ticket, "tag", tags="VIP, on-site")
    assert Ticket.objects.get(pk=ticket.pk).tags == ["on-site", "vip"]
    address, seq = WAY.search(page).groups()

    now()
    assert bo.post(address, {"seq": seq}).status_code == 303

    assert Ticket.objects.get(pk=ticket.pk).tags == []
    after = bo.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert "Undone" in after and not WAY.search(after)


def test_a_refused_way_back_says_why(bo, path, now):
    ticket = path.to("l1")
    now()
    address, seq = WAY.search(do(bo, ticket, "assign", user="", reason="")).groups()
    now()
    do(bo, ticket, "tag", tags="late")

    bo.post(address, {"seq": seq})

    assert "Something has happened to the ticket since" in bo.get("/desk/").content.decode()
    assert bo.post(address, {"seq": "x"}).status_code == 303


def test_a_snooze_is_made_and_ended_at_the_desk(bo, path, now):
    ticket = path.to("l1")
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=None)
    now()
    page = do(bo, ticket, "snooze", span="1h")
    assert Snooze.objects.get().ticket == ticket and WAY.search(page)
    now()
    do(bo, ticket, "wake")
    assert not Snooze.objects.exists()
    answer = bo.post(reverse("desk:ticket-snooze", args=[ticket.number]), {"span": "other"})
    assert answer.status_code == 422 and "Say until when" in answer.content.decode()
