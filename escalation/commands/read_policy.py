"""A second person reads a draft and its comparison before it is published: asked for, read with a word, or declined."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.commands.draft import locked_draft, locked_policy
from escalation.commands.publish import refuse_unready
from escalation.models import Policy, PolicyDraft, PolicyReading
from escalation.readiness import base_shape, readiness
from escalation.readings import READERS, is_of, possible_readers, writers_of
from escalation.shapes import fingerprint
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

WORD_LENGTH = 400
State = PolicyReading.State


@transaction.atomic
def ask_reading(*, key: str, version: int | None, reader: str, actor: Actor, at: datetime) -> PolicyReading:
    """Ask a person to read the draft with its comparison, and return the question. An earlier one is withdrawn.

    reader  public id of a supervisor, duty manager or administrator who wrote nothing in it and is not the asker.

    Raises Refused: not_allowed, unknown_policy, no_draft, stale, reader_unfit, reads_own, and whatever else stands in
    the way of its publication (stale_base, nothing_changed, cannot_work, uncovered, not_compared).
    """
    policy = locked_policy(key, actor)
    draft = locked_draft(policy, version)
    refuse_unready(policy, draft, readiness(draft, base_shape(policy.current), at=at))
    found = {str(user.uuid): user for user in possible_readers(draft)}.get(str(reader))
    if found is not None and found.pk == actor.user_id:
        raise _own("reader")
    if found is None:
        message = _("Choose a supervisor, duty manager or administrator who wrote nothing in this draft.")
        raise Refused("reader_unfit", message, field="reader")
    policy.readings.filter(state=State.ASKED).update(state=State.WITHDRAWN)
    made = PolicyReading.objects.create(
        policy=policy, draft=draft.uuid, sha256=fingerprint(draft.shape), reader=found, asked_by_id=actor.user_id,
        asked_at=at,
    )  # fmt: skip
    _record("policy.reading_asked", policy, made, actor, at)
    return made


@transaction.atomic
def read_policy(*, key: str, version: int | None, word: str, actor: Actor, at: datetime) -> PolicyReading:
    """Say that the draft and its comparison were read, with a word on them. Whoever may read answers, asked or not.

    Raises Refused: not_allowed, unknown_policy, no_draft, stale, not_asked, reads_own, word_missing.
    """
    return _answer(key, version, word, State.READ, "policy.read", actor, at)


@transaction.atomic
def decline_policy(*, key: str, version: int | None, reason: str, actor: Actor, at: datetime) -> PolicyReading:
    """Say why the draft should not be published as it is. The same refusals as `read_policy`."""
    return _answer(key, version, reason, State.DECLINED, "policy.reading_declined", actor, at)


def _answer(
    key: str, version: int | None, word: str, state: str, name: str, actor: Actor, at: datetime
) -> PolicyReading:
    if not (actor.is_staff and actor.has_role(*READERS)):
        message = _("A supervisor, a duty manager or an administrator reads policies, in person.")
        raise Refused("not_allowed", message, status=403)
    policy = Policy.objects.select_for_update(no_key=True, of=("self",)).filter(key=key).first()
    if policy is None:
        raise Refused("unknown_policy", _("There is no such policy."))
    draft = locked_draft(policy, version)
    asked = policy.readings.select_related("reader").filter(draft=draft.uuid, state=State.ASKED).first()
    reading = _answerable(asked, draft, actor)
    if not word.strip():
        raise Refused("word_missing", _("Say in a word what you read, or why not."), field="word")
    reading.state, reading.word, reading.answered_by_id, reading.answered_at = (
        state, word.strip()[:WORD_LENGTH], actor.user_id, at,
    )  # fmt: skip
    reading.save(update_fields=["state", "word", "answered_by", "answered_at"])
    _record(name, policy, reading, actor, at, word=reading.word)
    return reading


def _answerable(reading: PolicyReading | None, draft: PolicyDraft, actor: Actor) -> PolicyReading:
    if actor.user_id in writers_of(draft) or (reading is not None and actor.user_id == reading.asked_by_id):
        raise _own(None)
    if reading is None or not is_of(reading, draft):
        raise Refused("not_asked", _("Nobody asks for this draft to be read: it was answered, or changed since."))
    return reading


def _own(field: str | None) -> Refused:
    return Refused("reads_own", _("Nobody reads their own. Ask somebody who wrote nothing in it."), field=field)


def _record(name: str, policy: Policy, reading: PolicyReading, actor: Actor, at: datetime, word: str = "") -> None:
    record(
        name, chain=f"policy:{policy.key}", actor=actor, at=at, texts={"word": word} if word else {},
        reading=str(reading.uuid), draft=str(reading.draft), sha256=reading.sha256, reader=str(reading.reader.uuid),
    )  # fmt: skip
