"""Journey 1 in a real browser: the gate, the draft, the double click, the lock."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import looks_right
from tests.browser.typing import begin_call, check_pin, fill_caller, fill_problem
from tests.tickets.path import PIN
from tickets.models import Interaction, Ticket


@pytest.mark.rule("P-02")
def test_a_known_customer_is_verified_by_pin_and_the_call_is_dispatched(sign_in, path):
    page = sign_in(path.cast.bo)
    begin_call(page)
    expect(page.get_by_role("button", name="Log and dispatch")).to_be_disabled()
    expect(page.locator("#context")).not_to_contain_text("EPL-30112")

    fill_caller(page, pin=PIN)
    expect(page.locator("#gate")).to_contain_text("Verified")
    fill_problem(page)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Tell the caller")).to_be_visible()
    ticket = Ticket.objects.get()
    expect(page.locator(".sd-script")).to_contain_text(ticket.number)
    looks_right(page, "call-logged-1440")
    assert (ticket.state, ticket.organisation, ticket.reporter) == ("l1", path.cast.northgate, path.cast.ada)
    assert ticket.problem_impact == "No patient records"


@pytest.mark.rule("P-02")
def test_the_third_wrong_pin_locks_and_names_the_way_out(sign_in, path):
    page = sign_in(path.cast.bo)
    begin_call(page)
    fill_caller(page, pin="000111")
    expect(page.locator(".sd-checks")).to_contain_text("2 attempts left")
    check_pin(page, "000112")
    expect(page.locator(".sd-checks")).to_contain_text("1 attempt left")
    check_pin(page, "000113")

    expect(page.locator("#gate")).to_contain_text("Locked until")
    expect(page.locator("#gate")).to_contain_text("Call back a stored number")
    looks_right(page, "call-locked-1440")
    assert not Ticket.objects.exists()


def test_what_was_typed_survives_a_reload(sign_in, path):
    page = sign_in(path.cast.bo)
    begin_call(page)
    page.get_by_label("Client name").fill("Ada")
    with page.expect_response(lambda r: r.status == 204):
        page.get_by_label("What happens").fill("Nothing works at the clinic")

    page.evaluate("sessionStorage.clear()")
    page.reload()

    expect(page.get_by_label("What happens")).to_have_value("Nothing works at the clinic")
    expect(page.get_by_label("Client name")).to_have_value("Ada")


def test_a_double_click_logs_once(sign_in, path):
    page = sign_in(path.cast.bo)
    begin_call(page)
    fill_caller(page, pin=PIN)
    expect(page.locator("#gate")).to_contain_text("Verified")
    fill_problem(page)

    page.get_by_role("button", name="Log and dispatch").dblclick()

    expect(page.get_by_role("heading", name="Tell the caller")).to_be_visible()
    assert Ticket.objects.count() == 1
    assert Interaction.objects.get().ticket == Ticket.objects.get()


@pytest.mark.rule("V-05")
def test_a_caller_is_found_by_keyboard_and_proved_by_calling_back(sign_in, path):
    page = sign_in(path.cast.bo)
    begin_call(page)
    page.get_by_label("Find the caller").fill("Ada Lu")
    expect(page.locator("#matches button")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Account number")).to_be_focused()
    page.keyboard.type("A-100001")
    page.get_by_label("Phone", exact=True).fill("+61355500142")

    page.locator("#id_proof").fill("000111")
    page.keyboard.press("Enter")
    expect(page.locator(".sd-checks")).to_contain_text("2 attempts left")
    page.locator("#id_method_3").check(force=True)
    page.get_by_role("button", name="Call +61355500142").click()
    page.get_by_role("button", name="They answered").click()

    expect(page.locator("#gate")).to_contain_text("Verified")
    expect(page.get_by_label("Call-back number")).to_have_value("+61355500142")
    expect(page.get_by_label("Read back and confirmed")).to_be_focused()
