import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
BUTTON = '<button type="button" id="e" data-key="e" data-dialog="d">Escalate <kbd class="sd-kbd">E</kbd></button>'
DIALOG = (
    '<dialog class="sd-dialog" id="d" aria-labelledby="t"><h2 id="t">Escalate</h2>'
    '<div class="sd-dialog-body"><textarea id="w" name="words"></textarea></div>'
    "<button data-dialog-close>Cancel</button></dialog>"
)


def test_a_key_opens_its_dialog_focus_goes_in_and_comes_back(stage):
    page = stage.show(BUTTON + DIALOG)

    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#w")).to_be_focused()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_focus_returns_to_the_button_that_opened_it(stage):
    page = stage.show(BUTTON + DIALOG)

    page.get_by_role("button", name="Escalate").click()
    page.get_by_role("button", name="Cancel").click()

    expect(page.locator("#e")).to_be_focused()


def test_keys_are_letters_inside_a_field(stage):
    page = stage.show(f"<textarea id=a></textarea>{BUTTON}{DIALOG}")

    page.locator("#a").press_sequentially("escalate")

    expect(page.locator("#a")).to_have_value("escalate")
    expect(page.locator("#d")).to_be_hidden()


def test_a_sequence_goes_where_its_link_goes_and_can_be_switched_off(stage):
    stage.answers["/queue"] = lambda r: (200, "<title>Queue</title>", {})
    page = stage.show(
        '<a href="/queue" data-key="g q">Queue</a><input type="checkbox" data-keys-switch checked id="s">'
    )
    page.locator("#s").uncheck()
    page.locator("body").press("g")
    page.keyboard.press("q")
    assert page.title() == "Stage"

    page.locator("#s").check()
    page.locator("body").press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue")
    assert "desk_keys=on" in page.evaluate("document.cookie")


def test_the_list_of_keys_names_what_is_on_the_page(stage):
    keys = (
        '<button data-dialog="keys" data-key="?">Shortcuts</button><dialog id="keys"><ul data-keys-list></ul></dialog>'
    )
    page = stage.show(BUTTON + DIALOG + keys)

    page.keyboard.press("?")

    expect(page.locator("[data-keys-list] li").first).to_contain_text("Escalate")
    expect(page.locator("[data-keys-list] li").first.locator("kbd")).to_have_text("E")


def test_j_and_k_walk_the_rows_and_x_checks(stage):
    rows = "".join(
        f'<tr data-row><td><input type=checkbox data-check></td><td><a href="#{n}">{n}</a></td></tr>' for n in "abc"
    )
    page = stage.show(f"<table data-rows>{rows}</table><div data-bulk hidden><b data-bulk-count></b></div>")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator("tr[aria-selected=true]")).to_have_text("b")
    expect(page.get_by_role("link", name="b")).to_be_focused()
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.keyboard.press("k")
    expect(page.locator("tr[aria-selected=true]")).to_have_text("a")


def test_a_menu_closes_on_escape_and_on_a_click_outside(stage):
    page = stage.show(
        '<details class="sd-menu"><summary>More</summary><ul><li><button>One</button></li></ul></details><p>out</p>'
    )

    page.get_by_text("More").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="One")).to_be_hidden()
    page.get_by_text("More").click()
    page.get_by_text("out").click()
    expect(page.get_by_role("button", name="One")).to_be_hidden()


def test_the_theme_changes_at_once_and_is_kept_in_a_cookie(stage):
    page = stage.show('<button data-theme-switch data-to-light="To light" data-to-dark="To dark">x</button>')

    page.get_by_role("button", name="x").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert "desk_theme=dark" in page.evaluate("document.cookie")
    expect(page.get_by_role("button", name="To light")).to_be_visible()
