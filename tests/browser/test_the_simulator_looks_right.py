"""The simulator and a ticket's timeline in a real browser, every width and theme."""

import pytest
from django.urls import reverse

from escalation.commands.fire import fire_all
from escalation.commands.simulate import request_simulation, run_waiting
from tests.browser.conftest import looks_right
from tests.factories.policies import drafted
from tests.short import some
from tickets.commands.resume import resume

KEY = "fault_handling"


def shown(page, address: str, name: str) -> None:
    page.goto(page.base + address)
    page.wait_for_selector("html[data-ready]")
    looks_right(page, name)
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not sideways, f"{name} scrolls sideways"


@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, False)], __name__, 1))
def test_the_simulator_holds_in_every_shape(sign_in, path, width, dark):
    actor = path.cast.cy_actor
    ticket = path.suspended()
    fire_all(path.tick(35))
    resume(ticket_id=ticket.pk, reason="The clinic is open", actor=path.cast.bo_actor, at=path.tick())
    fire_all(path.tick(35))
    at = path.now
    drafted(KEY, actor, at, T_1D={"offset_s": 900}, T_4={"offset_s": 600})
    asked = request_simulation(policy_key=KEY, old="1", new="draft", synthetic_name="poisson", actor=actor, at=at)
    shape = f"{width}{'-dark' if dark else ''}"
    page = sign_in(path.cast.cy, width=width, dark=dark)

    shown(page, reverse("supervisor:simulator", args=["duty_manager"]), f"simulator-empty-{shape}")
    shown(page, reverse("supervisor:simulation", args=[KEY, asked.uuid]), f"simulator-waiting-{shape}")
    assert run_waiting(at=at) == 1
    page.get_by_text("500 cases, run by both versions").wait_for()
    shown(page, reverse("supervisor:simulation", args=[KEY, asked.uuid]), f"simulator-{shape}")
    shown(page, reverse("supervisor:ticket-timeline", args=[ticket.number]), f"timeline-{shape}")
    asks_by_keys(page)


def asks_by_keys(page) -> None:
    """The line is a slider: home means now, so nobody is called; the end of the hours shows everybody again."""
    line, field = page.get_by_role("slider", name="Nobody acts until"), page.get_by_label("If nobody acts by")
    shown = page.locator("tr[data-call-at]:visible")
    everybody, before = shown.count(), field.input_value()
    line.focus()
    page.keyboard.press("Home")
    assert shown.count() == 0 < everybody
    assert page.locator("[data-ask-said]").inner_text().startswith("Nobody is called by")
    page.keyboard.press("PageUp")
    assert field.input_value() not in {before, ""} and line.get_attribute("aria-valuenow") in {"14", "15"}
    page.keyboard.press("End")
    assert shown.count() == everybody
