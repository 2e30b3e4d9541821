"""Journey 2 in a real browser: sign for it, contact, progress, tier, pause, resolve, confirm, close."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ledger import clock
from tests.browser.conftest import looks_right
from tests.tickets.path import MONTH
from tickets.models import Note, Suspension, Ticket


def open_ticket(page, ticket) -> None:
    page.goto(page.base + reverse("desk:ticket", args=[ticket.number]))
    page.wait_for_selector("html[data-ready]")


def send(page, name: str) -> None:
    """Press the button of the open dialog and wait for the ticket."""
    with page.expect_navigation():
        page.locator("dialog[open] button[data-ctrl-enter]", has_text=name).click()
    page.wait_for_selector("html[data-ready]")


def test_a_ticket_is_worked_from_signing_to_the_next_tier(sign_in, path):
    ticket = path.triaged()
    page = sign_in(path.cast.bo)
    open_ticket(page, ticket)
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(page.locator("#next h2")).to_have_text("Contact the reporter and record the outcome.")

    page.locator("#next").get_by_role("link", name="Record contact").click()
    page.locator("dialog[open]").get_by_text("Reached", exact=True).click()
    send(page, "Record contact")
    page.keyboard.press("Shift+n")
    page.get_by_label("Note", exact=True).fill("Loop test shows errors on port 7")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("#tl")).to_contain_text("Loop test shows errors on port 7")
    expect(page.locator("#note-body")).to_have_value("")

    page.keyboard.press("t")
    page.get_by_label("What was tried").fill("Loop test, port reset, cable swap")
    page.get_by_label("Needs a specialist's knowledge").check()
    send(page, "Pass on")
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.state, now.team) == ("l2", path.cast.l2)
    assert Note.objects.get().public is False


@pytest.mark.rule("C-22")
def test_a_pause_is_asked_for_and_its_steps_are_shown(sign_in, path):
    ticket = path.to("l1")
    page = sign_in(path.cast.bo)
    open_ticket(page, ticket)
    page.get_by_role("link", name="Suspend").click()
    page.get_by_label("In words").fill("The clinic is closed until noon")
    page.get_by_label("Until").fill(f"{path.now.date()}T20:00")
    send(page, "Ask the customer")

    expect(page.locator("#pause")).to_contain_text("The customer has not answered yet")
    expect(page.locator("#next h2")).to_contain_text("get the customer's consent")
    looks_right(page, "pause-1440")
    assert Suspension.objects.get().state == "requested"
    assert Ticket.objects.get(pk=ticket.pk).state == "l1"


def test_a_refusal_is_read_in_place_and_the_second_try_succeeds(sign_in, path):
    ticket = path.to("l1")
    page = sign_in(path.cast.bo)
    open_ticket(page, ticket)
    page.keyboard.press("r")
    page.get_by_role("combobox", name="Result").select_option("fixed")
    page.get_by_label("Cause", exact=True).select_option("hardware")
    page.get_by_label("What caused it").fill("Worn fibre at the port")
    page.get_by_label("What fixed it").fill("Fibre replaced and tested")
    page.locator("dialog[open]").get_by_role("button", name="Resolve").click()

    expect(page.locator("dialog[open]").get_by_role("alert")).to_contain_text("Look through the people who took part")
    expect(page.get_by_label("What fixed it")).to_have_value("Fibre replaced and tested")
    page.get_by_label("Everyone who took part").check()
    send(page, "Resolve")
    expect(page.locator("#next h2")).to_contain_text("Confirm with the customer")
    assert Ticket.objects.get(pk=ticket.pk).state == "closure"


def test_a_solved_ticket_is_confirmed_after_a_call_and_closed(sign_in, path):
    ticket = path.to("closure")
    page = sign_in(path.cast.bo)
    open_ticket(page, ticket)
    page.get_by_label("More commands").click()
    page.get_by_role("link", name="Record contact").click()
    page.locator("dialog[open]").get_by_text("Reached", exact=True).click()
    send(page, "Record contact")
    page.locator("#next").get_by_role("link", name="Confirm").click()
    page.get_by_label("How do you know").select_option("agent_call")
    page.get_by_label("Who said so").fill("Ada Lund says all is well")
    send(page, "Confirm")
    assert Ticket.objects.get(pk=ticket.pk).state == "survey"

    clock.set_demo(demo_now=path.tick(MONTH), speed=1.0)
    clock.forget()
    open_ticket(page, ticket)
    page.locator("#next").get_by_role("link", name="Close").click()
    send(page, "Close")
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"


def test_a_stale_save_shows_both_versions_and_loses_nothing(sign_in, path):
    ticket = path.to("l1")
    page, other = sign_in(path.cast.bo), sign_in(path.cast.cy)
    open_ticket(page, ticket)
    page.get_by_role("link", name="Reclassify").click()
    page.get_by_label("Title").fill("Line to the clinic down")
    page.get_by_label("Reason").fill("The caller said more")

    other.goto(other.base + reverse("desk:ticket-reprioritise", args=[ticket.number]))
    other.get_by_text("P2", exact=True).click()
    other.get_by_label("Reason").fill("Two more sites are down")
    other.get_by_role("button", name="Save").click()
    page.locator("dialog[open]").get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert").filter(has_text="Not saved yet")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Line to the clinic down")
    expect(page.locator(".sd-tl")).to_contain_text("Cy Lindqvist")
    looks_right(page, "conflict-1440")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Line to the clinic down")
    assert Ticket.objects.get(pk=ticket.pk).priority == "P2"
