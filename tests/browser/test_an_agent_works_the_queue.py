"""The queue by hand: read beside the list, filter, keep a view, act on many, all by keyboard; axe finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import looks_right
from tickets.models import QueueView, Ticket

pytestmark = pytest.mark.browser


def show(page, address: str) -> None:
    page.goto(page.base + address)
    page.wait_for_selector("html[data-ready]")


@pytest.mark.rule("A-01")
def test_rows_are_walked_read_checked_and_acted_on_with_the_keyboard_alone(sign_in, path):
    tickets = [path.triaged(), path.triaged(), path.to("intake")]
    page = sign_in(path.cast.bo)
    show(page, reverse("desk:queue"))
    page.keyboard.press("j")
    first = page.locator("[data-row]").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#preview h2")).to_have_text("Line down")
    assert f"ticket={first.get_attribute('id').removeprefix('row-')}" in page.url
    looks_right(page, "queue-preview")

    page.keyboard.press("Escape")
    expect(page.locator("#preview")).to_be_hidden()
    for key in "xjxjx":
        page.keyboard.press(key)
    expect(page.locator("#bulk")).to_contain_text("3 selected")
    looks_right(page, "queue-bulk")
    page.keyboard.press("s")
    expect(page.locator("dialog[open] summary")).to_have_text("3 tickets")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open] [data-refused]")).to_have_count(1)
    expect(page.locator("dialog[open]")).to_contain_text("Nothing can be done before the caller is verified")
    looks_right(page, "queue-bulk-refused")
    assert Ticket.objects.filter(owner=path.cast.bo).count() == 2
    page.keyboard.press("Escape")
    expect(page.locator(f"#row-{tickets[2].number} [data-check]")).to_be_checked()
    expect(page.locator(f"#row-{tickets[0].number} [data-check]")).not_to_be_checked()

    page.locator(f"#row-{tickets[1].number} a").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert tickets[1].number in page.url


@pytest.mark.parametrize("width", [1440, 390])
def test_filters_are_chosen_in_a_dialog_and_kept_as_a_view(sign_in, path, width):
    ticket = path.to("l1")
    page = sign_in(path.cast.bo, width=width)
    show(page, reverse("desk:queue"))
    page.keyboard.press("f")
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_text("Service category")).to_be_visible()
    dialog.get_by_label("P3", exact=True).check(force=True)
    looks_right(page, f"queue-filters-{width}")
    with page.expect_navigation():
        page.locator("dialog[open] button[data-ctrl-enter]").click()
    page.wait_for_selector("html[data-ready]")
    assert page.url.endswith("?view=due&priority=P3")
    expect(page.locator(".sd-chip")).to_contain_text("Priority P3")

    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill("Third class")
    looks_right(page, f"queue-keep-{width}")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_role("link", name="Third class 1")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#row-{ticket.number}")).to_be_visible()
    assert QueueView.objects.get().settings == {"view": "due", "filters": {"priority": ["P3"]}}
