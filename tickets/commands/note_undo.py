"""A note taken back within minutes, or blanked for good by two people; that it happened stays on record."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.redact import redact_text
from tickets import lifecycle
from tickets.commands.base import ref, take, tell
from tickets.models import Note, Ticket

RETRACT_WITHIN = timedelta(minutes=5)


@transaction.atomic
def retract_note(*, note_id: int, actor: Actor, at: datetime) -> Note:
    """Take one's own note back within five minutes; a mail already sent is not called back.

    Raises Refused("unknown_note"), ("not_yours"), ("too_late"), ("retracted").
    """
    note, ticket = _note(note_id, actor)
    lifecycle.require(ticket, "retract_note", actor)
    mine = note.author_contact_id == actor.contact_id if actor.is_customer else note.author_user_id == actor.user_id
    if not mine or (actor.user_id is None and actor.contact_id is None):
        raise Refused("not_yours", _("Only its writer takes a note back. Have it redacted instead."))
    if note.retracted_at is not None:
        raise Refused("retracted", _("That note is taken back already. Write a new one."))
    if at > note.at + RETRACT_WITHIN:
        raise Refused("too_late", _("A note is taken back within five minutes. Have it redacted instead."))
    note.retracted_at = at
    note.save(update_fields=["retracted_at"])
    tell("note.retracted", ticket, actor=actor, at=at, note=ref(note))
    return note


@transaction.atomic
def redact_note(*, note_id: int, reason: str, second_person_id: int, actor: Actor, at: datetime) -> Note:
    """Blank the words of a note for good, by two people with a reason; the chain still verifies (decisions 9).

    Both are supervisors, security leads or administrators. Raises Refused("unknown_note"), ("not_allowed"),
    ("unknown_person") and the refusals of `ledger.redact`.
    """
    note, ticket = _note(note_id, actor)
    lifecycle.require(ticket, "redact_note", actor)
    roles = ("supervisor", "security_lead", "administrator")
    if not actor.has_role(*roles):
        raise Refused(
            "not_allowed", _("Only supervisors, security leads and administrators redact notes. Ask one of them.")
        )
    second = User.objects.filter(pk=second_person_id, kind="staff", is_active=True).first()
    if second is None or not second.role_grants.filter(role__in=roles).exists():
        raise Refused("unknown_person", _("Name a second person who may redact."), "second_person_id")
    redact_text(text_id=str(note.text_id), reason=reason, second_person=str(second.uuid), actor=actor, at=at)
    tell("note.redacted", ticket, actor=actor, at=at, note=ref(note), second=ref(second))
    return note


def _note(note_id: int, actor: Actor) -> tuple[Note, Ticket]:
    named = Note.objects.visible_to(actor).filter(pk=note_id).values_list("ticket_id", flat=True).first()
    if named is None:
        raise Refused("unknown_note", _("We do not know that note. Look at the ticket again."))
    ticket = take(named, actor)
    return Note.objects.select_related("text").get(pk=note_id), ticket
