"""The board, one escalation and the one-tap page in a real browser: shapes, the live part, no script on the phone."""

import pytest
from django.urls import reverse

from accounts.actors import actor_for
from escalation.commands.confirm import confirm_duty
from escalation.commands.fire import fire_all
from escalation.models import Duty
from ledger import clock
from tests.browser.conftest import looks_right
from tests.factories.formal import duty, escalate, link
from tests.short import some


@pytest.fixture
def made(path):
    """An escalation whose first contacts were called just now."""
    row = escalate(path.to("l1"), path.now, path.cast.bo_actor)
    fire_all(path.now)
    return row


def open_page(page, address):
    page.goto(page.base + address)
    page.wait_for_selector("html[data-ready]")


@pytest.mark.rule("X-09")
@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, True)], __name__, 1))
def test_the_supervisors_pages_hold_in_every_shape(sign_in, path, made, width, dark):
    page = sign_in(path.cast.mo, width=width, dark=dark)
    addresses = {
        "board": reverse("supervisor:board"),
        "wall": reverse("supervisor:wall"),
        "escalation": reverse("supervisor:escalation", args=[made.uuid]),
        "escalation-new": reverse("supervisor:escalation-new"),
        "approvals": reverse("supervisor:approvals"),
        "on-call": reverse("supervisor:on-call"),
        "policies": reverse("supervisor:policies"),
    }
    for name, address in addresses.items():
        open_page(page, address)
        looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
        sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not sideways, f"{name} scrolls sideways at {width}"


@pytest.mark.rule("X-09")
def test_the_board_shows_a_confirmation_made_elsewhere_without_being_loaded_again(sign_in, path, made):
    page = sign_in(path.cast.mo)
    page.clock.install()
    open_page(page, reverse("supervisor:board"))
    lane = page.locator(f"#lane-{made.uuid}")
    assert lane.locator(".sd-told").get_by_text("Daniel Hartley").count() == 0

    row = duty(made, "account_manager")
    confirm_duty(duty_id=row.pk, actor=actor_for(row.person), at=clock.now())
    page.clock.run_for(16_000)

    lane.locator(".sd-told").get_by_text("Daniel Hartley").wait_for()


@pytest.mark.rule("X-04")
def test_a_manager_confirms_with_one_tap_on_a_phone_without_script(chromium_browser, live_server, path, made):
    row = duty(made, "account_manager")
    link(row, clock.now())
    context = chromium_browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/c/tok-1/")
    assert made.ticket.title not in page.content()

    page.get_by_role("button", name="I have been informed").click()

    page.get_by_text(made.ticket.title).wait_for()
    context.close()
    assert Duty.objects.get(pk=row.pk).confirmed_by == row.person


@pytest.mark.rule("X-04")
def test_a_refused_call_opens_its_dialog_again_with_what_was_typed(sign_in, path, made):
    page = sign_in(path.cast.mo)
    open_page(page, reverse("supervisor:escalation", args=[made.uuid]))

    page.get_by_role("button", name="Record a call").first.click()
    page.get_by_label("Number dialled").locator("visible=true").fill("12")
    page.get_by_label("What was told and answered").locator("visible=true").fill("He knows")
    page.get_by_role("button", name="Record the call").locator("visible=true").click()

    page.get_by_text("Give the number dialled, with country code").wait_for()
    assert page.get_by_label("What was told and answered").locator("visible=true").input_value() == "He knows"
