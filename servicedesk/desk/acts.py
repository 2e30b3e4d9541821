"""What an agent can do in a call. Each act takes the room and returns where to go, or None to stay.

Raises Refused. The typed text is in the draft before any act begins, so a refusal loses nothing.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.errors import Refused
from ledger.idempotency import Answer, once, request_hash
from servicedesk.desk import proving
from servicedesk.desk.forms.facts import triage_of
from servicedesk.desk.room import DEFAULTS, Room, draft_key
from servicedesk.desk.speech import title_of
from tickets.commands.appointment import make_appointment
from tickets.commands.inquiry import asks_for_service, record_inquiry
from tickets.commands.interaction import answer_interaction, attach_interaction, end_interaction, save_draft
from tickets.commands.log import LogTicket, begin_verification, log_ticket
from tickets.commands.triage import triage
from tickets.commands.verify import reject, verify, verify_prospect
from tickets.models import SalesInquiry, Ticket

INTAKE = ("caller_name", "caller_organisation", "caller_email", "caller_phone", "problem_what", "problem_since",
          "problem_where", "problem_impact", "problem_changed")  # fmt: skip
WEIGHED = ("scope", "impact", "urgency")


def propose(room: Room) -> None:
    """Take over what monitoring and other tickets suggest for the chosen service; the agent may change it."""
    found = room.proposal
    if found is None:
        return
    room.data["scope"], room.data["impact"], room.data["urgency"] = found.scope, found.impact, found.urgency
    room.data["taken"] = _weighed(room)
    if found.critical:
        room.data["critical"] = "on"


def follow(room: Room) -> None:
    """Propose anew for another service or category, unless the agent has changed what was proposed before."""
    untouched = "/".join(DEFAULTS[name] for name in WEIGHED)
    if _weighed(room) in {room.data.get("taken") or untouched, untouched}:
        propose(room)


def _weighed(room: Room) -> str:
    return "/".join(room.data.get(name, "") for name in WEIGHED)


def log(room: Room) -> str:
    """Log, verify and dispatch in one transaction; a double click logs once."""
    if not room.open:
        raise Refused("not_verified", _("Verify the caller first. Until then you may document, verify or reject."))
    if not room.form.is_valid():
        raise Refused("incomplete", _("Look at the marked fields."))
    digest = request_hash("desk.call.log", str(room.interaction.uuid))
    key = f"call:{room.interaction.uuid}"

    def run() -> Answer:
        ticket = _open(room, _intake(room))
        found = room.proposal
        wanted = triage_of(room.form.cleaned_data, proposed_scope=found.scope if found and found.reasons else "")
        ticket = triage(ticket_id=ticket.pk, triage=wanted, actor=room.actor, at=room.at)
        if asks_for_service(ticket):
            _new_service(room, ticket)
        return Answer(status=303, body={"number": ticket.number})

    once(client=room.actor.ref, key=key, digest=digest, at=room.at, run=run)
    return reverse("desk:call", args=[room.interaction.uuid])


@transaction.atomic
def turn_away(room: Room) -> str:
    """Log the call and reject it."""
    ticket = _intake(room)
    if all(room.data.get(name) for name in INTAKE[:5]):
        begin_verification(ticket_id=ticket.pk, actor=room.actor, at=room.at)
    reason = room.data.get("reject_reason") or "out_of_remit"
    reject(ticket_id=ticket.pk, reason=reason, actor=room.actor, at=room.at)
    end_interaction(interaction_id=room.interaction.pk, actor=room.actor, at=room.at)
    return reverse("desk:ticket", args=[ticket.number])


def park(room: Room) -> str:
    """End the call and leave it on the list of unfinished calls; the draft stays."""
    if not room.ended:
        end_interaction(interaction_id=room.interaction.pk, actor=room.actor, at=room.at)
    return reverse("desk:my-day")


def dispose(room: Room) -> str:
    """End the call without a ticket, saying what it was."""
    disposition = room.data.get("disposition")
    if not disposition:
        raise Refused("no_disposition", _("Choose what the call was."), "disposition")
    end_interaction(
        interaction_id=room.interaction.pk, disposition=disposition, summary=room.data.get("summary", ""),
        actor=room.actor, at=room.at,
    )  # fmt: skip
    return reverse("desk:my-day")


def join(room: Room) -> str:
    """Add this call to an open ticket of the same customer; the caller joins as another reporter."""
    if not room.verified:
        raise Refused("not_verified", _("Verify the caller first. Until then you may document, verify or reject."))
    found = Ticket.objects.visible_to(room.actor).filter(number=room.data.get("join", ""))
    ticket = found.filter(organisation_id=room.interaction.organisation_id).first()
    if ticket is None:
        raise Refused("unknown_ticket", _("This ticket is not one of this customer's."))
    attach_interaction(interaction_id=room.interaction.pk, ticket_id=ticket.pk, actor=room.actor, at=room.at)
    said = "\n".join(filter(None, (room.data.get(name, "").strip() for name in INTAKE[4:])))
    if said and not room.data.get("summary"):  # what the caller said goes into the summary of the call
        room.data["summary"] = said
        me = User.objects.get(pk=room.actor.user_id)
        save_draft(user=me, key=draft_key(room.interaction), data=room.form.typed(), at=room.at)
    return reverse("desk:call", args=[room.interaction.uuid])


def answer(room: Room) -> None:
    """Take the ringing call (C-07)."""
    answer_interaction(interaction_id=room.interaction.pk, actor=room.actor, at=room.at)
    room.data["find"] = ""


def end(room: Room) -> str:
    """End a call that belongs to a ticket."""
    end_interaction(
        interaction_id=room.interaction.pk, summary=room.data.get("summary", ""), actor=room.actor, at=room.at
    )
    ticket = room.interaction.ticket
    return reverse("desk:ticket", args=[ticket.number]) if ticket else reverse("desk:my-day")


def _intake(room: Room) -> Ticket:
    data = room.data
    contact = room.contact if room.contact and not room.prospect else None
    return log_ticket(
        LogTicket(
            channel=room.interaction.channel,
            title=title_of(data.get("problem_what", ""), data.get("category", "")),
            kind=data.get("kind") or "fault",
            contact_id=contact.pk if contact else None,
            interaction_id=room.interaction.pk,
            callback_number=data.get("callback_number", ""),
            prospect=room.prospect,
            received_at=room.interaction.started_at,
            **{name: data.get(name, "") for name in INTAKE},
        ),
        actor=room.actor,
        at=room.at,
    )


def _new_service(room: Room, ticket: Ticket) -> None:
    """Write down what a new service is to be, and arrange the consultation (V-07)."""
    who: dict[str, Any] = {"ticket_id": ticket.pk, "actor": room.actor, "at": room.at}
    said = room.form.cleaned_data
    answers = {name: said[name] for name in SalesInquiry.FIELDS if said[name]}
    if answers:
        record_inquiry(**who, **answers)
    if said["consult_at"]:
        minutes = int(said["consult_minutes"] or 60)
        make_appointment(**who, starts_at=said["consult_at"], minutes=minutes, place=said["consult_place"])


def _open(room: Room, ticket: Ticket) -> Ticket:
    """Begin the verification and pass it with what this call proved."""
    said = {"callback_number": room.data.get("callback_number", ""),
            "callback_confirmed": bool(room.data.get("callback_confirmed"))}  # fmt: skip
    begin_verification(ticket_id=ticket.pk, actor=room.actor, at=room.at)
    who: dict[str, Any] = {"ticket_id": ticket.pk, "actor": room.actor, "at": room.at}
    if room.prospect:
        return verify_prospect(**who, **said)
    return verify(**who, **said, verification_id=room.passed.pk if room.passed else None)


TYPING = frozenset({"keep", "look", "propose", "follow"})  # change what is typed, and nothing else
ACTS: dict[str, Callable[[Room], str | None]] = {
    "check": proving.check, "code": proving.code, "ask": proving.ask, "answered": proving.answered,
    "no_answer": proving.no_answer, "propose": propose, "follow": follow, "log": log, "reject": turn_away, "park": park,
    "dispose": dispose, "end": end, "answer": answer, "callback": proving.call_back,
}  # fmt: skip
