"""A stale save: for each field that differs one keeps one's own value or the colleague's; neither is lost."""

import re
from html import unescape

import pytest
from django.urls import reverse

from servicedesk.desk.seen import changed_words, unpacked
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


def test_three_versions_stand_side_by_side_and_what_only_one_of_us_changed_asks_nothing(bo, path, now, cast):
    ticket = path.to("l1")
    now()
    opened = bo.get(address(ticket)).content.decode()
    saw = unescape(re.search(r'name="saw" value="([^"]+)"', opened).group(1))
    service = {"service": str(cast.service.uuid)}
    bo.post(address(ticket), {**ASKED, **service, "title_": "Line down at both sites"})
    mine = {**ASKED, **service, "category": ticket.category, "title_": "Line down in the cellar", "impact": "medium",
            "urgency": "high"}  # fmt: skip

    page = bo.post(address(ticket), {**mine, "version": ticket.version, "seen": "0", "saw": saw}).content.decode()

    title = page.split('name="keep-title_"')[0].rsplit("<tr>", 1)[1]
    assert ticket.title in title and "<ins>" in title and "both sites" in title and "cellar" in title
    assert "keep-impact" not in page and "keep-category" not in page and 'name="keep-urgency"' in page
    assert re.search(r'value="network_degradation"\s+selected', page), "I left it as it was: theirs stands"
    assert "Cy" in page.split("<main")[1] or cast.bo.name in page.split("<main")[1]


@pytest.mark.parametrize(
    "saw", ["{", "[]", '{"at": 1}', '{"at": "x", "values": []}', '{"at": null, "values": {"a": 1}}']
)
def test_what_was_seen_may_be_anything_and_breaks_nothing(saw):
    assert unpacked(saw).at is None


def test_changed_words_are_shown_word_by_word():
    pieces = changed_words("Emergency lines of two hospitals", "Emergency lines of two hospitals, 60 an hour")
    assert [(p.kind, p.text) for p in pieces if p.kind != "same"] == [
        ("out", " hospitals"),
        ("in", " hospitals, 60 an hour"),
    ]
