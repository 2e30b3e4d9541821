"""Journey 5 in a real browser: raise, consent, escalate, dispute, confirm, rate; and all of it without script."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.portal.parts import asked_to_pause, solved
from tickets.commands.note import add_note
from tickets.commands.resolve import resolve
from tickets.commands.suspend import request_suspension
from tickets.commands.triage import Triage, triage
from tickets.commands.work import sign_for
from tickets.models import Suspension, Ticket

FACTS = {"kind": "fault", "category": "network_degradation", "impact": "medium", "urgency": "medium", "scope": "single"}


def work_on(path, ticket):
    """Our side, by the commands: triage, sign for, a public note, and the question whether we may pause."""
    cast, at = path.cast, path.tick()
    facts = Triage(**FACTS, service_id=cast.service.pk, team_id=cast.l1.pk, tier="l1")
    triage(ticket_id=ticket.pk, triage=facts, actor=cast.cy_actor, at=at)
    who = {"ticket_id": ticket.pk, "actor": cast.bo_actor, "at": at}
    sign_for(**who)
    add_note(body="We measure the line end to end.", public=True, **who)
    pause = {"reason_code": "customer_unavailable", "reason": "The comms room is locked until nine."}
    request_suspension(until=path.now.replace(day=path.now.day + 2), **pause, **who)


def solve(path, ticket):
    """Our side: resolved."""
    resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Copper run was damaged.",
        resolution="Replaced the copper run.", participants_confirmed=True, actor=path.cast.bo_actor, at=path.tick(),
    )  # fmt: skip


@pytest.mark.rule("A-08")
@pytest.mark.rule("C-22")
@pytest.mark.rule("C-25")
def test_a_customer_raises_consents_escalates_disputes_confirms_and_rates(sign_in, path, tmp_path: Path):
    log = tmp_path / "loss.csv"
    log.write_text("time,loss\n09:00,4\n")
    page = sign_in(path.cast.ada.user)
    page.goto(f"{page.base}/portal/")
    page.get_by_role("link", name="Raise a ticket").click()
    page.get_by_label("Service").select_option(label="EPL-30112 Ethernet line")
    expect(page.get_by_role("heading", name="Already open for this service")).to_be_visible()
    page.get_by_label("What happens").fill("Uploads from imaging stall. Loss is 4 percent.")
    page.get_by_text("Work stops", exact=True).click()
    page.get_by_label("Attach files or photos").set_input_files(log)
    page.get_by_role("button", name="Send ticket").click()

    ticket = Ticket.objects.get()
    expect(page.get_by_text(f"We have your report: {ticket.number}")).to_be_visible()
    expect(page.get_by_role("link", name="loss.csv")).to_be_visible()

    work_on(path, ticket)
    page.reload()
    expect(page.get_by_text("We measure the line end to end.")).to_be_visible()
    page.get_by_role("button", name="Consent to the pause").click()
    expect(page.get_by_text("You consented to a pause")).to_be_visible()
    assert Suspension.objects.get().consent is True

    page.get_by_text("Request escalation").click()
    page.get_by_label("Why it needs management now").fill("Imaging stands still in four clinics.")
    page.get_by_role("button", name="Escalate to management").click()
    expect(page.locator("#now")).to_contain_text("Mo Tan, duty manager, reviews it")

    solve(path, ticket)
    page.reload()
    page.get_by_label("What still happens").fill("Uploads still stall after six.")
    page.get_by_role("button", name="No, send it back").click()
    expect(page.locator("#notes")).to_contain_text("Uploads still stall after six.")

    sign_for(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())
    solve(path, ticket)
    page.reload()
    page.get_by_role("button", name="Yes, it is solved").click()
    page.locator("[name=rating][value='5']").check(force=True)
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_role("heading", name="How did we do?")).to_have_count(0)
    assert Ticket.objects.get().surveys.get().rating == 5


def test_a_refused_reply_keeps_the_words_and_a_draft_survives_a_reload(sign_in, path):
    ticket = solved(path.cast, path.now)
    page = sign_in(path.cast.ada.user)
    page.goto(f"{page.base}/portal/tickets/{ticket.number}/")
    page.locator("#reply-body").fill("Half a thought")
    page.locator("form[data-draft^='reply'][data-kept]").wait_for()

    page.reload()

    expect(page.locator("#reply-body")).to_have_value("Half a thought")
    page.locator("#reply-attachments").set_input_files({"name": "x.exe", "mimeType": "a/b", "buffer": b"MZ12"})
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("are not kept")).to_be_visible()
    expect(page.locator("#reply-body")).to_have_value("Half a thought")


def test_everything_works_without_script(chromium_browser, sign_in, path):
    cast = path.cast
    pause = asked_to_pause(cast, path.now, title="Loss at the clinic")
    done = solved(cast, path.now, title="Night forwarding")
    cookies = sign_in(cast.ada.user).context.cookies()
    page = sign_in(cast.ada.user)
    base = page.base
    context = chromium_browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{base}/portal/")
    page.get_by_role("link", name=f"May we pause {pause.number}?").click()
    page.get_by_role("button", name="No, keep working").click()
    expect(page.locator("#asks")).not_to_contain_text("May we pause")
    page.get_by_label("Write to us").last.fill("Please go on.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#notes")).to_contain_text("Please go on.")
    page.get_by_text("Request escalation").click()
    page.get_by_label("Why it needs management now").fill("Clinics are closed.")
    page.get_by_role("button", name="Escalate to management").click()
    expect(page.locator("#now")).to_contain_text("Escalated to management")

    page.goto(f"{base}/portal/tickets/{done.number}/")
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.get_by_role("heading", name="How did we do?")).to_be_visible()
    page.goto(f"{base}/portal/raise/")
    page.get_by_label("What happens").fill("The door phone is dead.")
    page.get_by_role("button", name="Send ticket").click()
    expect(page.locator("#now")).to_contain_text("We have your report")
    context.close()
