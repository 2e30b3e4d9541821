import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PIECE = '<div id="q" data-live="/piece" data-topics="queue ticket:SD-000007">{text}</div>'
NOTICE = "<div data-stale-notice hidden><strong data-stale-text></strong></div>"


def stream(*hints):
    body = "retry: 60000\n\n" + "".join(f"event: hint\ndata: {json.dumps(h)}\n\n" for h in hints)
    return lambda request: (200, body, {"Content-Type": "text/event-stream"})


def test_a_hint_about_its_topic_makes_a_fragment_ask_again_with_its_own_rights(stage):
    stage.answers["/events/"] = stream({"topics": ["ticket:SD-000007"], "now": "2026-06-16T14:40:00+10:00"})
    stage.answers["/piece"] = lambda r: (200, PIECE.format(text="new"), {})

    page = stage.show(PIECE.format(text="old"), body_attrs='data-events="/events/"')

    expect(page.locator("#q")).to_have_text("new")
    asked = [r for r in stage.asked if r.url.endswith("/piece")]
    assert asked[0].headers["hx-request"] == "true"
    assert asked[0].headers["x-desk-poll"] == "1"
    assert any("topics=queue%2Cticket%3ASD-000007" in r.url for r in stage.asked)


def test_a_hint_about_something_else_asks_nothing(stage):
    stage.answers["/events/"] = stream({"topic": "ticket:SD-000008"})
    stage.answers["/probe"] = lambda r: (200, "", {})
    page = stage.show(PIECE.format(text="old"), body_attrs='data-events="/events/"')

    page.wait_for_timeout(600)  # longer than the jitter: a wrong answer would have been asked for by now

    assert [r.url for r in stage.asked if r.url.endswith("/piece")] == []


def test_what_someone_types_in_is_not_replaced(stage):
    typing = '<div id="q" data-live="/piece" data-topics="queue"><input aria-label="Reason" id="i"></div>'
    stage.answers["/piece"] = lambda r: (200, PIECE.format(text="new"), {})
    page = stage.show(typing)
    page.get_by_label("Reason").fill("half")

    page.evaluate("document.getElementById('q').dispatchEvent(new CustomEvent('desk:due', {bubbles: true}))")
    page.wait_for_timeout(600)
    expect(page.get_by_label("Reason")).to_have_value("half")

    page.get_by_label("Reason").blur()
    expect(page.locator("#q")).to_have_text("new", timeout=4000)


def test_a_failing_server_shows_since_when_nothing_is_live_and_no_toast(stage):
    stage.answers["/piece"] = lambda r: (503, "", {})
    page = stage.show(NOTICE + PIECE.format(text="old"))

    page.evaluate("document.getElementById('q').dispatchEvent(new CustomEvent('desk:due', {bubbles: true}))")

    expect(page.locator("[data-stale-notice]")).to_have_text("No live data since 14:32.")
    expect(page.locator("[data-toast]")).to_have_count(0)
    expect(page.locator("#q")).to_have_text("old")


def test_what_has_not_changed_is_asked_for_by_its_tag_and_left_as_it_stands(stage):
    def piece(request):
        same = request.headers.get("if-none-match") == '"v1"'
        return (304, "", {"ETag": '"v1"'}) if same else (200, PIECE.format(text="new"), {"ETag": '"v1"'})

    stage.answers["/piece"] = piece
    page = stage.show(PIECE.format(text="old"))
    due = "document.getElementById('q').dispatchEvent(new CustomEvent('desk:due', {bubbles: true}))"
    page.evaluate(due)
    expect(page.locator("#q")).to_have_text("new")

    with page.expect_response("**/piece") as second:
        page.evaluate(due)

    assert second.value.status == 304
    expect(page.locator("#q")).to_have_text("new")
    assert [r.headers.get("if-none-match") for r in stage.asked if r.url.endswith("/piece")] == [None, '"v1"']
