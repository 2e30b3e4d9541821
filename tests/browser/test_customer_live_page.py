"""An open ticket page takes in news by itself and never touches what is being typed."""

from playwright.sync_api import expect

from tests.portal.parts import asked_to_pause, at_work
from tickets.commands.note import add_note
from tickets.commands.suspend import request_suspension

HINT = """
for (const part of document.querySelectorAll('[data-live]')) part.dispatchEvent(new Event('desk:due', {bubbles: true}))
"""


def test_news_and_questions_appear_while_a_reply_is_being_typed(sign_in, path):
    ticket = at_work(path.cast, path.now)
    page = sign_in(path.cast.ada.user)
    page.goto(f"{page.base}/portal/tickets/{ticket.number}/")
    page.wait_for_selector("html[data-ready]")
    page.locator("#reply-body").fill("I was just going to ask")
    who = {"ticket_id": ticket.pk, "actor": path.cast.bo_actor, "at": path.now}
    add_note(body="The technician is on the way.", public=True, **who)
    add_note(body="CANARY he is late again", public=False, **who)
    until = path.now.replace(day=path.now.day + 2)
    request_suspension(reason_code="parts", reason="The card arrives tomorrow.", until=until, **who)

    page.evaluate(HINT)

    expect(page.locator("#notes")).to_contain_text("The technician is on the way.")
    expect(page.locator("#asks")).to_contain_text("We wait for parts")
    expect(page.locator("#reply-body")).to_have_value("I was just going to ask")
    assert "CANARY" not in page.content()


def test_the_list_takes_in_a_new_question(sign_in, path):
    ticket = at_work(path.cast, path.now)
    page = sign_in(path.cast.ada.user)
    page.goto(f"{page.base}/portal/?view=open")
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_role("heading", name="Needs you")).to_have_count(0)
    asked = asked_to_pause(path.cast, path.now, title="Another line")

    page.evaluate(HINT)

    expect(page.get_by_role("link", name=f"May we pause {asked.number}?")).to_be_visible()
    expect(page.get_by_role("link", name=ticket.title)).to_be_visible()
