"""What people write and say over a sheet: notes while it is a draft, spoken through, remarks at any time (A-05)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.models import Handover, HandoverLine, HandoverRemark, Part
from escalation.shifts.reading import seen_lines
from escalation.shifts.rules import locked, require_draft, require_keeper, require_signer
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

LONGEST = 2000


@transaction.atomic
def note_line(*, handover_id: int, line: UUID, text: str, actor: Actor, at: datetime) -> HandoverLine:
    """Write the giver's own words on a line; "" takes them away. `line`: its public id.

    Raises Refused: not_allowed, unknown_handover, signed, unknown_line, bad_text.
    """
    require_keeper(actor)
    handover = locked(handover_id, actor)
    require_draft(handover)
    row = _line(handover, line, actor)
    row.note = _words(text)
    row.save(update_fields=["note"])
    _noted(handover, actor, at, line=row.key, text=row.note)
    return row


@transaction.atomic
def note_part(*, handover_id: int, part: str, text: str, actor: Actor, at: datetime) -> Handover:
    """Write the giver's words on one of the four parts; "" takes them away.

    Raises Refused: not_allowed, unknown_handover, signed, unknown_part, bad_text.
    """
    require_keeper(actor)
    handover = locked(handover_id, actor)
    require_draft(handover)
    if part not in Part.values:
        raise Refused("unknown_part", _("Choose one of the four parts."), field="part")
    handover.notes[part] = _words(text)
    handover.save(update_fields=["notes"])
    _noted(handover, actor, at, part=part, text=handover.notes[part])
    return handover


@transaction.atomic
def mark_spoken(*, handover_id: int, lines: Sequence[UUID] = (), actor: Actor, at: datetime) -> int:
    """Mark lines as spoken through, or read where the shifts do not overlap; none named = every one the actor sees.

    Returns how many were marked. Once marked, a line stays so. Raises Refused: not_allowed, no_person,
    unknown_handover, over, unknown_line.
    """
    person = require_signer(actor)
    handover = locked(handover_id, actor)
    if not handover.is_open:
        raise Refused("over", _("This handover is over. Write a remark instead."))
    rows = seen_lines(handover, actor)
    if lines:
        rows = [row for row in rows if row.uuid in set(lines)]
        if len(rows) != len(set(lines)):
            raise Refused("unknown_line", _("There is no such line on this sheet."), field="line")
    new = [row for row in rows if row.spoken_at is None]
    HandoverLine.objects.filter(pk__in=[row.pk for row in new]).update(spoken_at=at, spoken_by=person)
    if new:
        keys = [row.key for row in new]
        record("handover.spoken", chain=handover.chain, actor=actor, at=at, about=handover, lines=keys)
    return len(new)


@transaction.atomic
def remark(*, handover_id: int, text: str, line: UUID | None = None, actor: Actor, at: datetime) -> HandoverRemark:
    """Add a remark to a sheet or one of its lines: a correction, a question, an answer. It stays as it is.

    Raises Refused: not_allowed, no_person, unknown_handover, unknown_line, no_text, bad_text.
    """
    person = require_signer(actor)
    handover = locked(handover_id, actor)
    row = _line(handover, line, actor) if line else None
    words = _words(text)
    if not words:
        raise Refused("no_text", _("Write what is to be known."), field="text")
    made = HandoverRemark.objects.create(handover=handover, line=row, text=words, by_id=person, at=at)
    record(
        "handover.remarked", chain=handover.chain, actor=actor, at=at, about=handover, remark=str(made.uuid),
        line=row.key if row else None, texts={"text": words},
    )  # fmt: skip
    return made


def _line(handover: Handover, uuid: UUID, actor: Actor) -> HandoverLine:
    row = next((line for line in seen_lines(handover, actor) if line.uuid == uuid), None)
    if row is None:
        raise Refused("unknown_line", _("There is no such line on this sheet."), field="line")
    return row


def _noted(handover: Handover, actor: Actor, at: datetime, *, text: str, **where: str) -> None:
    record("handover.noted", chain=handover.chain, actor=actor, at=at, about=handover, texts={"text": text}, **where)


def _words(text: str) -> str:
    words = text.strip()[:LONGEST]
    if "\x00" in words:
        raise Refused("bad_text", _("The text holds a character that cannot be stored. Remove it."), field="text")
    return words
