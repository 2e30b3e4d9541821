"""File inputs speak the page's language, name what was chosen, and are reached by keyboard as any other control."""

import pytest
from django.utils import translation
from playwright.sync_api import expect

from servicedesk.portal.forms import ReplyForm

pytestmark = pytest.mark.browser
FORM = '<form><label for="reply-attachments">Files</label>{control}<button type="reset">Again</button></form>'
FILES = [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("loss.csv", "照片.txt")]


def shown(stage, language: str = "en"):
    with translation.override(language):
        return stage.show(FORM.format(control=ReplyForm()["attachments"]))


def test_the_button_and_the_empty_choice_are_in_the_readers_language(stage):
    page = shown(stage, "zh-hans")

    expect(page.locator(".sd-files")).to_contain_text("选择文件")
    expect(page.locator(".sd-files")).to_contain_text("未选择文件")
    assert page.get_by_label("Files").evaluate("el => getComputedStyle(el).opacity") == "0"


def test_chosen_files_are_named_until_the_form_is_reset(stage):
    page = shown(stage)
    page.get_by_label("Files").set_input_files(FILES)
    expect(page.locator("[data-none]")).to_have_text("loss.csv, 照片.txt")

    page.get_by_role("button", name="Again").click()
    expect(page.locator("[data-none]")).to_have_text("No file chosen")


def test_a_click_on_the_button_opens_the_choice_and_the_keyboard_sees_where_it_is(stage):
    page = shown(stage)
    with page.expect_file_chooser() as chooser:
        page.locator(".sd-files > .btn").click(force=True)
    assert chooser.value.is_multiple()

    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 1, "y": 1})
    page.keyboard.press("Tab")
    expect(page.get_by_label("Files")).to_be_focused()
    outline = page.locator(".sd-files").evaluate("el => getComputedStyle(el).outlineStyle")
    assert outline == "solid"


def test_without_script_the_browsers_own_control_shows(chromium_browser, stage):
    page = shown(stage)
    page.evaluate("delete document.documentElement.dataset.ready")

    assert page.get_by_label("Files").evaluate("el => getComputedStyle(el).opacity") == "1"
    expect(page.locator(".sd-files > .btn")).to_be_hidden()
