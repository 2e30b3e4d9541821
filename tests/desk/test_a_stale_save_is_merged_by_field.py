"""A stale save: for each field that differs one keeps one's own value or the colleague's; neither is lost."""

import pytest
from django.urls import reverse

from tickets.models import Ticket

ASKED = {"kind": "fault", "category": "network_degradation", "scope": "single", "impact": "high", "urgency": "low",
         "reason": "Heard more"}  # fmt: skip


def address(ticket) -> str:
    return reverse("desk:ticket-reclassify", args=[ticket.number])


@pytest.fixture
def stale(bo, path, now, cast):
    """A ticket whose title a colleague changed while Bo wrote another; what Bo sent, and the page it got."""
    ticket = path.to("l1")
    now()
    service = {"service": str(cast.service.uuid)}
    bo.post(address(ticket), {**ASKED, **service, "title_": "Line down at both sites"})
    mine = {**ASKED, **service, "impact": "low", "title_": "Line down in the cellar"}
    answer = bo.post(address(ticket), {**mine, "version": ticket.version, "seen": "0"})
    assert answer.status_code == 409
    return ticket, mine, answer.content.decode()


def test_the_page_asks_for_each_field_that_differs_and_for_no_other(stale):
    _ticket, _mine, page = stale

    assert 'name="keep-title_" value="theirs"' in page and 'name="keep-impact"' in page
    assert 'name="keep-kind"' not in page and "Line down at both sites" in page


def test_theirs_stays_where_it_was_chosen_and_mine_is_saved_elsewhere(bo, stale):
    ticket, mine, _page = stale
    version = Ticket.objects.get(pk=ticket.pk).version

    said = {**mine, "version": version, "keep-title_": "theirs", "keep-impact": "mine"}
    assert bo.post(address(ticket), said).status_code == 303

    saved = Ticket.objects.get(pk=ticket.pk)
    assert (saved.title, saved.impact) == ("Line down at both sites", "low")


def test_a_choice_for_a_field_that_is_none_changes_nothing_else(bo, stale):
    ticket, mine, _page = stale
    version = Ticket.objects.get(pk=ticket.pk).version

    assert bo.post(address(ticket), {**mine, "version": version, "keep-state": "theirs"}).status_code == 303
    assert Ticket.objects.get(pk=ticket.pk).title == "Line down in the cellar"
