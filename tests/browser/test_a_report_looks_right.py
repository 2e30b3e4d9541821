"""The report on paper and on screen: axe finds nothing, nothing scrolls sideways, nothing typed is lost on the way."""

import pytest
from django.urls import reverse

from accounts.models import User
from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import file_report, release_report
from quality.reports.commands.save import Measure, save_report
from quality.reports.models import Edition
from tests.browser.conftest import looks_right
from tests.quality.conftest import WRITTEN
from tests.short import some
from tickets.commands.resolve import resolve
from tickets.commands.resume import resume


def filed_after_a_pause(path) -> Edition:
    """A report with everything on it: a pause with consent, a measure, a released version."""
    ticket = path.suspended()
    ticket = resume(ticket_id=ticket.pk, reason="The clinic opened", actor=path.cast.bo_actor, at=path.tick())
    resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre", at=path.tick(),
        resolution="Fibre replaced", participants_confirmed=True, actor=path.cast.bo_actor,
    )  # fmt: skip
    draft = draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())
    save_report(edition_id=draft.pk, content=WRITTEN, actor=path.cast.bo_actor, at=path.tick())
    measures = type(WRITTEN)(measures=[Measure(title="Alarm on refused calls", owner=path.cast.sam.uuid)])
    save_report(edition_id=draft.pk, content=measures, actor=path.cast.bo_actor, at=path.tick())
    file_report(edition_id=draft.pk, people_confirmed=True, actor=path.cast.bo_actor, at=path.tick())
    return release_report(edition_id=draft.pk, actor=path.cast.cy_actor, at=path.tick())


@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, False)], __name__, 1))
def test_the_pages_of_a_report_hold_in_every_shape(sign_in, path, width, dark):
    filed = filed_after_a_pause(path)
    draft = draft_report(ticket_id=path.resolved().pk, actor=path.cast.bo_actor, at=path.tick())
    begin = path.resolved().number
    addresses = {
        "report": reverse("desk:report", args=[filed.uuid]),
        "report-customer": reverse("desk:report", args=[filed.uuid]) + "?for=customer",
        "report-edit": reverse("desk:report-edit", args=[draft.uuid]),
        "report-amend": reverse("desk:report-amend", args=[filed.uuid]),
        "report-begin": reverse("desk:ticket-report", args=[begin]),
        "reports": reverse("desk:fault-reports"),
        "reports-filed": reverse("desk:fault-reports") + "?view=filed",
    }
    page = sign_in(path.cast.bo, width=width, dark=dark)
    for name, address in addresses.items():
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
        assert not sideways, f"{name} scrolls sideways at {width}"


def test_a_report_is_written_and_filed_in_the_browser(sign_in, path):
    ticket = path.resolved()
    page = sign_in(path.cast.bo)
    page.goto(page.base + reverse("desk:ticket", args=[ticket.number]))
    page.get_by_role("link", name="Fault report", exact=True).last.click()
    page.get_by_role("button", name="Draft the report").click()
    page.get_by_label("Prevention").fill("Both sides are compared first.")
    page.get_by_role("button", name="File report").click()
    assert page.get_by_text("Look through the people who took part").first.is_visible()
    assert page.get_by_label("Prevention").input_value() == "Both sides are compared first."
    page.get_by_label("I looked through the people; the list is complete").check()
    page.get_by_role("button", name="File report").click()
    page.get_by_text("Filed in time").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == f"fault-report-{ticket.number}-v1.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert User.objects.get(pk=path.cast.bo.pk) == Edition.objects.get().filed_by


def test_words_typed_and_not_saved_are_there_again_after_a_reload(sign_in, path):
    draft = draft_report(ticket_id=path.resolved().pk, actor=path.cast.bo_actor, at=path.tick())
    page = sign_in(path.cast.bo)
    page.goto(page.base + reverse("desk:report-edit", args=[draft.uuid]))
    page.get_by_label("Cause", exact=True).fill("Not the fibre: the codec")
    page.wait_for_selector("form[data-kept]")

    page.reload()

    page.wait_for_selector("form[data-restored]")
    assert page.get_by_label("Cause", exact=True).input_value() == "Not the fibre: the codec"
