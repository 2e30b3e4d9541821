"""A live list somebody works in: changes show in their own rows, nothing moves until it is asked for."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
BAR = ('<div data-changes hidden><button type="button" data-live-now data-changes-show><span data-changes-count></span>'
       " changes, show</button></div>")  # fmt: skip
DUE = "document.getElementById('rows').dispatchEvent(new CustomEvent('desk:due', {bubbles: true}))"


def rows(*named: tuple[str, str]) -> str:
    lines = "".join(
        f'<tr data-row id="row-{n}"><td><input type="checkbox" data-check value="{n}" aria-label="Select {n}"></td>'
        f'<th><a href="/t/{n}/">{n}</a></th><td>{state}</td></tr>'
        for n, state in named
    )
    body = f"<table data-rows><tbody>{lines}</tbody></table>"
    return f'<div id="rows" data-live="/piece" data-topics="queue" data-live-rows>{body}</div>'


def numbers(page) -> list[str]:
    return page.locator("[data-row] a").all_text_contents()


def test_a_checked_row_keeps_its_place_and_its_check_while_its_state_changes(stage):
    stage.answers["/piece"] = lambda r: (200, rows(("C", "new"), ("B", "L2"), ("A", "L1")), {})
    page = stage.show(BAR + rows(("A", "L1"), ("B", "L1"), ("D", "L1")))
    page.get_by_label("Select A").check()

    page.evaluate(DUE)
    expect(page.locator("#row-B td").nth(1)).to_have_text("L2")
    assert numbers(page) == ["A", "B", "D"]
    expect(page.locator("#row-D")).to_have_attribute("data-gone", "")
    expect(page.locator("[data-changes]")).to_contain_text("4 changes, show")

    page.locator("[data-changes-show]").click()
    expect(page.locator("#row-C")).to_be_visible()
    assert numbers(page) == ["C", "B", "A"]
    expect(page.get_by_label("Select A")).to_be_checked()
    expect(page.locator("[data-changes]")).to_be_hidden()


def test_one_goes_on_standing_on_the_same_row_when_the_list_is_drawn_anew(stage):
    stage.answers["/piece"] = lambda r: (200, rows(("C", "new"), ("A", "L1"), ("B", "L1")), {})
    page = stage.show(BAR + rows(("A", "L1"), ("B", "L1")))
    page.locator("#row-B a").focus()
    expect(page.locator("#row-B")).to_have_attribute("aria-selected", "true")

    page.evaluate(DUE)
    expect(page.locator("#row-C")).to_be_visible()
    expect(page.locator("#row-B")).to_have_attribute("aria-selected", "true")
    expect(page.locator("[aria-selected]")).to_have_count(1)
