"""Who may read a draft before it is published, and whether somebody has (escalation-engine design, policy page)."""

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from escalation.models import PolicyDraft, PolicyReading
from escalation.shapes import fingerprint
from ledger.actor import Actor

READERS = ("supervisor", "duty_manager", "administrator")


def writers_of(draft: PolicyDraft) -> set[int]:
    """Return the keys of everybody who wrote in a draft."""
    return {*draft.writers, *(key for key in (draft.begun_by_id, draft.saved_by_id) if key)}


def possible_readers(draft: PolicyDraft) -> QuerySet[User]:
    """Return the people who may read it, by name: supervisors, duty managers and administrators who wrote nothing."""
    people = User.objects.filter(kind=User.Kind.STAFF, is_active=True, role_grants__role__in=READERS)
    return people.exclude(pk__in=writers_of(draft)).order_by("name", "pk").distinct()


def may_answer(draft: PolicyDraft, reading: PolicyReading | None, actor: Actor) -> bool:
    """Whether the actor may say now that this draft was read, or decline it."""
    return (
        reading is not None and reading.state == PolicyReading.State.ASKED and is_of(reading, draft)
        and actor.is_staff and actor.has_role(*READERS) and actor.user_id not in writers_of(draft)
        and actor.user_id != reading.asked_by_id
    )  # fmt: skip


def last_reading(draft: PolicyDraft) -> PolicyReading | None:
    """Return the last question about this draft with its answer, None before the first. 1 query."""
    rows = PolicyReading.objects.filter(policy_id=draft.policy_id, draft=draft.uuid)
    return rows.exclude(state=PolicyReading.State.WITHDRAWN).select_related("reader", "asked_by", "answered_by").first()


def is_of(reading: PolicyReading, draft: PolicyDraft) -> bool:
    """Whether the draft still says what it said when the question was put."""
    return reading.sha256 == fingerprint(draft.shape)


def read_by_another(reading: PolicyReading | None, draft: PolicyDraft) -> bool:
    """Whether it may be published as far as reading goes: nobody is demanded, or somebody has read what it says."""
    if not settings.SECOND_READER:
        return True
    return reading is not None and reading.state == PolicyReading.State.READ and is_of(reading, draft)
