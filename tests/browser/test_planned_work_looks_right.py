"""Planned work and problems on screen: axe finds nothing, nothing scrolls sideways, in every shape (C-28, C-29)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.browser.conftest import looks_right
from tests.short import some
from tests.tickets.windows import Windows
from tickets.commands.problem_solve import describe_problem
from tickets.models import Problem

SHAPES = [(1440, False), (1440, True), (1024, False), (390, False), (390, True)]


@pytest.mark.parametrize(("width", "dark"), some(SHAPES, __name__, 1))
def test_planned_work_and_problems_hold_in_every_shape(sign_in, path, width, dark):
    windows = Windows(path.cast, path.now)
    noticed, asked, drafted = windows.noticed(), windows.requested(international=True), windows.draft()
    for _ in range(3):
        ticket = path.triaged()
        path.now += timedelta(hours=1)
    found = Problem.objects.get()
    said = {"known_error": "The run shares a riser with the lift", "workaround": "Patch to spare pair 4"}
    describe_problem(problem_id=found.pk, actor=path.cast.bo_actor, at=path.now, **said)
    pages = {
        path.cast.bo: {
            "maintenance": reverse("desk:maintenance"),
            "maintenance-draft": reverse("desk:maintenance-one", args=[drafted.uuid]),
            "maintenance-told": reverse("desk:maintenance-one", args=[noticed.uuid]),
            "maintenance-edit": reverse("desk:maintenance-edit", args=[drafted.uuid]),
            "problems": reverse("desk:problems"),
            "problem": reverse("desk:problem", args=[found.uuid]),
            "problem-new": reverse("desk:problem-new"),
            "ticket-known": reverse("desk:ticket", args=[ticket.number]),
        },
        windows.tess: {
            "approvals-windows": reverse("supervisor:approvals"),
            "maintenance-asked": reverse("desk:maintenance-one", args=[asked.uuid]),
        },
        path.cast.ada.user: {
            "portal-planned": reverse("portal:planned"),
            "portal-planned-one": reverse("portal:planned-one", args=[noticed.uuid]),
        },
    }
    for user, addresses in pages.items():
        page = sign_in(user, width=width, dark=dark)
        for name, address in addresses.items():
            page.goto(page.base + address)
            page.wait_for_selector("html[data-ready]")
            sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
            assert not sideways, f"{name} scrolls sideways at {width}"


def test_a_dialog_asks_for_what_a_refused_request_lacks(sign_in, path):
    windows = Windows(path.cast, path.now)
    noon = path.now + timedelta(days=14, hours=-8)
    drafted = windows.draft(starts_at=noon, ends_at=noon + timedelta(hours=1))
    page = sign_in(path.cast.bo)
    page.goto(page.base + reverse("desk:maintenance-one", args=[drafted.uuid]))
    page.get_by_role("button", name="Ask for approval").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Ask for approval").click()
    page.get_by_text("in working hours of a customer").first.wait_for()
    page.get_by_role("dialog").get_by_label("Why it cannot be off-peak").fill("The vendor comes by day")
    page.get_by_role("dialog").get_by_role("button", name="Ask for approval").click()
    page.get_by_text("Approval asked for").first.wait_for()
