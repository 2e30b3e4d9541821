import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CHIP = (
    '<span class="sd-clock" id="c" data-state="running" data-due="{due}" data-warn="300">'
    '<svg class="sd-ico"><use href="/static/icons/sprite.svg#i-clock"/></svg><span>Sign for</span>'
    '<b data-left="">?</b></span>'
)


def test_a_clock_counts_by_the_servers_time_not_the_machines(stage):
    page = stage.show(CHIP.format(due="2026-06-16T14:42:00+10:00"))

    expect(page.locator("#c b")).to_contain_text("9:5")


def test_a_clock_turns_soon_then_over_is_announced_once_and_asks_the_server(stage):
    stage.answers["/piece"] = lambda r: (200, '<div id="live" data-live="/piece">decided by the server</div>', {})
    page = stage.show(
        f'<div id="live" data-live="/piece">{CHIP.format(due="2026-06-16T14:37:10+10:00")}</div>', speed=1
    )
    page.evaluate("window.heard = []; window.listen = () => window.heard.push(say.textContent)")
    page.evaluate("new MutationObserver(window.listen).observe(say, {childList: true})")

    expect(page.locator("#live")).to_have_text("decided by the server", timeout=6000)
    assert [t for t in page.evaluate("window.heard") if t] in (["Sign for: due in 5:00"], ["Sign for: due in 4:59"])


def test_at_demonstration_speed_minutes_pass_in_seconds(stage):
    page = stage.show(CHIP.format(due="2026-06-16T14:33:08+10:00"), speed=60)

    expect(page.locator("#c")).to_have_attribute("data-state", "breached", timeout=4000)
    expect(page.locator("#c b")).to_contain_text("over")
    expect(page.locator("#c use")).to_have_attribute("href", "/static/icons/sprite.svg#i-alert-triangle")


def test_beyond_a_day_the_servers_words_stay(stage):
    page = stage.show(CHIP.format(due="2026-06-19T14:33:08+10:00"))

    expect(page.locator("#c b")).to_have_text("?")
