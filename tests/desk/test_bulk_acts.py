"""Many tickets at once: each a command of its own, done or refused in words, none half done."""

import re

import pytest
from django.urls import reverse

from ledger.models import Entry
from tests.short import some
from tickets.models import Note, Ticket

ACTS = ["sign-for", "assign", "transfer", "priority", "note", "tag", "snooze", "watch", "unwatch", "merge"]


@pytest.fixture
def three(path, now):
    """Two tickets in L1 not signed for, and one in intake."""
    made = [path.triaged(), path.triaged(), path.to("intake")]
    now()
    return made


def named(*tickets) -> list[str]:
    return [f"{ticket.number}.{Ticket.objects.get(pk=ticket.pk).version}" for ticket in tickets]


def send(client, act: str, tickets, **said):
    return client.post(reverse(f"desk:bulk-{act}"), {"ticket": named(*tickets)} | said, headers={"HX-Request": "true"})


@pytest.mark.parametrize("act", some(ACTS, __name__, 3))
def test_an_act_asks_for_the_tickets_named_and_says_when_none_is(bo, three, act):
    chosen = {"ticket": [ticket.number for ticket in three[:2]]}
    whole = bo.get(reverse(f"desk:bulk-{act}"), chosen).content.decode()
    piece = bo.get(reverse(f"desk:bulk-{act}"), chosen, headers={"HX-Request": "true"}).content.decode()

    assert all(f'value="{name}"' in whole for name in named(*three[:2])) and "<dialog" in piece
    assert "No ticket is chosen" in bo.get(reverse(f"desk:bulk-{act}")).content.decode()
    assert bo.get(reverse(f"desk:bulk-{act}"), {"ticket": "1 OR 1"}).status_code == 400


def test_what_can_be_done_is_done_and_the_rest_is_refused_each_in_words(bo, cast, three):
    answer = send(bo, "sign-for", three)
    page = answer.content.decode()

    assert answer.status_code == 200 and "2 tickets done" in page
    assert f'data-refused="{three[2].number}"' in page and three[0].number not in page
    assert "Nothing can be done before the caller is verified" in page
    assert Ticket.objects.filter(owner=cast.bo, signed_at__isnull=False).count() == 2
    assert Entry.objects.filter(name="ticket.signed_for").count() == 2


def test_when_all_are_done_the_page_is_told_so_and_without_scripts_leads_back(bo, cast, three):
    done = send(bo, "sign-for", three[:2])
    assert done.status_code == 200 and "2 tickets done" in done.headers["HX-Trigger"]
    assert Ticket.objects.filter(owner=cast.bo).count() == 2

    plain = bo.post(reverse("desk:bulk-priority"), {"ticket": named(*three[:2]), "priority": "P2", "reason": "Agreed"})
    assert plain.status_code == 303 and plain["Location"] == reverse("desk:queue")
    assert set(Ticket.objects.values_list("priority", flat=True)) == {"P2", "P3"}


def test_a_ticket_somebody_changed_meanwhile_is_left_alone(bo, cast, three):
    seen = named(*three[:2])
    Ticket.objects.filter(pk=three[0].pk).update(version=99)
    answer = bo.post(reverse("desk:bulk-sign-for"), {"ticket": seen})

    assert "Somebody changed this ticket" in answer.content.decode()
    assert list(Ticket.objects.filter(owner=cast.bo)) == [three[1]]


def test_what_is_missing_is_asked_for_and_nothing_is_done(bo, cast, three):
    answer = send(bo, "transfer", three[:2], team=str(cast.l1.uuid), reason="")
    assert answer.status_code == 422 and 'name="reason"' in answer.content.decode()
    same = send(bo, "transfer", three[:2], team=str(cast.l1.uuid), reason="Their queue is empty today")
    assert same.status_code == 422 and "with that team already" in same.content.decode()


def test_a_double_click_writes_one_note_on_each(bo, three):
    for _click in range(2):
        send(bo, "note", three[:2], body="Cable cut in Mill Street", once="k" * 32)
    assert Note.objects.filter(public=False).count() == 2


def test_merging_keeps_one_of_the_chosen_and_refuses_different_customers(bo, cast, path, three):
    merged = send(bo, "merge", three[:2], into=three[0].number)
    assert merged.status_code == 200 and Ticket.objects.get(pk=three[1].pk).merged_into == three[0]
    Ticket.objects.filter(pk=three[2].pk).update(organisation=cast.other)
    off = bo.get(reverse("desk:bulk-merge"), {"ticket": [three[0].number, three[2].number]}).content.decode()
    assert "Different customers" in off and 'method="post" action="/desk/bulk/' not in off


def test_a_ticket_of_another_region_or_need_to_know_is_not_among_the_chosen(agent_of, cast, three):
    Ticket.objects.filter(pk=three[0].pk).update(restricted=True)
    sam = agent_of(cast.sam)

    assert "No ticket is chosen" in sam.get(reverse("desk:bulk-note"), {"ticket": three[0].number}).content.decode()
    assert send(sam, "note", three[:1], body="A word from outside").status_code == 422
    assert not Note.objects.exists()


def test_what_was_assigned_is_taken_back_with_one_press(bo, cast, now, three):
    done = send(bo, "assign", three[:2], user=str(cast.bo.uuid)).content.decode()
    back = re.findall(r'name="done" value="([^"]+)"', done)
    assert "2 tickets done" in done and len(back) == 2 and Ticket.objects.filter(owner=cast.bo).count() == 2
    now()

    undone = bo.post(reverse("desk:bulk-undo"), {"done": [*back, "x", "SD-1.9"]})
    assert "2 tickets are as they were" in bo.get(undone["Location"]).content.decode()
    assert Ticket.objects.filter(owner=cast.bo).count() == 0
    again = bo.get(bo.post(reverse("desk:bulk-undo"), {"done": back})["Location"]).content.decode()
    assert "are as they were" not in again and f"{three[0].number}: " in again


def test_tags_are_added_to_those_there_and_a_snooze_leaves_ones_own_lists_alone_for_others(bo, cast, agent_of, three):
    Ticket.objects.filter(pk=three[0].pk).update(tags=["vip"], next_due_at=None)
    send(bo, "tag", three[:1], tags="move, VIP")
    assert Ticket.objects.get(pk=three[0].pk).tags == ["move", "vip"]
    shown = bo.get("/desk/?tag=MOVE").content.decode()
    assert f'id="row-{three[0].number}"' in shown

    assert send(bo, "snooze", three[:1], span="1h").status_code == 200
    row = f'id="row-{three[0].number}"'
    assert row not in bo.get("/desk/").content.decode()
    assert row in bo.get("/desk/?view=all").content.decode()
    assert row in bo.get("/desk/?view=snoozed").content.decode()
    assert row in agent_of(cast.cy).get("/desk/").content.decode()
    Ticket.objects.filter(pk=three[0].pk).update(next_due_at=three[0].received_at)
    assert row in bo.get("/desk/").content.decode()  # what falls due is not slept over
