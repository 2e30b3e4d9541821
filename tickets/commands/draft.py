"""The note one is writing, kept on the server: public and internal words apart, the same in every browser."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from tickets.commands.interaction import save_draft
from tickets.models import Draft

ACTS = ("public", "internal")


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """What stands in the composer. act: the one written now, public or internal. promise_at: as typed."""

    act: str = "public"
    public: str = ""
    internal: str = ""
    promise_at: str = ""
    rev: int = 0


def note_key(number: str) -> str:
    """Return the key of the draft of a note on a ticket."""
    return f"note:{number}"


def writing_of(data: dict[str, Any] | None) -> Writing:
    """Return a kept draft's words; empty ones for None."""
    known = {name: value for name, value in (data or {}).items() if name in Writing.__dataclass_fields__}
    return Writing(**known)


@transaction.atomic
def keep_note_draft(*, user: User, number: str, writing: Writing, at: datetime) -> Writing:
    """Keep what is written and return it with its new `rev`; the last to write wins. No fact, as `save_draft`.

    writing.rev is what its writer had seen: words that were sent or emptied since do not come back.
    Raises Refused("too_long").
    """
    stands = _stands(user, number)
    if (not _words(writing) and not stands.rev) or (not _words(stands) and writing.rev < stands.rev):
        return stands
    return _put(user, number, writing, stands.rev + 1, at)


@transaction.atomic
def drop_note_draft(*, user: User, number: str, act: str, at: datetime) -> None:
    """Forget the words of an act that was sent; those of the other stay. Nothing kept = nothing done."""
    stands = _stands(user, number)
    if not stands.rev:
        return
    if act == "public":
        left = Writing(act="internal" if stands.internal else "public", internal=stands.internal)
    else:
        left = Writing(public=stands.public, promise_at=stands.promise_at)
    _put(user, number, left, stands.rev + 1, at)


def _stands(user: User, number: str) -> Writing:
    row = Draft.objects.select_for_update().filter(user=user, key=note_key(number)).first()
    return writing_of(row.data if row else None)


def _put(user: User, number: str, writing: Writing, rev: int, at: datetime) -> Writing:
    data = {name: getattr(writing, name) for name in Writing.__dataclass_fields__} | {"rev": rev}
    save_draft(user=user, key=note_key(number), data=data, at=at)
    return writing_of(data)


def _words(writing: Writing) -> bool:
    return bool(writing.public.strip() or writing.internal.strip())
