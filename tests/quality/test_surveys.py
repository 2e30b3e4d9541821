"""Surveys: one link, one answer, thirty days; a low rating is somebody's work."""

from datetime import timedelta

import pytest

from channels import letters
from channels.fakes import recording
from ledger.actor import SYSTEM, Actor
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from quality.commands import answer, expire_surveys, invite
from quality.models import Survey
from quality.queries import survey_by_token, surveys_of
from tests.channels.parts import make_ticket
from tests.conftest import MONDAY_NINE
from tickets.models import WorkItem

pytestmark = pytest.mark.django_db
LINK = Actor(kind="link", ref="survey", name="Survey link")


@pytest.fixture
def ticket(cast, monkeypatch, settings):
    """A ticket whose survey mail is recorded; reactions of other rooms have tests of their own."""
    from servicedesk import wiring

    monkeypatch.setattr(wiring, "REACTIONS", {})
    settings.OUTBOUND = "record"
    recording.clear()
    return make_ticket(cast)


def token_of(ticket) -> str:
    """Open a survey, send its mail, return what the link holds."""
    invite(ticket_id=ticket.pk, actor=SYSTEM, at=MONDAY_NINE)
    letters.send_outbox()
    return recording.letters[-1].text.partition("/s/")[2].partition("/")[0]


def rate(token: str, rating: int = 5, **fields):
    values = {"response_rating": 4, "comment": "", "actor": LINK, "at": MONDAY_NINE + timedelta(days=1)}
    return answer(token=token, rating=rating, **(values | fields))


@pytest.mark.rule("V-15")
def test_the_link_is_mailed_and_its_token_is_kept_nowhere_in_the_clear(ticket):
    token = token_of(ticket)
    assert len(token) >= 43
    assert token not in str(list(Survey.objects.values())) + str(list(OutboxMessage.objects.values()))
    assert OutboxMessage.objects.get(topic="mail.survey").payload.keys() == {"survey", "contact"}
    assert survey_by_token(token, at=MONDAY_NINE).state == "open"


@pytest.mark.rule("C-05")
@pytest.mark.rule("C-12")
def test_an_answer_keeps_both_ratings_and_the_comment_outside_the_chain(ticket):
    survey = rate(token_of(ticket), 4, response_rating=3, comment="  Quick. ")
    assert (survey.rating, survey.response_rating, survey.comment.body) == (4, 3, "Quick.")
    entry = Entry.objects.get(name="survey.answered")
    assert entry.chain == ticket.chain and "Quick" not in str(entry.data)
    assert [view.state for view in surveys_of(ticket, at=MONDAY_NINE)] == ["answered"]
    assert not WorkItem.objects.exists()


def test_a_second_answer_is_refused_and_changes_nothing(ticket):
    token = token_of(ticket)
    rate(token, 5)
    with pytest.raises(Refused) as refusal:
        rate(token, 1)
    assert refusal.value.code == "answered" and Survey.objects.get().rating == 5


@pytest.mark.parametrize("token", ["", " ", "None", "x" * 43])
def test_a_token_that_opens_nothing_is_unknown(ticket, token):
    token_of(ticket)
    with pytest.raises(Refused) as refusal:
        rate(token)
    assert refusal.value.code == "unknown_survey" and survey_by_token(token, at=MONDAY_NINE) is None


def test_after_thirty_days_the_link_has_expired_and_that_is_recorded_once(ticket):
    token, later = token_of(ticket), MONDAY_NINE + timedelta(days=30)
    with pytest.raises(Refused) as refusal:
        rate(token, at=later)
    assert refusal.value.code == "expired"
    assert [expire_surveys(at=later), expire_surveys(at=later)] == [1, 0]
    assert Entry.objects.filter(name="survey.expired").count() == 1


@pytest.mark.rule("C-06")
@pytest.mark.parametrize("rating", [1, 2])
def test_a_low_rating_opens_an_improvement_with_an_owner(ticket, cast, rating):
    cast.bo.manager = cast.cy
    cast.bo.save()
    rate(token_of(ticket), rating)
    item = WorkItem.objects.get()
    assert (item.source, item.owner, item.ticket) == ("improvement", cast.cy, ticket)
    assert Entry.objects.filter(name="work_item.added", data__item=str(item.uuid)).exists()


@pytest.mark.parametrize(("rating", "response"), [(0, 3), (6, 3), (3, 0), (3, 9), (None, 3)])
def test_a_rating_out_of_range_is_refused_and_nothing_is_written(ticket, rating, response):
    token = token_of(ticket)
    with pytest.raises(Refused) as refusal:
        rate(token, rating, response_rating=response)
    assert refusal.value.code == "bad_rating" and Survey.objects.get().answered_at is None


def test_a_round_still_open_is_not_doubled_and_nobody_is_asked_without_an_address(ticket, cast):
    first = invite(ticket_id=ticket.pk, actor=SYSTEM, at=MONDAY_NINE)
    assert invite(ticket_id=ticket.pk, actor=SYSTEM, at=MONDAY_NINE) == first
    silent = make_ticket(cast, "SD-000102", reporter=None)
    assert invite(ticket_id=silent.pk, actor=SYSTEM, at=MONDAY_NINE) is None
