"""The policy editor in a real browser: every width and theme, a draft that saves itself, keys, a conflict, the end."""

import pytest
from django.urls import reverse

from accounts.actors import actor_for
from escalation.commands.compare import run_comparisons
from escalation.commands.draft import begin_draft, save_draft
from escalation.models import PolicyDraft, PolicyVersion
from escalation.shapes import rule_of
from ledger import clock
from tests.browser.conftest import looks_right
from tests.factories.cast import staff
from tests.factories.policies import compared, drafted, published, read, with_rule
from tests.short import some

KEY = "priority_escalation"


def open_page(page, address):
    page.goto(page.base + address)
    page.wait_for_selector("html[data-ready]")


def here(rule: str = "", key: str = KEY) -> str:
    return reverse("supervisor:policy", args=[key]) + (f"?rule={rule}" if rule else "")


def saved(code: str):
    return rule_of(PolicyDraft.objects.get().shape, code)


@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, False)], __name__, 1))
def test_the_pages_of_policies_hold_in_every_shape(sign_in, path, width, dark):
    at, actor = clock.now(), path.cast.cy_actor
    path.to("l1")
    published("fault_handling", actor, clock.now(), T_4={"offset_s": 5400})
    page = sign_in(path.cast.cy, width=width, dark=dark)
    shape = f"{width}{'-dark' if dark else ''}"
    pages = {"policies": reverse("supervisor:policies"), "policy-read": here(),
             "policy-version": reverse("supervisor:policy-versions", args=[KEY]) + "?n=1",
             "policy-move": reverse("supervisor:policy-move", args=["fault_handling"])}  # fmt: skip
    for name, address in pages.items():
        open_page(page, address)
        _shown(page, f"{name}-{shape}")
    drafted(KEY, actor, at, F_1D={"offset_s": 900})
    open_page(page, here("F-2"))
    _shown(page, f"policy-broken-{shape}")
    page.get_by_role("button", name="Conditions").click()
    _shown(page, f"policy-conditions-{shape}")
    draft = PolicyDraft.objects.get()
    save_draft(key=KEY, shape=with_rule(draft.shape, "F-1D", offset_s=480), version=draft.version, actor=actor, at=at)
    compared(KEY, actor, at)
    read(KEY, actor, at)
    open_page(page, reverse("supervisor:policy-comparison", args=[KEY]))
    _shown(page, f"policy-comparison-{shape}")
    open_page(page, here("F-2"))
    page.get_by_role("button", name="Publish version 2").click()
    _shown(page, f"policy-publish-{shape}")


def _shown(page, name: str) -> None:
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    looks_right(page, name)
    assert not sideways, f"{name} scrolls sideways"


def test_what_is_typed_saves_itself_and_the_ladder_follows(sign_in, path):
    begin_draft(key=KEY, actor=path.cast.cy_actor, at=clock.now())
    page = sign_in(path.cast.cy)
    open_page(page, here("F-1D"))

    page.get_by_label("Time", exact=True).fill("15")
    page.get_by_role("alert").get_by_text("Not publishable: rule F-2 cannot work").wait_for()
    page.get_by_label("Time", exact=True).fill("9")
    page.locator(".sd-rules li[aria-current] b").get_by_text("9 min").wait_for()

    assert saved("F-1D")["offset_s"] == 9 * 60
    assert page.get_by_role("alert").get_by_text("Not publishable").count() == 0
    assert page.evaluate("document.activeElement.name") == "length"


def test_typed_words_that_never_reached_the_desk_are_there_after_loading_again(sign_in, path):
    begin_draft(key=KEY, actor=path.cast.cy_actor, at=clock.now())
    page = sign_in(path.cast.cy)
    open_page(page, here("F-1D"))
    page.route("**/do/rule/", lambda route: route.abort())

    page.get_by_label("Name", exact=True).fill("Three people know it")
    page.get_by_text("No line to the server").first.wait_for()
    page.locator("#rule-form[data-kept]").wait_for()
    open_page(page, here("F-1D"))

    assert page.get_by_label("Name", exact=True).input_value() == "Three people know it"


def test_words_typed_just_before_leaving_are_there_on_coming_back(sign_in, path):
    begin_draft(key=KEY, actor=path.cast.cy_actor, at=clock.now())
    page = sign_in(path.cast.cy)
    open_page(page, here("F-1D"))
    page.route("**/do/rule/", lambda route: route.abort())

    page.get_by_label("Name", exact=True).fill("Three people know it")
    page.get_by_role("link", name="F-2 CEO informed").click()
    page.get_by_role("heading", name="Rule F-2").wait_for()
    open_page(page, here("F-1D"))

    assert page.get_by_label("Name", exact=True).input_value() == "Three people know it"


def test_a_rule_moves_by_keys_and_another_ones_save_is_shown_beside(sign_in, path):
    begin_draft(key="fault_handling", actor=path.cast.cy_actor, at=clock.now())
    page = sign_in(path.cast.cy)
    open_page(page, here("T-5", "fault_handling"))

    page.locator("body").press("[")
    page.locator(".sd-rules li:last-child h3").get_by_text("T-4").wait_for()
    draft = PolicyDraft.objects.get()
    theirs = with_rule(draft.shape, "T-5", offset_s=4 * 3600)
    lea = actor_for(staff("lea@desk.example", "Lea Brandt", "administrator"))
    save_draft(key="fault_handling", shape=theirs, version=draft.version, actor=lea, at=clock.now())
    page.get_by_label("Time", exact=True).fill("5")

    page.get_by_text("Lea Brandt saved this draft meanwhile").wait_for()
    page.get_by_role("button", name="Save mine over it").click()
    page.get_by_text("saved this draft meanwhile").wait_for(state="detached")
    assert saved("T-5")["offset_s"] == 5 * 3600


def test_a_draft_is_simulated_and_published(sign_in, path):
    drafted(KEY, path.cast.cy_actor, clock.now(), F_1D={"offset_s": 480})
    page = sign_in(path.cast.cy)
    open_page(page, here("F-1D"))
    assert page.get_by_role("button", name="Publish version 2").is_disabled()

    page.get_by_role("button", name="Simulate before publish").click()
    page.get_by_text("waits for a worker").wait_for()
    run_comparisons(at=clock.now())
    page.get_by_text("run by both versions").wait_for()
    read(KEY, path.cast.cy_actor, clock.now())
    page.get_by_role("link", name="Back to the draft").click()
    page.get_by_role("button", name="Publish version 2").click()
    page.get_by_label("What changed").fill("Two minutes earlier")
    page.get_by_role("dialog").get_by_role("button", name="Publish version 2").click()

    page.get_by_text("Two minutes earlier").wait_for()
    assert PolicyVersion.objects.get(policy__key=KEY, n=2).note == "Two minutes earlier"
