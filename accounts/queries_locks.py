"""Which verification locks run, whose, why and until when; and which were released early (V-04; decisions 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.counters import LIMITS, LOCK, MEMORY
from accounts.models import Contact, FailureCounter, User, Verification
from ledger.actor import Actor
from ledger.models import Entry, EntryText


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """One wrong proof that led to a lock. `contact` None where the reader may not learn of that customer."""

    at: datetime
    proof: str
    contact: Contact | None
    by: User | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningLock:
    """One lock that runs. Either `agent` or `contact` is set."""

    agent: User | None
    contact: Contact | None
    since: datetime
    until: datetime
    failures: Sequence[Failure]


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """One lock ended early. `reason` "" where it was redacted."""

    at: datetime
    agent: str
    by: str
    reason: str


def running_locks(actor: Actor, at: datetime) -> list[RunningLock]:
    """Return the locks that run, agents first; contacts only of customers `actor` may learn of. 4 queries and one each.

    Nobody but staff learns of any.
    """
    if not actor.is_staff:
        return []
    rows = list(FailureCounter.objects.filter(locked_until__gt=at).order_by("kind", "locked_until"))
    agents = User.objects.in_bulk([row.subject_id for row in rows if row.kind == "agent"])
    visible = Contact.objects.visible_to(actor).select_related("organisation")
    contacts = visible.in_bulk([row.subject_id for row in rows if row.kind == "contact"])
    made = []
    for row in rows:
        agent = agents.get(row.subject_id) if row.kind == "agent" else None
        contact = contacts.get(row.subject_id) if row.kind == "contact" else None
        if row.locked_until and (agent or contact):
            since, until = row.locked_until - LOCK, row.locked_until
            failures = _failures(row, since, actor)
            made.append(RunningLock(since=since, until=until, failures=failures, agent=agent, contact=contact))
    return made


def _failures(row: FailureCounter, since: datetime, actor: Actor) -> list[Failure]:
    whose = {"by_id": row.subject_id} if row.kind == "agent" else {"contact_id": row.subject_id}
    found = Verification.objects.filter(outcome="failed", at__gt=since - MEMORY[row.kind], at__lte=since, **whose)
    found = found.select_related("by").order_by("-at", "-pk")[: LIMITS[row.kind]]
    visible = Contact.objects.visible_to(actor).select_related("organisation")
    known = visible.in_bulk([f.contact_id for f in found if f.contact_id])
    return [Failure(at=f.at, proof=f.get_proof_display(), contact=known.get(f.contact_id or 0), by=f.by) for f in found]


def releases(actor: Actor, limit: int = 20) -> list[Release]:
    """Return the newest early releases, from the ledger. 3 queries; [] for anyone but staff."""
    if not actor.is_staff:
        return []
    rows = list(Entry.objects.filter(name="verification.agent_released").order_by("-at", "-pk")[:limit])
    people = {row.actor_ref for row in rows} | {row.data["agent"] for row in rows}
    names = {str(uuid): name for uuid, name in User.objects.filter(uuid__in=people).values_list("uuid", "name")}
    ids = {row.pk: row.data["texts"]["reason"]["id"] for row in rows}
    bodies = {str(pk): body for pk, body in EntryText.objects.filter(pk__in=ids.values()).values_list("pk", "body")}
    return [
        Release(
            at=row.at, agent=names.get(row.data["agent"], ""), by=names.get(row.actor_ref, ""),
            reason=bodies.get(ids[row.pk], ""),
        )
        for row in rows
    ]  # fmt: skip
