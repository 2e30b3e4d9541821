"""Everything that happened to a ticket, newest first, people by name. At most 8 queries however long it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Contact, Team, User
from ledger.actor import Actor
from ledger.models import Entry, EntryText
from tickets.facts import FACTS, PUBLIC
from tickets.models import Attachment, Interaction, Note, Ticket

KINDS = ("public", "internal", "call", "clock", "system")


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file of a note."""

    uuid: UUID
    name: str
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened.

    kind   public, internal (notes), call, clock or system. seq  position in the ledger, None for a live contact.
    label  a sentence. who  name, "" for ours. body  Markdown of a note, "" when redacted. texts  other words by name.
    """

    kind: str
    at: datetime
    name: str
    label: str
    who: str
    who_kind: str
    seq: int | None = None
    body: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    note_uuid: UUID | None = None
    note_id: int | None = None
    progress: bool = False
    retracted: bool = False
    redacted: bool = False
    files: tuple[FileItem, ...] = ()


def timeline(ticket: Ticket, actor: Actor, *, only: str | None = None) -> list[TimelineItem]:
    """Return ledger entries, notes and live contacts of `ticket` as `actor` may read them, newest first.

    only  one of KINDS, None = all. Customers get public notes and the facts meant for them, without inner words.
    """
    entries = list(Entry.objects.filter(chain=ticket.chain).order_by("-seq"))
    inside = not actor.is_customer and (actor.organisation_ids is None or "notes:internal" in actor.scopes)
    if not inside:
        entries = [e for e in entries if e.name in PUBLIC or e.name in {"note.added", "note.copied"}]
    readable = Note.objects.filter(ticket=ticket).visible_to(actor).select_related("text")
    notes = {str(note.uuid): note for note in readable.filter(ticket=ticket)}
    names = _names(entries)
    texts = _texts(entries) if inside else {}
    files = _files(ticket, actor)
    items = [_item(e, notes, names, texts, files) for e in entries]
    shown = [item for item in items if item is not None]
    if inside:
        shown = [*_live(ticket), *shown]
    return [item for item in shown if only is None or item.kind == only]


def _item(entry: Entry, notes: dict, names: dict, texts: dict, files: dict) -> TimelineItem | None:
    who = names.get(entry.actor_ref, "")
    if entry.name in {"note.added", "note.copied"}:
        note = notes.get(entry.data.get("note", ""))
        return None if note is None else _note(entry, note, who, files)
    kind, sentence, _public = FACTS.get(entry.name, ("system", entry.name, False))
    known = {key: _readable(value, names) for key, value in entry.data.items()}
    held = entry.data.get("texts", {})
    words = {key: texts[value["id"]] for key, value in held.items() if value["id"] in texts}
    label = str(sentence).format_map(_Blank(known))
    return TimelineItem(
        kind, entry.at, entry.name, label, who, entry.actor_kind, entry.seq, texts=words, data=entry.data
    )


def _note(entry: Entry, note: Note, who: str, files: dict) -> TimelineItem:
    return TimelineItem(
        "public" if note.public else "internal",
        entry.at if entry.name == "note.added" else note.at,
        entry.name,
        str(FACTS[entry.name][1]),
        who or note.author_name,
        entry.actor_kind,
        entry.seq,
        body="" if note.retracted_at else note.body,
        note_uuid=note.uuid,
        note_id=note.pk,
        progress=note.progress,
        retracted=note.retracted_at is not None,
        redacted=note.text.redacted_at is not None,
        files=() if note.retracted_at else tuple(files.get(note.pk, ())),
    )


class _Blank(dict):
    """Missing names in a sentence read as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def _readable(value: Any, names: dict[str, str]) -> str:
    return names.get(value, value) if isinstance(value, str) else "" if value is None else str(value)


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the name of every person and team the entries speak of. 3 queries."""
    wanted: set[UUID] = set()
    for entry in entries:
        for value in (entry.actor_ref, *entry.data.values()):
            if isinstance(value, str) and len(value) == 36:
                try:
                    wanted.add(UUID(value))
                except ValueError:
                    continue
    found: dict[str, str] = {}
    for model in (User, Contact, Team) if wanted else ():
        found |= {str(u): n for u, n in model.objects.filter(uuid__in=wanted).values_list("uuid", "name")}
    return found


def _texts(entries: Iterable[Entry]) -> dict[str, str]:
    ids = [t["id"] for e in entries if e.name != "note.added" for t in e.data.get("texts", {}).values()]
    return {str(pk): body for pk, body in EntryText.objects.filter(pk__in=ids).values_list("pk", "body")} if ids else {}


def _files(ticket: Ticket, actor: Actor) -> dict[int, list[FileItem]]:
    found: dict[int, list[FileItem]] = {}
    rows = Attachment.objects.filter(ticket=ticket).visible_to(actor).order_by("pk")
    for note_id, *values in rows.values_list("note_id", "uuid", "name", "size", "content_type"):
        found.setdefault(note_id, []).append(FileItem(*values))
    return found


def _live(ticket: Ticket) -> list[TimelineItem]:
    rows = Interaction.objects.filter(ticket=ticket, ended_at=None).select_related("agent", "contact")
    return [
        TimelineItem(
            "call",
            row.started_at,
            "interaction.live",
            row.get_channel_display(),
            row.agent.name if row.agent else "",
            "staff",
            data={"interaction": str(row.uuid), "verified": row.verified},
        )  # fmt: skip
        for row in rows
    ]
