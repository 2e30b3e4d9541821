"""A ticket as its customer reads it: public notes, plan and promises only (A-08)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.actor import Actor
from tickets import lifecycle
from tickets.models import Attachment, Commitment, Note, Suspension, Ticket, WorkItem
from tickets.queries_timeline import FileItem

COMMANDS = ("add_note", "confirm", "dispute", "reopen", "follow_up", "cancel", "record_consent")


@dataclass(frozen=True, slots=True)
class PortalNote:
    """A public note. `ours` = written by the desk. `body` is Markdown, empty once redacted."""

    uuid: UUID
    at: datetime
    author: str
    ours: bool
    body: str
    files: tuple[FileItem, ...]


@dataclass(frozen=True, slots=True)
class PortalStep:
    """A public item of the plan with its owner (A-08)."""

    title: str
    owner: str
    due_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class PortalPromise:
    """What was promised by when; open, kept, moved or broken."""

    kind: str
    text: str
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class PortalSuspension:
    """A pause asked for or running. `consent` None while requested = the customer is asked."""

    id: int
    uuid: UUID
    reason: str
    until: datetime
    state: str
    consent: bool | None


@dataclass(frozen=True, slots=True)
class PortalTicket:
    """All a customer may know of one ticket. `may` names the commands it can run now."""

    id: int
    uuid: UUID
    number: str
    version: int
    title: str
    description: str
    kind: str
    state: str
    priority: str
    service: str
    reporter: str
    team: str
    owner: str
    received_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    resolution: str
    joined: str
    notes: tuple[PortalNote, ...]
    plan: tuple[PortalStep, ...]
    promises: tuple[PortalPromise, ...]
    suspension: PortalSuspension | None
    may: frozenset[str]


def portal_ticket(number: str, actor: Actor) -> PortalTicket | None:
    """Return the ticket for its customer, None for a stranger's or an absent one (404). At most 7 queries."""
    rows = Ticket.objects.visible_to(actor).select_related("service", "reporter", "team", "owner", "merged_into")
    ticket = rows.filter(number=number).first()
    if ticket is None:
        return None
    return PortalTicket(
        id=ticket.pk,
        uuid=ticket.uuid,
        number=ticket.number,
        version=ticket.version,
        title=ticket.title,
        description=ticket.description,
        kind=ticket.get_kind_display(),
        state=ticket.state,
        priority=ticket.priority,
        service=str(ticket.service or ""),
        reporter=ticket.reporter.name if ticket.reporter else "",
        team=ticket.team.name if ticket.team else "",
        owner=ticket.owner.name if ticket.owner else "",
        received_at=ticket.received_at,
        acknowledged_at=ticket.acknowledged_at,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        resolution=ticket.resolution,
        joined=ticket.merged_into.number if ticket.merged_into else "",
        notes=_notes(ticket),
        plan=_plan(ticket),
        promises=_promises(ticket),
        suspension=_suspension(ticket),
        may=frozenset(step for step in COMMANDS if lifecycle.why_not(ticket, step, actor) is None),
    )


def _notes(ticket: Ticket) -> tuple[PortalNote, ...]:
    rows = Note.objects.filter(ticket=ticket, public=True, retracted_at=None).select_related("text")
    files: dict[int, list[FileItem]] = {}
    for row in Attachment.objects.filter(ticket=ticket, note__public=True):
        files.setdefault(row.note_id, []).append(FileItem(row.uuid, row.name, row.size, row.content_type))
    return tuple(
        PortalNote(n.uuid, n.at, n.author_name, n.author_contact_id is None, n.body, tuple(files.get(n.pk, ())))
        for n in rows
    )


def _plan(ticket: Ticket) -> tuple[PortalStep, ...]:
    rows = WorkItem.objects.filter(ticket=ticket, public=True)
    rows = rows.select_related("owner_user", "owner_team", "owner_contact")
    return tuple(PortalStep(i.title, i.owner.name, i.due_at, i.get_state_display()) for i in rows)


def _promises(ticket: Ticket) -> tuple[PortalPromise, ...]:
    rows = Commitment.objects.filter(ticket=ticket)
    return tuple(PortalPromise(p.get_kind_display(), p.text, p.due_at, p.state) for p in rows)


def _suspension(ticket: Ticket) -> PortalSuspension | None:
    row = Suspension.objects.filter(ticket=ticket, state__in=["requested", "approved"]).first()
    if row is None:
        return None
    return PortalSuspension(row.pk, row.uuid, row.get_reason_code_display(), row.until, row.state, row.consent)
