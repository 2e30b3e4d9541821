"""Text blocks with their places filled, colleagues to mention, and no open place sent to a customer."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ledger.errors import Refused
from tickets.blocks import fill
from tickets.commands.note import add_note
from tickets.commands.plan import promise
from tickets.models import Note, TextBlock


def blocks(client, ticket) -> str:
    return client.get(
        reverse("desk:ticket-blocks", args=[ticket.number]), headers={"HX-Request": "true"}
    ).content.decode()


def test_a_block_comes_with_what_the_ticket_knows_and_leaves_open_what_it_does_not(bo, path, now, cast):
    ticket = path.to("l1")
    TextBlock.objects.update_or_create(
        name="Received", language="en", defaults={"body": "{number} for {contact}, {due}"}
    )
    now()
    assert f"{ticket.number} for {cast.ada.name}, {{due}}" in blocks(bo, ticket)

    due = path.tick(30)
    promise(ticket_id=ticket.pk, kind="next_update", due_at=due, actor=cast.bo_actor, at=path.now.replace(minute=0))

    assert "{due}" not in blocks(bo, ticket)


def test_the_time_is_the_customers_and_names_the_day_where_it_is_not_today(bo, path, now, cast):
    ticket = path.to("l1")
    TextBlock.objects.update_or_create(name="Received", language="en", defaults={"body": "News by {due}"})
    type(cast.northgate).objects.filter(pk=cast.northgate.pk).update(time_zone="Asia/Kolkata")
    due = path.now.replace(hour=12, minute=0)
    promise(ticket_id=ticket.pk, kind="next_update", due_at=due, actor=cast.bo_actor, at=path.tick())
    now()
    assert "News by 17:30" in blocks(bo, ticket)

    ticket.commitments.update(due_at=due.replace(day=due.day + 1))
    assert "News by Tue 16 June, 17:30" in blocks(bo, ticket)


def test_public_blocks_speak_the_customers_language_and_english_where_there_is_none_in_it(bo, path, now, cast):
    ticket = path.to("l1")
    now()
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(language="zh-hans")
    assert "最迟" in blocks(bo, ticket) and "You hear from us" not in blocks(bo, ticket)

    type(cast.ada).objects.filter(pk=cast.ada.pk).update(language="fr")
    assert "You hear from us" in blocks(bo, ticket)


def test_a_block_of_another_team_and_one_put_away_are_not_offered(bo, path, now, cast):
    ticket = path.to("l1")
    other = type(ticket.team).objects.exclude(pk__in=[ticket.team_id, *cast.bo_actor.team_ids]).first()
    TextBlock.objects.create(name="Foreign words", body="x", team=other)
    TextBlock.objects.create(name="Old words", body="x", active=False)
    now()

    shown = blocks(bo, ticket)

    assert "Received" in shown and "Foreign words" not in shown and "Old words" not in shown


def test_an_open_place_never_reaches_the_customer_and_may_stand_inside(path, cast):
    ticket = path.to("l1")
    say = {"ticket_id": ticket.pk, "body": "You hear from us by {due}.", "actor": cast.bo_actor}

    with pytest.raises(Refused) as refused:
        add_note(**say, public=True, at=path.tick())
    assert (refused.value.code, refused.value.field) == ("open_place", "body") and not Note.objects.exists()

    add_note(**say, public=False, at=path.tick())
    assert fill("{due} {nothing}", {"due": "14:30"}) == "14:30 {nothing}"


def test_a_place_nobody_fills_is_refused_where_blocks_are_kept():
    with pytest.raises(ValidationError, match="colour"):
        TextBlock(name="x", body="{colour}").clean()


def test_colleagues_are_found_by_any_part_of_their_name_and_customers_are_none(bo, path, now, cast):
    now()
    page = bo.get(reverse("desk:colleagues"), {"q": cast.sam.name.split()[-1][:3].lower()}).content.decode()
    assert cast.sam.name in page

    page = bo.get(reverse("desk:colleagues"), {"q": cast.ada.name}).content.decode()
    assert "Nobody is called" in page
