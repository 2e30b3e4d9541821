"""Publish a draft as the next version, its comparison made, and retire a policy (decisions 15; I11)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalogue.models import Calendar
from escalation.commands.draft import locked_draft, locked_policy
from escalation.models import Policy, PolicyDraft, PolicyReading, PolicyVersion, Rule
from escalation.readiness import Readiness, base_shape, readiness, refuse_broken
from escalation.shapes import Shape, fingerprint
from escalation.versions import forget
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

NOTE_LENGTH = 400


@transaction.atomic
def publish_policy(
    *, key: str, version: int | None, note: str, actor: Actor, at: datetime, enforce_from: datetime | None = None
) -> PolicyVersion:
    """Publish the draft as the next version, which never changes, and end the draft. Running clocks keep theirs.

    version       of the draft its publisher saw.
    note          what changed, in words.
    enforce_from  clocks that start from then on take it; None = from now on. Never before now: what is past has
                  happened by the rules of then.

    Raises Refused: not_allowed, unknown_policy, no_draft, stale, stale_base, nothing_changed, cannot_work, uncovered,
    not_compared, not_read, note_missing, enforce_past.
    """
    policy = locked_policy(key, actor)
    draft = locked_draft(policy, version)
    before = base_shape(policy.current)
    judged = readiness(draft, before, at=at)
    refuse_unready(policy, draft, judged)
    if not judged.read:
        raise Refused("not_read", _("Another person reads what it changes first: ask one, then publish."))
    if not note.strip():
        raise Refused("note_missing", _("Say what changed."), field="note")
    if enforce_from is not None and enforce_from < at:
        message = _("Rules are not enforced backwards. Choose a time from now on, or leave it empty.")
        raise Refused("enforce_past", message, field="enforce_from")
    made = write_version(
        policy, draft.shape, at=at, by_id=actor.user_id, note=note.strip()[:NOTE_LENGTH], enforce_from=enforce_from,
        diff=draft.comparison or {}, reading=judged.reading if judged.of_this else None,
    )  # fmt: skip
    record(
        "policy.published", chain=f"policy:{policy.key}", actor=actor, at=at, texts={"note": made.note},
        n=made.n, sha256=made.sha256, enforce_from=enforce_from, before=before, after=draft.shape,
        comparison_at=draft.compared_at, read_by=str(made.read_by.uuid) if made.read_by else None,
    )  # fmt: skip
    draft.delete()
    return made


def write_version(
    policy: Policy, shape: Shape, *, at: datetime, by_id: int | None, note: str = "", diff: dict | None = None,
    enforce_from: datetime | None = None, reading: PolicyReading | None = None,
) -> PolicyVersion:  # fmt: skip
    """Write `shape` as the next version of a locked policy and make it the current one. reading: who read it, if any
    did."""
    done = reading if reading is not None and reading.state == PolicyReading.State.READ else None
    last = policy.versions.order_by("-n").values_list("n", flat=True).first() or 0
    version = PolicyVersion.objects.create(
        policy=policy, n=last + 1, conditions=shape["conditions"], note=note, diff=diff or {},
        on_entitlement_calendar=shape["on_entitlement_calendar"], ack_silence_s=shape.get("ack_silence_s"),
        sha256=fingerprint(shape), published_by_id=by_id, published_at=at, enforce_from=enforce_from,
        read_by=done.answered_by if done else None, read_at=done.answered_at if done else None,
        read_word=done.word if done else "",
    )  # fmt: skip
    calendars = {str(row.uuid): row for row in Calendar.objects.all()} if _calendars(shape) else {}
    Rule.objects.bulk_create(
        Rule(version=version, position=number, **rule | {"calendar": calendars.get(rule.get("calendar", ""))})
        for number, rule in enumerate(shape["rules"])
    )
    policy.current = version
    policy.save(update_fields=["current"])
    forget()
    return version


def _calendars(shape: Shape) -> set[str]:
    return {rule["calendar"] for rule in shape["rules"] if rule.get("calendar")}


@transaction.atomic
def retire_policy(*, key: str, reason: str, actor: Actor, at: datetime) -> Policy:
    """Take the policy out of force: no clock starts by it any more; those that run go on to their end.

    Raises Refused: not_allowed, unknown_policy, retired_already, reason_missing.
    """
    policy = locked_policy(key, actor)
    if policy.current is None:
        raise Refused("retired_already", _("This policy is not in force."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    last = policy.current
    policy.current = None
    policy.save(update_fields=["current"])
    record(
        "policy.retired", chain=f"policy:{policy.key}", actor=actor, at=at, texts={"reason": reason.strip()}, n=last.n,
    )  # fmt: skip
    return policy


def refuse_unready(policy: Policy, draft: PolicyDraft, judged: Readiness) -> None:
    """Raise Refused with the first reason it cannot be published, whoever reads it: stale_base, nothing_changed,
    cannot_work, uncovered, not_compared."""
    if draft.base_id is not None and policy.current_id is not None and draft.base_id != policy.current_id:
        message = _("Another version was published since this draft was begun. Compare them and begin again.")
        raise Refused("stale_base", message)
    if not judged.changes and policy.current_id is not None:
        raise Refused("nothing_changed", _("The draft says what is in force already."))
    refuse_broken(judged)
    holes = judged.red_holes
    if holes:
        told = [hole.sentence for hole in holes]
        raise Refused("uncovered", holes[0].sentence, field=holes[0].rule or None, holes=told)
    if not judged.compared:
        raise Refused("not_compared", _("See what this draft changes first: compare it, then publish."))
