from datetime import timedelta

import pytest

from ledger import clock
from quality.commands import digest
from quality.models import Survey
from tests.factories.formal import verified_ticket

GOOD = {"rating": "4", "response_rating": "5", "comment": "Tell us before"}


@pytest.fixture
def survey(cast, nine):
    """One open round with the token "ask"; the desk's clock shows nine."""
    clock.set_demo(demo_now=nine)
    return Survey.objects.create(
        ticket=verified_ticket(cast, nine, title="Night forwarding"), contact=cast.ada, token_sha256=digest("ask"),
        language="en", sent_at=nine, expires_at=nine + timedelta(days=30),
    )  # fmt: skip


@pytest.mark.rule("C-12")
@pytest.mark.rule("C-05")
def test_the_customer_rates_the_work_and_how_fast_we_answered(client, survey):
    page = client.get("/s/ask/").content.decode()
    answer = client.post("/s/ask/", GOOD)

    assert survey.ticket.number in page and "Night forwarding" not in page
    assert answer.status_code == 200
    kept = Survey.objects.get()
    assert (kept.rating, kept.response_rating, kept.comment.body) == (4, 5, "Tell us before")


@pytest.mark.rule("C-05")
def test_an_answer_is_taken_once(client, survey):
    client.post("/s/ask/", GOOD)

    second = client.post("/s/ask/", {**GOOD, "rating": "1"})

    assert second.status_code == 410
    assert Survey.objects.get().rating == 4


@pytest.mark.rule("C-12")
def test_a_missing_mark_is_asked_for_and_the_comment_is_kept(client, survey):
    answer = client.post("/s/ask/", {"rating": "4", "comment": "Tell us before"})

    assert answer.status_code == 422 and "Tell us before" in answer.content.decode()
    assert Survey.objects.get().answered_at is None


@pytest.mark.rule("C-05")
def test_unknown_and_expired_links_answer_alike(client, survey, nine):
    unknown = client.get("/s/nonsense/")
    clock.set_demo(demo_now=nine + timedelta(days=31))
    expired = client.get("/s/ask/")

    assert [unknown.status_code, expired.status_code] == [410, 410]
    assert unknown.templates[0].name == expired.templates[0].name == "links/gone.html"
