"""Stored XSS: hostile words in every text and every place that shows them; the browser runs, fetches, asks nothing."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from channels.fakes import recording
from channels.letters import send_outbox
from ledger import clock
from ledger.models import OutboxMessage
from tests.browser.hostile import hostile, links
from tests.desk.conftest import BACKEND
from tests.security.payloads import MARK


def watched(page) -> list[str]:
    """What the page must not do, as it does it."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: seen.append(request.url) if not request.url.startswith((page.base, "data:")) else None,
    )
    return seen


@pytest.mark.rule("C-16")
def test_hostile_words_are_only_words_on_every_page(sign_in, path, settings):
    settings.OUTBOUND = "record"
    ticket = hostile(path)
    number, escalation = ticket.number, ticket.escalations.get()
    pages = {
        path.cast.bo: [reverse("desk:ticket", args=[number]), "/desk/?view=all", "/desk/my-day/", "/desk/my-tickets/",
                       "/desk/search/?q=northgate", f"/desk/customers/{path.cast.northgate.uuid}/",
                       f"/desk/tickets/{number}/text-blocks/", f"/desk/tickets/{number}/conflict/reclassify/",
                       "/desk/views/", "/desk/inbox/", f"/desk/calls/{path.call.uuid}/"],
        path.cast.cy: ["/supervisor/", "/supervisor/wall/", f"/supervisor/escalations/{escalation.uuid}/",
                       "/supervisor/approvals/", *links(path, ticket)],
        path.cast.ada.user: ["/portal/", f"/portal/tickets/{number}/", "/portal/contacts/", "/portal/raise/"],
    }  # fmt: skip
    shown = 0
    for user, addresses in pages.items():
        page = sign_in(user)
        seen = watched(page)
        for address in addresses:
            answer = page.goto(page.base + address)
            assert answer.status == 200, address
            page.wait_for_load_state("networkidle")
            assert page.title() != MARK and seen == [], (address, seen)
            assert (
                page.locator("main script, main iframe, main object, main embed, main base, main meta").count() == 0
            ), address
            assert (
                page.locator("main [onerror], main [onload], main [hx-get*='evil'], main img[src*='evil']").count() == 0
            )
            shown += MARK in page.locator("body").inner_text()
    assert shown >= 6


def test_mail_and_tables_hold_them_as_words_too(path, settings, client):
    settings.OUTBOUND = "record"
    recording.clear()
    ticket = hostile(path)
    clock.set_demo(demo_now=path.tick())
    OutboxMessage.objects.filter(state="pending").update(due_at=clock.real_now() - timedelta(minutes=1))
    send_outbox(limit=200)
    assert any(MARK in mail.html for mail in recording.letters)
    for mail in recording.letters:
        low = mail.html.lower()
        assert "<script" not in low and "<img" not in low and "<svg" not in low and 'onerror="' not in low, mail.subject
        assert "\n" not in mail.subject
    recording.clear()
    for user, address in ((path.cast.bo, "/desk/export.csv?view=all"), (path.cast.ada.user, "/portal/export.csv")):
        browser = Client()
        browser.force_login(user, backend=BACKEND)
        answer = browser.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
        assert any(cell.startswith("'=1+1") for cell in cells), address
        assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell], address
        assert "attachment" in answer.headers["Content-Disposition"]
    assert ticket.number
