"""The note one writes is kept on the server, public and internal words apart, and gone once it is sent."""

import html
import re

import pytest
from django.urls import reverse

from tickets.models import Draft


@pytest.fixture
def ticket(path, now):
    made = path.to("l1")
    now()
    return made


def keep(client, ticket, visibility: str, body: str, other: str = "", rev: str = "0", **more) -> str:
    said = {"visibility": visibility, "body": body, "other": other, "rev": rev, **more}
    answer = client.post(reverse("desk:ticket-draft", args=[ticket.number]), said)
    assert answer.status_code == 200 and "<html" not in answer.content.decode()
    return re.search(r'name="rev" value="(\d+)"', answer.content.decode()).group(1)


def composer(client, ticket) -> tuple[str, str, str]:
    """The act that is chosen, its words, the other's."""
    page = client.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    form = page.split('id="composer"')[1].split("</form>")[0]
    words = html.unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", form).group(1))
    other = html.unescape(re.search(r'name="other" value="([^"]*)"', form).group(1))
    return re.search(r'value="(\w+)" checked', form).group(1), words, other


def test_what_is_written_is_there_in_another_browser_each_act_with_its_own_words(agent_of, cast, ticket):
    desk, laptop = agent_of(cast.bo), agent_of(cast.bo)

    keep(desk, ticket, "internal", "Port 7 is dead\x00", other="We look into it", promise_at="2026-03-04T15:30")

    assert composer(laptop, ticket) == ("internal", "Port 7 is dead", "We look into it")
    assert composer(agent_of(cast.cy), ticket) == ("public", "", ""), "a draft is its writer's alone"


def test_sending_forgets_the_words_that_were_sent_and_no_others(bo, ticket):
    keep(bo, ticket, "public", "We look into it", other="Port 7 is dead")

    bo.post(reverse("desk:ticket-note", args=[ticket.number]), {"visibility": "public", "body": "We look into it"})

    assert composer(bo, ticket) == ("internal", "Port 7 is dead", "")


def test_words_sent_meanwhile_do_not_come_back_from_a_browser_that_did_not_know(bo, ticket):
    old = keep(bo, ticket, "public", "We look into it")
    bo.post(reverse("desk:ticket-note", args=[ticket.number]), {"visibility": "public", "body": "We look into it"})

    seen = keep(bo, ticket, "public", "We look into it", rev=old)
    assert composer(bo, ticket)[1] == ""
    keep(bo, ticket, "public", "And now?", rev=seen)
    assert composer(bo, ticket)[1] == "And now?"


def test_a_refused_note_keeps_its_draft_and_an_empty_one_makes_none(bo, ticket):
    keep(bo, ticket, "public", "  ")
    assert not Draft.objects.exists()
    keep(bo, ticket, "public", "xxx")
    bo.post(reverse("desk:ticket-note", args=[ticket.number]), {"visibility": "public", "body": ""})
    assert composer(bo, ticket)[1] == "xxx"


def test_too_long_a_draft_is_said_and_a_stranger_finds_no_ticket(bo, ticket, agent_of, cast):
    address = reverse("desk:ticket-draft", args=[ticket.number])
    answer = bo.post(address, {"visibility": "public", "body": "x" * 70_000, "rev": "x"})
    assert answer.status_code == 422 and "too long" in answer.content.decode()
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True)
    assert agent_of(cast.sam).post(address, {"visibility": "public", "body": "hello"}).status_code == 404
