"""Who is assigned, mentioned or written to finds it in the inbox; nobody hears of what they did themselves."""

import pytest
from django.urls import reverse

from escalation.models import Notification
from ledger.errors import Refused
from ledger.models import Entry
from tickets.commands.note import add_note
from tickets.commands.work import assign
from tickets.mentions import named
from tickets.models import Note


def news() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(channel="web", kind="news").order_by("pk")
    return [(row.user.name, row.why) for row in rows.select_related("user")]


def note(ticket, path, body: str, actor=None, public: bool = False):
    return add_note(ticket_id=ticket.pk, body=body, public=public, actor=actor or path.cast.bo_actor, at=path.tick())


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (
            "@Ben Castellano please look",
            ["ben castellano please look", "ben castellano please", "ben castellano", "ben"],
        ),
        ("ask (@Ben).", ["ben"]),
        ("write to ben@castellano.example", None),
        ("@ nobody", None),
    ],
)
def test_a_name_begins_after_an_at_that_stands_by_itself(body, first):
    assert named(body) == ([first] if first else [])


def test_a_mentioned_colleague_finds_the_note_in_the_inbox(agent_of, path, now, cast):
    ticket = path.to("l1")
    note(ticket, path, f"@{cast.sam.name.upper()} look at this; @Nobody Here is plain text")
    now()

    assert news() == [(cast.sam.name, "mentioned")]
    shown = agent_of(cast.sam).get(reverse("desk:inbox")).content.decode()
    assert "You are mentioned in a note" in shown and ticket.number in shown
    assert Entry.objects.filter(name="note.added").latest("pk").data["mentions"] == [str(cast.sam.uuid)]


def test_whoever_may_not_see_a_restricted_ticket_cannot_be_mentioned_there_and_nothing_is_written(path, cast):
    ticket = path.to("l1")
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True, owner=cast.bo)

    with pytest.raises(Refused) as refused:
        note(ticket, path, f"@{cast.sam.name} look")

    assert refused.value.code == "may_not_see" and not Note.objects.exists() and not news()


def test_an_assignment_reaches_the_new_owner_and_not_whoever_assigns_to_oneself(path, cast):
    ticket = path.to("l1")

    assign(ticket_id=ticket.pk, user_id=cast.bo.pk, actor=cast.bo_actor, at=path.tick())
    assert news() == []
    assign(ticket_id=ticket.pk, user_id=None, actor=cast.bo_actor, at=path.tick())
    assign(ticket_id=ticket.pk, user_id=cast.bo.pk, actor=cast.cy_actor, at=path.tick())

    assert news() == [(cast.bo.name, "assigned")]


def test_the_customers_note_reaches_the_owner(path, cast):
    ticket = path.to("l1")
    assign(ticket_id=ticket.pk, user_id=cast.bo.pk, actor=cast.cy_actor, at=path.tick())

    note(ticket, path, "It broke again", actor=cast.ada_actor, public=True)

    assert news()[1:] == [(cast.bo.name, "customer")]
