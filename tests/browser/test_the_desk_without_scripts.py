"""With scripts switched off the main path goes by plain forms: call, triage, signing, note, pause, filters, search."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from tests.desk.test_a_call_at_the_door import SAID
from tests.tickets.path import PIN
from tickets.models import Note, Suspension, Ticket


def act(page, value: str) -> None:
    page.locator(f"button[name=act][value={value}]").first.click()


def test_a_call_becomes_a_ticket_at_work_by_forms_alone(sign_in, path):
    page = sign_in(path.cast.bo, java_script_enabled=False)
    page.goto(page.base + reverse("desk:call-new"))
    page.locator("main form button").first.click()
    page.locator("#id_find").fill("Ada")
    act(page, "look")
    page.locator("[name=choose]").first.click()
    for name in ("account_number", "caller_email", "caller_phone", "problem_what"):
        page.locator(f"[name={name}]").fill(SAID[name])
    page.locator("[name=proof]").fill(PIN)
    act(page, "check")
    expect(page.locator("#call-room")).to_contain_text("Verified")
    page.locator("[name=callback_number]").fill(SAID["callback_number"])
    page.locator("[name=callback_confirmed]").check()
    page.locator("#id_category").select_option("network_interruption")
    page.locator("#id_service").select_option(str(path.cast.service.uuid))
    act(page, "propose")
    act(page, "log")
    ticket = Ticket.objects.get()
    expect(page.locator("#say-h")).to_be_visible()

    page.goto(page.base + reverse("desk:ticket", args=[ticket.number]))
    page.locator("#next form[action$='/sign-for/'] button").click()
    page.locator("#note-body").fill("Port 7 shows errors")
    page.locator("#composer [data-ctrl-enter]").click()
    expect(page.locator("#tl")).to_contain_text("Port 7 shows errors")
    page.get_by_role("link", name="Suspend").click()
    page.get_by_label("In words").fill("The clinic is closed until noon")
    page.get_by_label("Until").fill(f"{path.now.date()}T20:00")
    page.get_by_role("button", name="Ask the customer").click()
    assert (Note.objects.count(), Suspension.objects.get().state) == (1, "requested")

    page.goto(page.base + reverse("desk:queue-filters"))
    page.locator("main [name=priority]").first.check(force=True)
    page.locator("main form [type=submit], main form button:not([type=button])").last.click()
    expect(page).to_have_url(re.compile("priority=P"))
    page.goto(page.base + reverse("desk:search") + f"?q={ticket.number}")
    expect(page.locator("main")).to_contain_text(ticket.title)
