"""Desktop notices are claimed by one tab, once; being shown is the receipt and confirms nothing. Bundling is told."""

import pytest

from channels import pages
from escalation.models import Notification
from tests.channels.parts import make_clock, make_ticket, page
from tests.desk.conftest import BACKEND

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/notices/"


@pytest.fixture
def bo_tab(client, cast, settings):
    settings.OUTBOUND = "record"
    client.force_login(cast.bo, backend=BACKEND)
    return client


def test_a_notice_is_handed_over_then_shown_by_one_tab_only(bo_tab, cast):
    row = page(make_ticket(cast), cast.bo, channel="push", severity=1)
    assert bo_tab.post(ADDRESS).json() == {"notices": []}, "not before it is handed over"
    pages.send_notifications()

    shown = bo_tab.post(ADDRESS).json()["notices"]
    assert [(one["id"], one["title"], one["severe"]) for one in shown] == [
        (str(row.uuid), "SD-000101: Not signed for", True)
    ]
    assert shown[0]["url"] == "/desk/tickets/SD-000101/" and "Line is down" in shown[0]["text"]
    assert bo_tab.post(ADDRESS).json() == {"notices": []}
    row.refresh_from_db()
    assert row.receipt == "delivered" and row.seen_at is None


def test_a_click_is_being_seen_here_and_in_the_inbox(bo_tab, cast):
    row = page(make_ticket(cast), cast.bo, channel="push")
    twin = Notification.objects.get(pk=row.pk)
    twin.pk, twin.channel = None, "web"
    twin.uuid = twin.idem_key = "01890000-0000-7000-8000-00000000000a"
    twin.save()
    pages.send_notifications()
    bo_tab.post(ADDRESS, {"seen": str(row.uuid)})
    assert not Notification.objects.filter(seen_at=None).exists()


def test_others_notices_and_those_of_a_restricted_ticket_stay_what_they_are(bo_tab, cast):
    theirs = page(make_ticket(cast), cast.sam, channel="push")
    page(make_ticket(cast, "SD-000102", restricted=True), cast.bo, channel="push")
    pages.send_notifications()
    shown = bo_tab.post(ADDRESS).json()["notices"]
    assert [one["title"] for one in shown] == ["SD-000102"] and "Line is down" not in str(shown)
    bo_tab.post(ADDRESS, {"seen": str(theirs.uuid)})
    theirs.refresh_from_db()
    assert (theirs.receipt, theirs.seen_at) == ("", None)


@pytest.mark.invariant("I7")
def test_what_is_over_is_not_shown_any_more(bo_tab, cast):
    ticket = make_ticket(cast)
    row = page(ticket, cast.bo, channel="push", clock=make_clock(ticket, state="stopped"))
    pages.send_notifications()
    row.refresh_from_db()
    assert row.state == "superseded" and bo_tab.post(ADDRESS).json() == {"notices": []}


def test_the_inbox_says_what_is_held_by_bundling(bo_tab, cast):
    for number in range(7):
        mail = page(make_ticket(cast, f"SD-00020{number}"), cast.bo)
        twin = Notification.objects.get(pk=mail.pk)
        twin.pk, twin.channel, twin.uuid = None, "web", f"01890000-0000-7000-8000-00000000000{number}"
        twin.idem_key = twin.uuid
        twin.save()
    pages.send_notifications()
    told = bo_tab.get("/desk/inbox/").content.decode()
    assert told.count("E-mail: held by bundling since") == 2 and told.count("E-mail: handed over") == 5
    assert told.count("Not signed for") == 7
