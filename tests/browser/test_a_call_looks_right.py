"""The call screen where much happens: ringing on top on a dark phone, all of the triage on a desk."""

from django.urls import reverse
from playwright.sync_api import expect

from catalogue.models import Alert, Service
from tests.browser.conftest import looks_right
from tests.browser.typing import begin_call, check_pin, fill_caller
from tests.tickets.path import PIN
from tickets.models import RoutingRule

SLOWLY = "() => { const f = fetch; window.fetch = (...a) => new Promise((r) => setTimeout(() => r(f(...a)), 400)); }"


def test_a_second_call_rings_on_a_dark_phone_and_nothing_scrolls_sideways(sign_in, path):
    page = sign_in(path.cast.bo, width=390, height=844, dark=True)
    begin_call(page)
    with page.expect_response(lambda r: r.status == 204):
        page.get_by_label("Client name").fill("Somebody first")
    page.goto(page.base + reverse("desk:call-ring"))
    looks_right(page, "call-ring-390-dark")
    page.reload()
    page.get_by_label("Caller's number").fill("+61355500142")
    page.get_by_role("button", name="Let it ring").click()

    expect(page.get_by_role("button", name="Answer")).to_be_focused()
    expect(page.get_by_role("navigation", name="Calls in hand")).to_contain_text("Somebody first")
    looks_right(page, "call-second-390-dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()
    page.keyboard.press("Enter")
    expect(page.locator(".sd-state", has_text="Answered in")).to_be_visible()
    expect(page.get_by_label("Find the caller")).to_be_focused()


def test_a_verified_call_with_alerts_duplicates_and_a_new_service(sign_in, path):
    cast = path.cast
    path.triaged()
    RoutingRule.objects.create(position=10, category="network_interruption", tier="l1", team=cast.l1)
    Service.objects.create(service_id="CL-1", organisation=cast.northgate, type="cloud", name="Cloud", state="down")
    Alert.objects.create(organisation=cast.northgate, service=cast.service, key="los", summary="Loss of signal",
                         raised_at=path.now, traffic_affecting=True)  # fmt: skip
    page = sign_in(cast.bo, height=1400)
    begin_call(page)
    fill_caller(page, pin="000111")
    expect(page.locator("#gate")).to_contain_text("3 of 4 checks passed")
    looks_right(page, "call-gate-1440")
    page.reload()  # axe leaves styles of its own behind, which a swap may not carry
    check_pin(page, PIN)
    page.get_by_label("What happens").fill("The line to the clinic is dead, no link")
    page.get_by_label("Service", exact=True).select_option(label="EPL-30112 Ethernet line")
    page.get_by_label("Category").select_option("network_interruption")

    expect(page.locator("#call-route")).to_contain_text("Rule 10")
    expect(page.locator("#context")).to_contain_text("same service")
    looks_right(page, "call-verified-1440")
    page.reload()
    page.get_by_label("Kind").select_option("inquiry")
    expect(page.get_by_label("Business objectives")).to_be_visible()
    expect(page.get_by_label("What happens")).to_have_value("The line to the clinic is dead, no link")
    looks_right(page, "call-new-service-1440")


def test_words_typed_while_an_answer_is_on_its_way_are_kept(sign_in, path):
    page = sign_in(path.cast.bo)
    begin_call(page)
    fill_caller(page, pin=PIN)
    expect(page.locator("#gate")).to_contain_text("Verified")
    page.get_by_label("What happens").fill("The line")
    page.evaluate(SLOWLY)
    page.get_by_label("Category").select_option("cloud")
    page.get_by_label("What happens").fill("The line is dead")
    page.get_by_label("Since when").click()

    expect(page.locator("#proposal")).to_contain_text("Playbook version 1 follows")
    expect(page.get_by_label("What happens")).to_have_value("The line is dead")
