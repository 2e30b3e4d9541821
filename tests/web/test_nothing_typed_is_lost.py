import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
FORM = (
    '<form id="f" method="post" action="/note" hx-post="/note" hx-target="#f" hx-swap="outerHTML" data-draft="note-7">'
    '<input type="hidden" name="once"><textarea name="text" aria-label="Note">{text}</textarea>'
    "{more}<button>Add</button></form>"
)


def answer(status, body="", **headers):
    return lambda request: (status, body, headers)


def posts(stage):
    return [r for r in stage.asked if r.method == "POST"]


@pytest.mark.parametrize(("status", "words"), [(500, "Reference r-1."), (404, "Load again."), (403, "Load again.")])
def test_a_failed_answer_is_said_with_its_reference_and_the_words_stay(stage, status, words):
    stage.answers["/note"] = answer(status, "<p>an error page</p>", **{"X-Request-ID": "r-1"})
    page = stage.show(FORM.format(text="", more=""))

    page.get_by_label("Note").fill("Rerouted by Docklands")
    page.get_by_role("button", name="Add").click()

    expect(page.locator("[data-toast]")).to_contain_text(words)
    expect(page.get_by_label("Note")).to_have_value("Rerouted by Docklands")
    expect(page.get_by_text("an error page")).to_have_count(0)


def test_a_problem_document_gives_its_own_reason(stage):
    body = json.dumps({"detail": "Tom signed for it meanwhile."})
    stage.answers["/note"] = answer(409, body, **{"Content-Type": "application/problem+json"})
    page = stage.show(FORM.format(text="x", more=""))

    page.get_by_role("button", name="Add").click()

    expect(page.locator("[data-toast]")).to_contain_text("Tom signed for it meanwhile.")


def test_a_refused_form_is_swapped_in_and_focus_goes_to_the_reason(stage):
    refused = FORM.format(text="kept", more='<div role="alert" tabindex="-1" data-refusal>Not allowed</div>')
    stage.answers["/note"] = answer(422, refused)
    page = stage.show(FORM.format(text="kept", more=""))

    page.get_by_role("button", name="Add").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("kept")
    expect(page.locator("[data-toast]")).to_have_count(0)


def test_a_draft_survives_a_reload_and_is_dropped_once_accepted(stage):
    stage.answers["/note"] = answer(200, FORM.format(text="", more=""))
    page = stage.show(FORM.format(text="", more=""))
    page.get_by_label("Note").fill("half a sentence")
    expect(page.locator("form[data-kept]")).to_be_visible()

    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_label("Note")).to_have_value("half a sentence")

    page.get_by_label("Note").press("Control+Enter")
    expect(page.get_by_label("Note")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('desk-draft:note-7')") is None


def test_a_double_click_sends_once_with_a_key_and_the_token(stage):
    page = stage.show('<form method="post" action="/slow"><input type="hidden" name="once"><button>Go</button></form>')
    stage.answers["/slow"] = answer(200, "<title>Done</title>")

    page.get_by_role("button", name="Go").dblclick()
    page.wait_for_url("**/slow")

    assert len(posts(stage)) == 1
    assert len(posts(stage)[0].post_data.split("once=")[1]) == 32


def test_htmx_sends_the_csrf_token_inherited_from_the_body(stage):
    stage.answers["/note"] = answer(200, FORM.format(text="", more=""))
    page = stage.show(FORM.format(text="x", more=""))

    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Note")).to_have_value("")

    assert posts(stage)[0].headers["x-csrftoken"] == "first"
