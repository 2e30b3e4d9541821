"""Search over REST: the desk's words and filters, and a token's own reach."""

import pytest

from tests.api.conftest import Integration, token


@pytest.fixture
def posted(integration, new_ticket):
    """A ticket of Northgate with an internal note."""
    number = integration.post("tickets/", new_ticket).json()["number"]
    integration.post("notes/", {"ticket": number, "body": "A walrus on the line", "public": False})
    return number


def test_words_and_filters_find_a_ticket_with_the_words_around_it(integration, posted):
    answer = integration.get("search/", q="walrus is:open packet")

    assert answer.status_code == 200 and answer.json()["after"] is None
    (found,) = answer.json()["results"]
    assert (found["number"], found["where"]) == (posted, "internal")
    assert {"text": "walrus", "hit": True} in found["excerpt"]
    assert {"text": "Packet", "hit": True} in found["title"]


def test_a_token_finds_what_it_may_read_and_no_more(bound, reader, cast, posted):
    assert bound.get("search/", q="packet").json()["results"] == []
    assert [row["number"] for row in reader.get("search/", q="packet").json()["results"]] == [posted]
    assert reader.get("search/", q="walrus").json()["results"] == []
    assert Integration(token("blind", ["customers:read"])).get("search/", q="packet").status_code == 403


@pytest.mark.parametrize(("asked", "status", "code"), [
    ({"q": "colour:red"}, 422, "unknown_filter"), ({"q": ""}, 400, "bad_request"), ({}, 400, "bad_request"),
    ({"q": "x", "sort": "y"}, 400, "bad_request"),
])  # fmt: skip
def test_a_question_nobody_can_mean_is_a_problem_document(integration, asked, status, code):
    answer = integration.get("search/", **asked)

    assert (answer.status_code, answer.json()["code"]) == (status, code) and answer.json()["detail"]


def test_tags_and_their_undo_are_commands(integration, posted):
    assert integration.run(posted, "tag", {"tags": ["VIP"]}).json()["tags"] == ["vip"]
    assert [row["number"] for row in integration.get("search/", q="tag:vip").json()["results"]] == [posted]
    refused = integration.post(f"tickets/{posted}/undo/", {"seq": 1})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_fact")
