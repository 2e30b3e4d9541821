"""Journey 1 on the whole desk: a call is taken in Chromium, the customer has the number by mail, the gate holds."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.typing import begin_call, check_pin, fill_caller, fill_problem
from tests.journeys.furnish import PIN
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.browser]


@pytest.mark.rule("C-02")
def test_a_call_becomes_a_ticket_and_its_number_reaches_the_caller_by_mail(desk, enter):
    before = len(desk.mail("ada@northgate.example"))
    page = enter("bo@desk.example")
    begin_call(page)
    fill_caller(page, pin="000111")
    expect(page.locator(".sd-checks")).to_contain_text("2 attempts left")
    expect(page.get_by_role("button", name="Log and dispatch")).to_be_disabled()

    check_pin(page, PIN)
    expect(page.locator("#gate")).to_contain_text("Verified")
    fill_problem(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Tell the caller")).to_be_visible()

    said = page.locator(".sd-script").text_content()
    number = re.search(r"SD-\d{6,}", said)[0]
    until(lambda: len(desk.mail("ada@northgate.example")) > before, seconds=60, says="the receipt is sent")
    receipt = desk.mail("ada@northgate.example")[before]
    assert number in receipt["Subject"]
    received = "SELECT acknowledged_at IS NOT NULL FROM tickets_ticket WHERE number = %s"
    until(lambda: desk.sql(received, number)[0][0], seconds=30, says="the receipt stops its clock (E-3)")
    assert desk.sql("SELECT state, priority <> '' FROM tickets_ticket WHERE number = %s", number) == [("l1", True)]


@pytest.mark.rule("P-02")
def test_before_verification_the_shell_and_every_door_refuse_the_same_command(desk, people):
    code = (
        "from accounts.actors import actor_for; from accounts.models import User; from ledger import clock;"
        "from tickets.commands.log import LogTicket, log_ticket;"
        "bo = actor_for(User.objects.get(email='bo@desk.example'));"
        "print(log_ticket(LogTicket(channel='call', title='Unknown caller', description='?', caller_name='N',"
        " caller_organisation='N', caller_email='n@n.example', caller_phone='+61300000000'), actor=bo,"
        " at=clock.now()).number)"
    )
    number = desk.manage("shell", "-v", "0", "-c", code).strip()

    answer = people["bo"].attempt(number, "sign-for")
    page = people["bo"].post(f"/desk/tickets/{number}/sign-for/", version=people["bo"].ticket(number)["version"])
    shell = (
        "from accounts.actors import actor_for; from accounts.models import User; from ledger import clock;"
        "from ledger.errors import Refused; from tickets.commands.work import sign_for;"
        "from tickets.models import Ticket; bo = actor_for(User.objects.get(email='bo@desk.example'))\n"
        f"try: sign_for(ticket_id=Ticket.objects.get(number='{number}').pk, actor=bo, at=clock.now())\n"
        "except Refused as refusal: print(refusal.code)"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "not_verified")
    assert page.status_code == 422
    assert desk.manage("shell", "-v", "0", "-c", shell).strip() == "not_verified"
    assert people["bo"].ticket(number)["owner"] is None
