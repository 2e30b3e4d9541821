"""A page that asks for a confirmation: its link, and when it is no longer needed (X-04)."""

from datetime import timedelta

import pytest

from channels import pages
from escalation.models import ConfirmLink, Duty, Escalation
from tests.channels.parts import make_ticket, page
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db


def test_a_duty_page_carries_a_link_whose_hash_alone_is_kept(cast, sent):
    ticket = make_ticket(cast)
    escalation = Escalation.objects.create(
        ticket=ticket, requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x", production=True
    )
    duty = Duty.objects.create(escalation=escalation, stage=1, role="ceo", person=cast.mo, told_at=MONDAY_NINE)
    page(ticket, cast.mo, duty=duty, escalation=escalation, severity=1)

    pages.send_notifications()

    link = ConfirmLink.objects.get()
    token = sent.letters[0].text.partition("/c/")[2].partition("/")[0]
    assert len(token) >= 43 and token not in str(vars(link))
    assert link.expires_at - link.created_at >= timedelta(minutes=60)


def confirmed(cast, **rule):
    """Mo's page of a duty that Mo confirmed a second ago."""
    ticket = make_ticket(cast)
    escalation = Escalation.objects.create(
        ticket=ticket, requested_at=MONDAY_NINE, requester_name="Ada", relation="customer", reason="x", production=True
    )
    duty = Duty.objects.create(
        escalation=escalation, stage=1, role="ceo", person=cast.mo, told_at=MONDAY_NINE, confirmed_at=MONDAY_NINE,
        confirmed_by=cast.mo, how="desk",
    )  # fmt: skip
    return page(ticket, cast.mo, duty=duty, escalation=escalation, severity=1, rule=rule)


@pytest.mark.invariant("I7")
def test_a_repeated_question_is_dropped_once_it_is_answered(cast, sent):
    row = confirmed(cast, max_occurrences=3)
    pages.send_notifications()
    row.refresh_from_db()
    assert row.state == "superseded" and sent.letters == []


def test_news_to_those_who_confirmed_still_goes_out_and_asks_for_nothing(cast, sent):
    confirmed(cast)
    pages.send_notifications()
    assert len(sent.letters) == 1 and "/c/" not in sent.letters[0].text and not ConfirmLink.objects.exists()
