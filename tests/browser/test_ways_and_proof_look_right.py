"""The page of one's ways and the chain of proof, light, dark and on a phone; a desktop notice in a real browser."""

import pytest
from django.urls import reverse

from accounts.models import ContactMethod
from channels import pages
from escalation.commands.fire import fire_all
from escalation.models import Notification
from tests.browser.conftest import looks_right
from tests.channels.parts import page as make_page
from tests.factories.formal import escalate
from tests.short import some

NOTICES = """
window.seenNotices = [];
window.Notification = class extends EventTarget {
  static permission = "granted";
  constructor(title) { super(); window.seenNotices.push(title); }
};
"""


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, False)], __name__, 1))
def test_ways_and_proof_hold_in_every_shape(sign_in, path, settings, width, dark):
    settings.OUTBOUND, settings.SMS_URL = "record", "https://gateway.example/"
    cast, at = path.cast, path.now
    for position, (channel, address) in enumerate(
        [("sms", "+61491570156"), ("push", ""), ("webhook", "https://a.example/")]
    ):
        ContactMethod.objects.create(
            user=cast.mo, channel=channel, address=address, position=position, tested_at=at,
            verified_at=at if position else None, test_result="failed", test_error="answered 422",
        )  # fmt: skip
    row = escalate(path.to("l1"), path.tick(), cast.bo_actor)
    fire_all(path.now)
    pages.send_notifications()
    page = sign_in(cast.mo, width=width, dark=dark)
    for name, address in {
        "ways": reverse("desk:reach"), "inbox-held": reverse("desk:inbox"),
        "proof": reverse("supervisor:escalation", args=[row.uuid]),
    }.items():  # fmt: skip
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        for chain in page.locator(".sd-proof > summary").all():
            chain.click()
        sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
        assert not sideways, f"{name} scrolls sideways at {width}"


@pytest.mark.browser
def test_a_browser_that_was_asked_shows_the_notice_and_says_so(sign_in, path, settings):
    settings.OUTBOUND = "record"
    cast = path.cast
    ContactMethod.objects.create(user=cast.bo, channel="push")
    page = sign_in(cast.bo)
    page.context.grant_permissions(["notifications"])
    page.goto(page.base + reverse("desk:reach"))
    page.wait_for_selector("html[data-ready]")
    with page.expect_navigation():
        page.get_by_role("button", name="Allow in this browser").click()
    assert ContactMethod.objects.get(user=cast.bo).verified_at is not None

    row = make_page(path.to("l1"), cast.bo, channel="push")
    pages.send_notifications()
    page.add_init_script(NOTICES)
    with page.expect_response(lambda answer: "/notices/" in answer.url):
        page.goto(page.base + reverse("desk:queue"))
    page.wait_for_function("window.seenNotices.length === 1")
    assert page.evaluate("window.seenNotices[0]") == f"{row.ticket.number}: Not signed for"
    assert Notification.objects.get(pk=row.pk).receipt == "delivered"


@pytest.mark.browser
def test_an_opened_proof_stays_open_while_the_page_lives(sign_in, path, settings):
    settings.OUTBOUND = "record"
    row = escalate(path.to("l1"), path.tick(), path.cast.bo_actor)
    fire_all(path.now)
    page = sign_in(path.cast.mo)
    page.goto(page.base + reverse("supervisor:escalation", args=[row.uuid]))
    page.wait_for_selector("html[data-ready]")
    page.locator(".sd-proof > summary").first.click()
    pages.send_notifications()
    with page.expect_response(lambda answer: str(row.uuid) in answer.url):
        page.evaluate("document.querySelector('#next').dispatchEvent(new Event('desk:due', { bubbles: true }))")
    page.wait_for_selector(".sd-proof[open] >> text=Handed over")
    assert page.locator(".sd-proof[open]").count() == 1
