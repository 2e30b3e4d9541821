"""Two managers whose shifts do not overlap hand over on their screens, over the night the clocks go back (A-05)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from escalation.commands.handover_draft import open_handover
from escalation.models import Handover
from ledger import clock
from tests.browser.conftest import looks_right
from tests.factories.clocks import dispatched_ticket, escalated_ticket, put
from tests.factories.shifts import manned, shift
from tests.short import some

DUBLIN = "Europe/Dublin"
HOUR = timedelta(hours=1)
BACK = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 02:00 becomes 01:00 in Dublin


@pytest.fixture
def night(path) -> Handover:
    """Evening until 22:00 on Saturday, early from 06:00 on Sunday; nobody between. Drafted at 21:00."""
    cast = path.cast
    evening, early = shift("Evening", "14:00", "22:00", DUBLIN), shift("Early", "06:00", "14:00", DUBLIN)
    manned(cast, path.now, (evening, cast.mo), (early, cast.cy))
    User.objects.filter(pk__in=[cast.mo.pk, cast.cy.pk]).update(time_zone=DUBLIN)
    at = BACK - 5 * HOUR
    escalated_ticket(cast, at - HOUR, title="Calls fail at 4 of 14 sites")
    due = dispatched_ticket(cast, at - HOUR, title="Fax over IP fails above 10 pages", priority="P3")
    put(due, next_due_at=BACK + 7 * HOUR, next_due_code="T-3")
    path.now = at
    clock.set_demo(demo_now=at, speed=1.0)
    return open_handover(shift_id=early.pk, starts_at=BACK + 5 * HOUR, actor=cast.cy_actor, at=at)


@pytest.mark.rule("A-05")
def test_the_giver_signs_at_night_and_the_taker_in_the_morning(sign_in, path, night):
    giver = sign_in(path.cast.mo)
    giver.goto(giver.base + reverse("supervisor:handover"))
    giver.wait_for_selector("html[data-ready]")
    head = giver.locator(".sd-head").inner_text()
    assert "Evening to Early" in head and "Dublin (IST, GMT)" in head
    line = giver.locator(".sd-sheet-item", has_text="Calls fail")
    line.get_by_text("Add note").click()
    line.get_by_label("Your note").fill("Call her yourself.")
    line.get_by_role("button", name="Save note").click()
    giver.get_by_role("region", name="Messages").get_by_text("Note saved").wait_for()
    giver.get_by_role("button", name="Sign as outgoing").click()
    giver.get_by_role("region", name="Messages").get_by_text("Signed").wait_for()

    path.now = BACK + 5 * HOUR - timedelta(minutes=2)
    for width, dark in some([(1440, False), (390, True), (1024, False), (1440, True)], __name__, 1):
        page = sign_in(path.cast.cy, width=width, dark=dark)
        for name in ("handover", "handovers", "shifts"):
            page.goto(page.base + reverse(f"supervisor:{name}"))
            page.wait_for_selector("html[data-ready]")
            looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, f"{name} scrolls sideways at {width}"

    taker = sign_in(path.cast.cy)
    taker.goto(taker.base + reverse("supervisor:handover"))
    assert "from 06:00" in taker.locator(".sd-parties").inner_text().replace("\n", " ").lower()
    assert taker.get_by_role("button", name="Accept handover").is_disabled()
    taker.get_by_role("button", name="Mark all").click()
    taker.get_by_role("region", name="Messages").get_by_text("Marked").wait_for()
    taker.get_by_role("button", name="Accept handover").click()
    taker.get_by_role("region", name="Messages").get_by_text("Accepted").wait_for()
    kept = Handover.objects.get()
    assert (kept.giver, kept.taker, kept.state) == (path.cast.mo, path.cast.cy, "accepted")
    assert kept.starts_at - kept.ends_at == 9 * HOUR
