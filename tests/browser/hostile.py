"""A ticket whose every text is hostile, with all that stands around it at the desk."""

import json
from datetime import timedelta
from hashlib import sha256

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Contact, Organisation
from escalation.commands.request import request_escalation
from escalation.models import ConfirmLink, Duty
from quality.models import Survey
from tests.security.payloads import ALL, PAYLOADS
from tickets.commands.draft import Writing, keep_note_draft
from tickets.commands.interaction import save_draft
from tickets.commands.note import add_note
from tickets.commands.plan import add_work_item, promise
from tickets.models import CallScript, QueueView, TextBlock, Ticket

TYPED = ("find", "caller_name", "caller_organisation", "caller_email", "problem_what", "problem_since", "problem_where",
         "problem_impact", "problem_changed", "summary", "callback_number")  # fmt: skip


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
    _around(path, Ticket.objects.get(pk=ticket.pk))
    return Ticket.objects.get(pk=ticket.pk)


def _around(path, ticket: Ticket) -> None:
    """What stands around the desk's work: tags, text blocks, views, greetings, drafts of a call and of a note."""
    bo, at = path.cast.bo, path.tick()
    Ticket.objects.filter(pk=ticket.pk).update(tags=[PAYLOADS[2], "vip"])
    TextBlock.objects.create(name=PAYLOADS[1], body=ALL[:4000], use="both")
    kept = {"owner": bo, "created_at": at, "changed_at": at}
    QueueView.objects.create(name=PAYLOADS[3][:40], team=path.cast.l1, settings={"view": "all"}, **kept)
    CallScript.objects.update_or_create(
        queue="", language="en", defaults={"greeting": PAYLOADS[0], "hint": PAYLOADS[1]}
    )
    writing = Writing(act="internal", internal=ALL, public=PAYLOADS[28], promise_at=PAYLOADS[25])
    keep_note_draft(user=bo, number=ticket.number, writing=writing, at=at)
    call = path.ring()
    save_draft(user=bo, key=f"call:{call.uuid}", data=dict.fromkeys(TYPED, ALL[:400]), at=at)
    saw = json.dumps({"at": at.isoformat(), "values": {"title_": ALL, "impact": PAYLOADS[0]}})
    typed = {"kind": "fault", "category": "network_degradation", "title_": PAYLOADS[1][:200], "reason": PAYLOADS[2],
             "impact": "low", "urgency": "low", "saw": saw, "seen": "0", "version": "1"}  # fmt: skip
    save_draft(user=bo, key=f"conflict:{ticket.number}:reclassify", data={k: [v] for k, v in typed.items()}, at=at)


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
