"""The palette by keyboard alone: it opens over a page, says what is allowed here, finds, and gives the focus back."""

from playwright.sync_api import expect

from tests.browser.conftest import looks_right


def test_a_command_and_a_ticket_are_reached_without_the_mouse(sign_in, path):
    ticket, other = path.to("l1"), path.to("l1")
    page = sign_in(path.cast.bo)
    page.goto(f"{page.base}/desk/tickets/{ticket.number}/")
    page.wait_for_selector("html[data-ready]")

    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go, do or find")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="Tags")).to_be_visible()
    looks_right(page, "palette-1440")
    page.keyboard.type("tags")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text("Tags")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Tags").fill("vip")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("region", name="Messages").get_by_text("Undone")).to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type(f"#{other.number[3:]}")
    first = page.locator("#palette [role=option][aria-selected=true]")
    expect(first).to_contain_text(other.number)
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Go, do or find")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type(f"#{other.number[3:]}")
    expect(first).to_contain_text(other.number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{other.number}/")


def test_the_palette_holds_on_a_phone_in_the_dark(sign_in, path):
    path.to("l1")
    page = sign_in(path.cast.bo, width=390, dark=True)
    page.goto(f"{page.base}/desk/my-day/")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Control+k")
    page.keyboard.type("northgate")
    expect(page.get_by_role("option", name="Northgate Health Alliance").first).to_be_visible()
    looks_right(page, "palette-390-dark")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
