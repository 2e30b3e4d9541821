"""Failed proofs, counted in PostgreSQL under a row lock: a cache flush resets nothing (decisions 15)."""

from datetime import datetime, timedelta

from accounts.models import Contact, FailureCounter, User
from ledger.actor import Actor

LOCK = timedelta(minutes=15)
LIMITS = {"contact": 3, "agent": 5}
MEMORY = {"contact": timedelta(hours=24), "agent": timedelta(hours=1)}


def hold(kind: str, subject_id: int) -> FailureCounter:
    """Return the counter of one contact or agent, locked until the transaction ends. Take contact before agent."""
    FailureCounter.objects.bulk_create([FailureCounter(kind=kind, subject_id=subject_id)], ignore_conflicts=True)
    return FailureCounter.objects.select_for_update().get(kind=kind, subject_id=subject_id)


def is_locked(counter: FailureCounter | None, at: datetime) -> bool:
    """Whether the lock of `counter` still runs at `at`; None is never locked."""
    return counter is not None and counter.locked_until is not None and counter.locked_until > at


def count_failure(counter: FailureCounter | None, at: datetime) -> bool:
    """Count one failure on a held counter; return whether this one locked it (3 per contact, 5 per agent)."""
    if counter is None:
        return False
    if counter.first_at is None or at - counter.first_at > MEMORY[counter.kind]:
        counter.failures, counter.first_at = 0, at
    counter.failures += 1
    locks = counter.failures >= LIMITS[counter.kind]
    if locks:
        counter.locked_until, counter.failures, counter.first_at = at + LOCK, 0, None
    counter.save()
    return locks


def clear(counter: FailureCounter | None) -> None:
    """Forget a contact's failures after a pass; a running lock stays."""
    if counter is not None and counter.failures:
        counter.failures, counter.first_at = 0, None
        counter.save()


def locked_until(subject: Contact | User | Actor, at: datetime) -> datetime | None:
    """Return until when a contact's knowledge proofs, or an agent's verifying, are locked; None = open.

    Takes a Contact, a User, or the Actor of a member of staff. 1 query.
    """
    kind = "contact" if isinstance(subject, Contact) else "agent"
    pk = subject.user_id if isinstance(subject, Actor) else subject.pk
    if pk is None:
        return None
    found = FailureCounter.objects.filter(kind=kind, subject_id=pk, locked_until__gt=at)
    return found.values_list("locked_until", flat=True).first()
