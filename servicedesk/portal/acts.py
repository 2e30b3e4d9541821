"""What a customer may do on a ticket: each act takes the ticket and a valid form and runs one command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escalation.commands.request import request_escalation
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.idempotency import Answer, once, request_hash
from quality.own_answers import answer_own
from servicedesk.portal import forms
from servicedesk.portal.door import PortalRequest
from tickets.commands.close import cancel
from tickets.commands.plan import finish_work_item
from tickets.commands.reply import reply as reply_to
from tickets.commands.resolve import confirm as confirm_solution
from tickets.commands.resolve import dispute as dispute_solution
from tickets.commands.suspend import record_consent
from tickets.models import Suspension, Ticket, WorkItem

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its form, what it runs (returning the ticket to show next), and what is said when it is done."""

    form: type[forms.PortalForm]
    run: Callable[[Ticket, Data, Actor, datetime], Ticket]
    said: Any


def reply(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """Write to the team. On a closed ticket this reopens it, or opens a new one that follows it."""
    note = reply_to(
        ticket_id=ticket.pk, body=data["body"], attachments=data["attachments"], channel="portal", actor=actor, at=at
    )
    return note.ticket


def consent(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """Answer whether we may pause (C-22)."""
    found = Suspension.objects.filter(ticket=ticket, uuid=data["suspension"]).first()
    if found is None:
        raise Refused("unknown_suspension", _("That question is not open any more. Look at the ticket again."))
    return record_consent(suspension_id=found.pk, given=data["given"] == "yes", how="portal", actor=actor, at=at)


def confirm(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """It is solved (C-25)."""
    return confirm_solution(ticket_id=ticket.pk, how="customer", actor=actor, at=at)


def dispute(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """It is not solved: what still happens is written for the team, and the ticket goes back."""
    dispute_solution(ticket_id=ticket.pk, reason=data["reason"], actor=actor, at=at)
    reply_to(ticket_id=ticket.pk, body=data["reason"], channel="portal", actor=actor, at=at)
    return ticket


def escalate(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """Ask for management (A-06, X-03)."""
    request_escalation(ticket_id=ticket.pk, reason=data["reason"], relation="customer", actor=actor, at=at)
    return ticket


def step(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """Finish an own step of the plan (A-08)."""
    mine = WorkItem.objects.filter(ticket=ticket, uuid=data["item"], owner_contact_id=actor.contact_id, public=True)
    item = mine.first()
    if item is None:
        raise Refused("unknown_item", _("That step is not yours, or not open any more."))
    finish_work_item(work_item_id=item.pk, evidence=data["evidence"], actor=actor, at=at)
    return ticket


def withdraw(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """End an own organisation's ticket that is no longer needed."""
    return cancel(ticket_id=ticket.pk, reason=data["reason"], actor=actor, at=at)


def rate(ticket: Ticket, data: Data, actor: Actor, at: datetime) -> Ticket:
    """Say how well we did, in the round sent to this contact (C-05, C-12)."""
    speed = data["response_rating"]
    answer_own(
        ticket_id=ticket.pk, rating=int(data["rating"]), response_rating=int(speed) if speed else None,
        comment=data["comment"], actor=actor, at=at,
    )  # fmt: skip
    return ticket


ACTS: dict[str, Act] = {
    "reply": Act(forms.ReplyForm, reply, _("Sent to the team")),
    "consent": Act(forms.ConsentForm, consent, _("Your answer is recorded")),
    "confirm": Act(forms.ConfirmForm, confirm, _("Thank you: recorded as solved")),
    "dispute": Act(forms.DisputeForm, dispute, _("Sent back to the team")),
    "escalate": Act(forms.EscalateForm, escalate, _("Management is told")),
    "step": Act(forms.StepForm, step, _("Step done")),
    "withdraw": Act(forms.WithdrawForm, withdraw, _("The ticket is withdrawn")),
    "rate": Act(forms.RateForm, rate, _("Thank you for your rating")),
}


def run_once(
    request: PortalRequest, form: forms.PortalForm, at: datetime, run: Callable[[], Ticket]
) -> tuple[str, bool]:
    """Run a command once for the form's key and return (address of the ticket to show, whether it ran now).

    A repeat of the same form gets the first answer and changes nothing.
    """
    files = [(f.name, f.size) for name in sorted(request.FILES) for f in request.FILES.getlist(name)]
    words = {name: values for name, values in request.POST.lists() if name not in {"csrfmiddlewaretoken", "once"}}
    digest = request_hash("portal", request.path, words, files)
    key = f"portal:{form.cleaned_data.get('once') or forms.fresh_key()}"

    def answer() -> Answer:
        return Answer(status=303, body={"to": reverse("portal:ticket", args=[run().number])})

    made = once(client=request.actor.ref, key=key, digest=digest, at=at, run=answer)
    return made.body["to"], not made.replayed
