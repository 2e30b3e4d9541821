"""Write, and throw away, the next version of a policy. A save that saw an older draft is refused and shows both."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.models import Policy, PolicyDraft
from escalation.shapes import Shape, fingerprint, normal, shape_of
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

EDITORS = ("supervisor", "administrator")
MOST_RULES = 60


def locked_policy(key: str, actor: Actor) -> Policy:
    """Return the policy, locked. Raises Refused: not_allowed (no supervisor or administrator), unknown_policy."""
    require_editor(actor)
    policy = Policy.objects.select_for_update(no_key=True, of=("self",)).filter(key=key).first()
    if policy is None:
        raise Refused("unknown_policy", _("There is no such policy."))
    return policy


def require_editor(actor: Actor) -> None:
    """Raise Refused("not_allowed") unless a supervisor or an administrator acts, or an integration of no one customer
    whose token says "policies:write"."""
    token = actor.kind == "integration" and "policies:write" in actor.scopes and actor.organisation_ids is None
    if not token and not (actor.is_staff and actor.has_role(*EDITORS)):
        raise Refused("not_allowed", _("A supervisor or an administrator changes policies. Ask one."), status=403)


def locked_draft(policy: Policy, version: int | None) -> PolicyDraft:
    """Return the policy's draft, locked.

    version  the one the reader saw; None = any.

    Raises Refused: no_draft, stale (details: version, shape, saved_by, saved_at of what stands now).
    """
    draft = PolicyDraft.objects.select_for_update(no_key=True, of=("self",)).filter(policy=policy).first()
    if draft is None:
        raise Refused("no_draft", _("There is no draft of this policy. Begin one."))
    if version is not None and version != draft.version:
        raise _stale(draft)
    return draft


def _stale(draft: PolicyDraft) -> Refused:
    return Refused(
        "stale", _("Somebody saved this draft meanwhile. Compare both, then save yours over it or take theirs."),
        field="version", version=draft.version, shape=draft.shape, saved_at=draft.saved_at.isoformat(),
        saved_by=draft.saved_by.name if draft.saved_by else "",
    )  # fmt: skip


@transaction.atomic
def begin_draft(*, key: str, actor: Actor, at: datetime, from_n: int | None = None) -> PolicyDraft:
    """Open a draft that says what the version in force says (or version `from_n`), and return it; an open one stays.

    Raises Refused: not_allowed, unknown_policy, unknown_version.
    """
    policy = locked_policy(key, actor)
    draft = PolicyDraft.objects.filter(policy=policy).first()
    if draft is not None:
        return draft
    versions = policy.versions.order_by("-n")
    base = versions.filter(n=from_n).first() if from_n is not None else policy.current or versions.first()
    if base is None:
        raise Refused("unknown_version", _("There is no such version."), field="from_n")
    return _open(policy, shape_of(base, policy), actor, at)


def _open(policy: Policy, shape: Shape, actor: Actor, at: datetime) -> PolicyDraft:
    draft = PolicyDraft.objects.create(
        policy=policy, base=policy.current, shape=shape, begun_by_id=actor.user_id, begun_at=at,
        saved_by_id=actor.user_id, saved_at=at, writers=_with(actor),
    )  # fmt: skip
    _say("policy.draft_begun", policy, draft, actor, at)
    return draft


@transaction.atomic
def save_draft(
    *, key: str, shape: dict[str, Any], version: int | None, actor: Actor, at: datetime, over: bool = False
) -> PolicyDraft:
    """Keep `shape` as the draft of the policy, and return it. What cannot work may be saved, never published.

    version  the draft's version the writer saw; None = there was no draft.
    over     write over what somebody saved meanwhile, having seen it.

    Raises Refused: not_allowed, unknown_policy, stale, no_draft (it was published or thrown away), too_many_rules.
    """
    policy = locked_policy(key, actor)
    wanted = normal(shape) | {"key": policy.key, "name": policy.name, "subject": policy.subject}
    if len(wanted["rules"]) > MOST_RULES:
        raise Refused("too_many_rules", _("A policy holds at most 60 rules."), field="rules")
    found = PolicyDraft.objects.filter(policy=policy).first()
    if found is None and version is None:
        return _open(policy, wanted, actor, at)
    if found is not None and version is None and not over:
        raise _stale(found)
    draft = locked_draft(policy, None if over else version)
    if draft.shape == wanted:
        return draft
    draft.shape, draft.version = wanted, draft.version + 1
    draft.saved_by_id, draft.saved_at, draft.writers = actor.user_id, at, _with(actor, draft.writers)
    draft.save(update_fields=["shape", "version", "saved_by", "saved_at", "writers"])
    _say("policy.draft_saved", policy, draft, actor, at)
    return draft


@transaction.atomic
def discard_draft(*, key: str, version: int | None, actor: Actor, at: datetime) -> None:
    """Throw the draft away; the ledger keeps that it was, and its fingerprint. A policy that was never published goes
    with it: nothing ever ran by it.

    Raises Refused: not_allowed, unknown_policy, no_draft, stale.
    """
    policy = locked_policy(key, actor)
    draft = locked_draft(policy, version)
    _say("policy.draft_discarded", policy, draft, actor, at)
    draft.delete()
    if not policy.versions.exists():
        policy.comparisons.all().delete()
        policy.readings.all().delete()
        policy.simulations.all().delete()
        policy.delete()


def _with(actor: Actor, writers: Collection[int] = ()) -> list[int]:
    return sorted({*writers, *([actor.user_id] if actor.user_id else [])})


def _say(name: str, policy: Policy, draft: PolicyDraft, actor: Actor, at: datetime) -> None:
    record(
        name, chain=f"policy:{policy.key}", actor=actor, at=at, draft=str(draft.uuid), version=draft.version,
        sha256=fingerprint(draft.shape), rules=len(draft.shape["rules"]),
    )  # fmt: skip
