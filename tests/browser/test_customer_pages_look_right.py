"""Every page of the portal: axe finds nothing and nothing is wider than the screen; wide, dark and 390 px."""

from datetime import timedelta

import pytest

from tests.browser.conftest import looks_right
from tests.portal.parts import asked_to_pause, at_work, do, reported, signed_in, solved
from tickets.commands.note import add_note
from tickets.commands.plan import add_work_item, promise

SCREENS = {"wide": {}, "dark": {"dark": True}, "phone": {"width": 390, "height": 844}}


def furnish(path) -> dict[str, str]:
    """Make tickets in every state a customer meets and return the pages by name."""
    cast, at = path.cast, path.now
    pause = asked_to_pause(cast, at, title="Intermittent packet loss at Sunbury clinic")
    who = {"ticket_id": pause.pk, "actor": cast.bo_actor, "at": at}
    add_note(body="The line loses packets only while the lift runs.\n\n- measured\n- confirmed", public=True, **who)
    due = at + timedelta(days=1)
    for item in ({"owner_contact_id": cast.ada.pk}, {"owner_team_id": cast.noc.pk}):
        add_work_item(title="Open comms room", due_at=due, mandatory=False, public=True, **item, **who)
    promise(kind="next_update", due_at=at + timedelta(hours=2), **who)
    escalated = at_work(cast, at, title="Inbound calls fail at 4 of 14 hospital sites")
    ada = signed_in(cast.ada)
    do(ada, pause, "reply", body="Log of our monitoring attached, loss between 2% and 6%.")
    do(ada, escalated, "escalate", reason="Four hospitals cannot be reached.")
    done = solved(cast, at, title="Night call forwarding ignored at two clinics")
    rated = solved(cast, at, title="Invoice shows service ended in April")
    do(ada, rated, "confirm")
    fresh = reported(cast, at, title="Add 12 extensions at Bacchus Marsh", kind="request")
    tickets = {"pause": pause, "escalated": escalated, "solved": done, "rate": rated, "fresh": fresh}
    pages = {name: f"/portal/tickets/{ticket.number}/" for name, ticket in tickets.items()}
    return {"tickets": "/portal/", "raise": "/portal/raise/", "contacts": "/portal/contacts/", **pages}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_right_on_this_screen(sign_in, path, screen):
    pages = furnish(path)
    page = sign_in(path.cast.ada.user, **SCREENS[screen])
    for name, address in pages.items():
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        for summary in page.locator("main details > summary").all():
            summary.click()
        looks_right(page, f"portal-{name}-{screen}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_refused_form_and_an_empty_list_are_right_too(sign_in, path):
    page = sign_in(path.cast.dee.user, width=390, height=844)
    page.goto(f"{page.base}/portal/?view=solved")
    looks_right(page, "portal-empty-phone")
    page.goto(f"{page.base}/portal/raise/")
    page.get_by_label("What happens").fill("Nothing works")
    page.get_by_label("Call back on").fill("nobody")
    page.get_by_role("button", name="Send ticket").click()
    page.get_by_text("Give the number with its country code").wait_for()
    looks_right(page, "portal-raise-refused-phone")
