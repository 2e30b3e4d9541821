"""Case notes and progress: public or internal, with files (A-08, C-20, C-21, X-06)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import keep_text
from tickets import lifecycle, words
from tickets.blocks import require_filled
from tickets.commands.attach import attach
from tickets.commands.base import ref, store, take, tell
from tickets.commands.note_undo import redact_note, retract_note
from tickets.commands.participants import take_part
from tickets.commands.plan import promise_on
from tickets.files import check_files
from tickets.mentions import mentioned
from tickets.models import Note, Ticket
from tickets.text import require_words

__all__ = ["add_note", "add_progress", "redact_note", "retract_note", "write_note"]

LONGEST = 50_000


@transaction.atomic
def add_note(
    *,
    ticket_id: int,
    body: str,
    public: bool,
    actor: Actor,
    at: datetime,
    progress: bool = False,
    channel: str = "internal",
    attachments: Sequence[Any] = (),
    promise_at: datetime | None = None,
) -> Note:
    """Add a note; `progress` re-arms the 30 minutes (C-20). Additive: no version.

    Customers write public notes only; on a closed ticket use `reply`. `promise_at` promises the customer the next
    news by then (C-09). "@Ben Castellano" puts it into that colleague's inbox (staff only).
    Raises Refused("no_text"), ("placeholder"), ("too_long"), ("bad_channel"), ("may_not_see"),
    ("open_place"), file refusals.
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "add_progress" if progress else "add_note", actor)
    if actor.is_customer:
        _require_customers_note(ticket, public, promise_at)
    body = _body(body, progress=progress)
    if channel not in words.Channel.values:
        raise Refused("bad_channel", _("Choose the channel from the list."), "channel")
    if public and actor.is_staff:
        require_filled(body)
    people = mentioned(ticket, body) if actor.is_staff else []
    checked = check_files(attachments)
    note = write_note(ticket, body, public=public, progress=progress, channel=channel, actor=actor, at=at)
    attach(note, checked, at=at)
    first_answer = _mark(ticket, note, actor=actor, at=at)
    tell(
        "note.added", ticket, actor=actor, at=at, texts={"body": note.text}, note=ref(note), public=public,
        progress=progress, author=_author_kind(actor), first_answer=first_answer, files=len(checked),
        state=ticket.state, wakes=ref(ticket.owner) if actor.is_customer else None,
        **({"mentions": [ref(person) for person in people]} if people else {}),
    )  # fmt: skip
    if promise_at is not None:
        promise_on(ticket, kind="next_update", due_at=promise_at, text="", actor=actor, at=at)
    return note


def add_progress(
    *,
    ticket_id: int,
    body: str,
    public: bool,
    actor: Actor,
    at: datetime,
    channel: str = "internal",
    attachments: Sequence[Any] = (),
    promise_at: datetime | None = None,
) -> Note:
    """Append progress (C-20); text that says nothing is refused (C-21)."""
    return add_note(
        ticket_id=ticket_id, body=body, public=public, progress=True, channel=channel, attachments=attachments,
        promise_at=promise_at, actor=actor, at=at,
    )  # fmt: skip


def write_note(
    ticket: Ticket, body: str, *, public: bool, actor: Actor, at: datetime, progress: bool = False, channel: str
) -> Note:
    """Store one note with its text beside the chain; no fact, no check."""
    return Note.objects.create(
        ticket=ticket,
        text=keep_text(ticket.chain, "body", body),
        public=public,
        progress=progress,
        author_user_id=None if actor.is_customer else actor.user_id,
        author_contact_id=actor.contact_id,
        author_name=actor.name[:120],
        channel=channel,
        at=at,
    )


def _body(body: str, *, progress: bool) -> str:
    if not body.strip():
        raise Refused("no_text", _("Write something first."), "body")
    if len(body) > LONGEST:
        raise Refused("too_long", _("The text is too long. Shorten it, or attach it as a file."), "body", most=LONGEST)
    return require_words(body, "body") if progress else body.strip()


def _require_customers_note(ticket: Ticket, public: bool, promise_at: datetime | None) -> None:
    if not public or promise_at is not None:
        raise Refused("not_allowed", _("You may not do this yourself. Ask the service desk to do it."), "public")
    if ticket.state in words.ENDED:
        raise Refused("ended", _("This ticket has ended. Reopen it, or raise a follow-up."))


def _mark(ticket: Ticket, note: Note, *, actor: Actor, at: datetime) -> bool:
    """Move the marks the clocks and the board read; return whether this is the first answer."""
    first_answer = note.public and not actor.is_customer and ticket.answered_at is None and actor.kind != "system"
    if first_answer:
        ticket.answered_at = at
    if note.progress:
        ticket.last_progress_at = at
    if note.public and not actor.is_customer:
        ticket.last_public_at = at
    store(ticket, bump=False)
    if actor.is_customer:
        take_part(ticket, "customer", at=at, contact_id=actor.contact_id)
    elif actor.is_staff:
        take_part(ticket, "worked", at=at, user_id=actor.user_id)
    return first_answer


def _author_kind(actor: Actor) -> str:
    return {"staff": "staff", "contact": "contact"}.get(actor.kind, "system")
