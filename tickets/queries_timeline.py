"""Everything that happened to a ticket, newest first, people by name. At most 4 queries however long it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _t

from ledger.actor import Actor
from ledger.models import Entry
from tickets.facts import FACTS, NOTES, PUBLIC
from tickets.models import Attachment, Interaction, Note, Ticket
from tickets.names import names_and_texts
from tickets.sentences import SAID, sentence

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


def timeline(
    ticket: Ticket, actor: Actor, *, only: str | None = None, contacts: Sequence[Interaction] | None = None
) -> list[TimelineItem]:
    """Return ledger entries, notes and live contacts of `ticket` as `actor` may read them, newest first.

    only      one of KINDS, None = all.
    contacts  the ticket's interactions, newest first, with agent and contact; None = read here.
    Customers get public notes and the facts meant for them, without inner words.
    """
    entries = list(Entry.objects.filter(chain=ticket.chain).order_by("-seq"))
    inside = not actor.is_customer and (actor.organisation_ids is None or "notes:internal" in actor.scopes)
    if not inside:
        entries = [e for e in entries if e.name in PUBLIC or e.name in NOTES]
    held = Attachment.objects.filter(note_id=OuterRef("pk")).order_by("pk")  # a file is seen by whoever sees its note
    files = ArraySubquery(held.values(said=JSONObject(**{name: name for name in FileItem.__slots__})))
    readable = Note.objects.filter(ticket=ticket).visible_to(actor).select_related("text").annotate(held=files)
    notes = {str(note.uuid): note for note in readable}
    names, texts = names_and_texts(entries, _texts_of(entries) if inside else ())
    items = [_item(e, notes, names, texts, inside=inside) for e in entries]
    shown = [item for item in items if item is not None]
    if inside:
        shown = _with_calls(shown, contacts_of(ticket) if contacts is None else contacts)
    return [item for item in shown if only is None or item.kind == only]


def _item(entry: Entry, notes: dict, names: dict, texts: dict[str, str], *, inside: bool) -> TimelineItem | None:
    who = names.get(entry.actor_ref, "")
    if entry.name in NOTES:
        note = notes.get(entry.data.get("note", ""))
        return None if note is None else _note(entry, note, who)
    kind = FACTS[entry.name][0] if entry.name in FACTS else "system"
    said = {key: texts[held["id"]] for key, held in entry.data.get("texts", {}).items() if held["id"] in texts}
    label = sentence(entry, names, said, inside=inside)
    said.pop(SAID.get(entry.name, ""), None)
    said.pop("tags_before", None)  # for undo
    if promised := names.get(entry.data.get("commitment", "")):
        said["promised"] = promised
    return TimelineItem(
        kind, entry.at, entry.name, label, who, entry.actor_kind, entry.seq, texts=said, data=entry.data
    )


def _note(entry: Entry, note: Any, who: str) -> TimelineItem:
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
        files=() if note.retracted_at else tuple(FileItem(**f | {"uuid": UUID(f["uuid"])}) for f in note.held),
    )


def _texts_of(entries: Iterable[Entry]) -> set[str]:
    """The side texts of facts; notes have theirs with them."""
    return {t["id"] for e in entries if e.name not in NOTES for t in e.data.get("texts", {}).values()}


def contacts_of(ticket: Ticket) -> list[Interaction]:
    """Return the ticket's calls and other contacts, newest first, with agent and contact. 1 query."""
    return list(Interaction.objects.filter(ticket=ticket).select_related("agent", "contact"))


def _with_calls(items: list[TimelineItem], rows: Sequence[Interaction]) -> list[TimelineItem]:
    """Put each contact where it began; one still live stands on top. Facts keep the order of the ledger."""
    shown = [_call(row) for row in rows if row.ended_at is None]
    begun = [row for row in rows if row.ended_at is not None]
    for item in items:
        while begun and begun[0].started_at > item.at:
            shown.append(_call(begun.pop(0)))
        shown.append(item)
    return shown + [_call(row) for row in begun]


def _call(row: Interaction) -> TimelineItem:
    name = "interaction.started" if row.ended_at else "interaction.live"
    who = row.agent.name if row.agent else ""
    data = {"interaction": str(row.uuid), "verified": row.verified}
    return TimelineItem("call", row.started_at, name, call_words(row, who), who, "staff", data=data)


def call_words(row: Interaction, agent: str) -> str:
    """Return "Call from +61…, answered in 7 s by Priya Raman". agent  the name, "" where nobody took it."""
    values = {
        "what": row.get_channel_display(),
        "whom": (row.contact.name if row.contact and row.verified else "") or row.caller_number,
        "seconds": int((row.answered_at - row.started_at).total_seconds()) if row.answered_at else None,
        "agent": agent,
    }
    if row.direction == Interaction.Direction.OUT:
        begin = _t("%(what)s to %(whom)s") if values["whom"] else _t("%(what)s, outbound")
    else:
        begin = _t("%(what)s from %(whom)s") if values["whom"] else "%(what)s"
    if row.channel != "call":
        return begin % values
    if row.answered_at is None:
        return (begin + _t(", not answered")) % values
    return (begin + (_t(", answered in %(seconds)s s by %(agent)s") if agent else _t(", answered"))) % values
