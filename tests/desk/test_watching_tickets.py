"""Watching: many at once with a way back, each refused in words; the news comes into the watcher's own inbox."""

import re

import pytest
from django.urls import reverse

from escalation.models import Notification
from ledger.errors import Refused
from tickets.commands.note import add_note
from tickets.commands.watch import unwatch_ticket, watch_ticket
from tickets.models import Ticket


def send(client, act: str, *tickets):
    named = [f"{ticket.number}.{Ticket.objects.get(pk=ticket.pk).version}" for ticket in tickets]
    return client.post(reverse(f"desk:bulk-{act}"), {"ticket": named}, headers={"HX-Request": "true"})


def watched(person) -> set[str]:
    return set(person.watched_tickets.values_list("number", flat=True))


def news() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(channel="web", kind="news", why__startswith="watch:").order_by("pk")
    return [(row.user.name, row.why) for row in rows.select_related("user")]


def say(path, ticket, actor=None):
    add_note(ticket_id=ticket.pk, body="Port 7 shows errors", public=False, actor=actor or path.cast.cy_actor,
             at=path.tick())  # fmt: skip


def test_many_are_watched_at_once_each_refusal_in_words_and_taken_back_with_one_press(bo, cast, path, now):
    first, second, closed_to_all = path.triaged(), path.triaged(), path.to("intake")
    now()
    refused = send(bo, "watch", first, closed_to_all).content.decode()
    assert f'data-refused="{closed_to_all.number}"' in refused and watched(cast.bo) == {first.number}

    now()
    done = send(bo, "watch", second).content.decode()
    back = re.findall(r'name="done" value="([^"]+)"', done)
    assert watched(cast.bo) == {first.number, second.number} and len(back) == 1
    assert "You watch this ticket already" in send(bo, "watch", second).content.decode()
    now()
    bo.post(reverse("desk:bulk-undo"), {"done": back})
    assert watched(cast.bo) == {first.number}

    now()
    assert send(bo, "unwatch", first).status_code == 200 and watched(cast.bo) == set()


def test_the_news_of_a_watched_ticket_is_in_the_inbox_and_not_what_one_did_oneself(bo, cast, path, now):
    ticket = path.to("l1")
    watch_ticket(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())

    say(path, ticket, cast.bo_actor)
    assert news() == []
    say(path, ticket)
    now()

    assert news() == [(cast.bo.name, "watch:note.added")]
    assert "You watch it: a new note" in bo.get(reverse("desk:inbox")).content.decode()
    unwatch_ticket(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    say(path, ticket)
    assert len(news()) == 1


def test_whoever_may_not_know_of_it_any_more_is_not_told(cast, path):
    ticket = path.to("l1")
    watch_ticket(ticket_id=ticket.pk, actor=cast.sam_actor, at=path.tick())
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True, owner=cast.cy)

    say(path, ticket)

    assert news() == []


def test_customers_watch_nothing_and_a_watch_is_ended_once(cast, path):
    ticket = path.to("l1")
    for command, actor in ((watch_ticket, cast.ada_actor), (unwatch_ticket, cast.bo_actor)):
        with pytest.raises(Refused, match="not_allowed|not_watched"):
            command(ticket_id=ticket.pk, actor=actor, at=path.tick())


def test_the_ticket_offers_to_watch_it_or_to_leave_it_and_wakes_a_snoozed_one(bo, path, now):
    ticket = path.to("l1")
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=None)
    address = reverse("desk:ticket", args=[ticket.number])

    def offered() -> set[str]:
        now()
        return set(re.findall(rf"{address}(watch|unwatch|snooze|wake)/", bo.get(address).content.decode()))

    assert offered() == {"watch", "snooze"}
    bo.post(f"{address}watch/")
    bo.post(f"{address}snooze/", {"span": "1h"})
    assert offered() == {"unwatch", "wake"}
