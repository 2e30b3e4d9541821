"""Journey 4 on the whole desk: the board changes by itself; a pause is approved in Chromium by two people."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.browser]


@pytest.mark.rule("C-22")
def test_two_people_approve_a_pause_and_nobody_alone(desk, people, raised, enter):
    number = raised("Pause for the locked comms room")
    people["bo"].run(number, "sign-for")
    until_at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    asked = {"reason_code": "customer_unavailable", "reason": "The comms room is locked", "until": until_at}
    people["bo"].run(number, "request-suspension", **asked)
    uuid = desk.sql("SELECT uuid FROM tickets_suspension ORDER BY id DESC LIMIT 1")[0][0]
    people["ada"].post(f"/portal/tickets/{number}/consent/", suspension=uuid, given="yes", once=f"p-{number}")

    for email, function in (("cy@desk.example", "customer_service"), ("mo@desk.example", "monitoring")):
        assert people["bo"].ticket(number)["state"] == "l1"
        page = enter(email)
        page.goto(f"{desk.base}/supervisor/approvals/")
        row = page.locator(f"#s-{uuid}")
        expect(row).to_contain_text("given")
        row.get_by_label("You decide for").select_option(function)
        with page.expect_navigation():
            row.get_by_role("button", name="Approve").click()
    assert people["bo"].ticket(number)["state"] == "suspended"


@pytest.mark.rule("A-06")
def test_an_escalation_appears_on_an_open_board_and_leaves_it_when_solved(desk, people, raised, enter):
    page = enter("cy@desk.example")
    page.goto(f"{desk.base}/supervisor/wall/")
    page.wait_for_selector("html[data-ready]")
    number = raised("Trunk lost at the exchange")
    people["bo"].run(number, "sign-for")

    people["bo"].run(number, "request-escalation", reason="Emergency lines are on it", relation="agent")
    expect(page.locator("#board-live")).to_contain_text(number, timeout=30_000)
    uuid = desk.sql(
        "SELECT e.uuid FROM esc_escalation e JOIN tickets_ticket t ON t.id = e.ticket_id WHERE t.number = %s", number
    )[0][0]
    people["bo"].run(
        number, "resolve", resolution_code="fixed", cause_code="hardware", cause="Card failed",
        resolution="Card replaced", participants_confirmed=True,
    )  # fmt: skip

    expect(page.locator(f"#lane-{uuid}")).to_have_count(0, timeout=30_000)
    closed = "SELECT closed_at IS NOT NULL FROM esc_escalation WHERE uuid = %s"
    until(lambda: desk.sql(closed, uuid) == [(True,)], seconds=30, says="the escalation is closed")


def test_the_queue_shows_what_is_due_first_and_only_ones_own(desk, people, raised):
    urgent, calm = raised("Due first", impact="high", urgency="high"), raised("Due later", impact="low", urgency="low")

    page = people["cy"].get("/desk/", view="all").text

    assert page.index(urgent) < page.index(calm)
    assert people["dee"].get(f"/portal/tickets/{urgent}/").status_code == 404
    assert people["dee"].get(f"/desk/tickets/{urgent}/").status_code in (403, 404)
