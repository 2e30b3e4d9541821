"""Stored XSS: hostile words in every text and every place that shows them; the browser runs, fetches, asks nothing."""

import csv
import io
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Contact, Organisation
from channels.fakes import recording
from channels.letters import send_outbox
from escalation.commands.request import request_escalation
from escalation.models import ConfirmLink, Duty
from ledger import clock
from ledger.models import OutboxMessage
from quality.models import Survey
from tests.desk.conftest import BACKEND
from tests.security.payloads import ALL, MARK, PAYLOADS
from tickets.commands.note import add_note
from tickets.commands.plan import add_work_item, promise
from tickets.models import Ticket

ACTIVE = (
    "main :is(script, iframe, object, embed, base, meta, style), "
    "main :is([onerror], [onload], [onfocus], [ontoggle], [hx-get*='evil'], [src*='evil'], [href*='evil'])"
)


def hostile(path) -> Ticket:
    """A ticket at work whose every text is hostile, with an escalation and a file."""
    cast = path.cast
    first, second = PAYLOADS[0], PAYLOADS[1]
    Organisation.objects.filter(pk=cast.northgate.pk).update(name=f"Northgate {first}")
    Contact.objects.filter(pk=cast.ada.pk).update(name=f"Ada {second}")
    return _worked(path, Ticket.objects.get(pk=_signed(path).pk))


def _signed(path) -> Ticket:
    Organisation.objects.filter(pk=path.cast.northgate.pk).update(name="Northgate Health Alliance")
    ticket = path.signed()
    Organisation.objects.filter(pk=path.cast.northgate.pk).update(name=f"Northgate {PAYLOADS[0]}")
    Ticket.objects.filter(pk=ticket.pk).update(title=f"=1+1{PAYLOADS[25]}"[:200], caller_name=PAYLOADS[4][:120],
        caller_organisation=PAYLOADS[5][:160], description=ALL, problem_what=ALL)  # fmt: skip
    return ticket


def _worked(path, ticket: Ticket) -> Ticket:
    on = {"ticket_id": ticket.pk, "actor": path.cast.bo_actor}
    for text in (ALL, *PAYLOADS[:3]):
        for public in (True, False):
            file = SimpleUploadedFile("<img src=x onerror=alert(1)>.txt", b"plain words", "text/plain")
            add_note(body=text, public=public, attachments=[file], at=path.tick(), **on)
    for text in PAYLOADS:
        add_work_item(title=text.replace("\n", " ")[:200], owner_user_id=path.cast.bo.pk, due_at=None, public=True,
                      at=path.tick(), **on)  # fmt: skip
    promise(kind="callback", due_at=path.now + timedelta(hours=9), text=PAYLOADS[7][:240], at=path.tick(), **on)
    request_escalation(ticket_id=ticket.pk, reason=ALL[:3900], relation="customer", requester_name=PAYLOADS[4][:120],
                       actor=path.cast.bo_actor, at=path.tick())  # fmt: skip
    return Ticket.objects.get(pk=ticket.pk)


def links(path, ticket: Ticket) -> list[str]:
    """One-tap and survey links to the ticket."""
    token, at = sha256(b"hostile").hexdigest(), path.now
    escalation = ticket.escalations.get()
    person = path.cast.people["account_manager"]
    duty = Duty.objects.filter(escalation=escalation).first() or Duty.objects.create(
        escalation=escalation, stage=1, role="account_manager", person=person, told_at=at
    )
    until = at + timedelta(days=1)
    ConfirmLink.objects.create(duty=duty, person=person, token_sha256=token, created_at=at, expires_at=until)
    Survey.objects.create(ticket=ticket, contact=path.cast.ada, token_sha256=token, sent_at=at, expires_at=until)
    return ["/c/hostile/", "/s/hostile/"]


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
                       "/desk/search/?q=northgate", f"/desk/customers/{path.cast.northgate.uuid}/"],
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
