"""Drafts of shipped policies, changed in one place and ready to publish."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from accounts.actors import actor_for
from escalation.commands.compare import request_comparison, run_comparisons
from escalation.commands.draft import begin_draft, save_draft
from escalation.commands.migrate_policy import continue_moves, migrate_clocks
from escalation.commands.publish import publish_policy
from escalation.commands.read_policy import ask_reading, read_policy
from escalation.models import PolicyDraft, PolicyMove, PolicyVersion
from escalation.readings import possible_readers
from escalation.shapes import Shape, normal
from ledger.actor import Actor


def with_rule(shape: Shape, code: str, /, **fields: Any) -> Shape:
    """Return the shape with some fields of one rule set to other values."""
    rules = [{**rule, **fields} if rule["code"] == code else rule for rule in shape["rules"]]
    return normal(shape | {"rules": rules})


def drafted(key: str, actor: Actor, at: datetime, **rules: dict[str, Any]) -> PolicyDraft:
    """Begin a draft and change fields of rules: drafted("fault_handling", actor, at, T_4={"offset_s": 60})."""
    draft = begin_draft(key=key, actor=actor, at=at)
    shape = draft.shape
    for name, fields in rules.items():
        shape = with_rule(shape, name.replace("_", "-"), **fields)
    return save_draft(key=key, shape=shape, version=draft.version, actor=actor, at=at)


def compared(key: str, actor: Actor, at: datetime, version: int | None = None) -> PolicyDraft:
    """Ask what the draft changes, let a worker answer, and return the draft with the answer."""
    made = request_comparison(key=key, version=version, actor=actor, at=at)
    run_comparisons(at=at)
    return PolicyDraft.objects.get(uuid=made.draft)


def read(key: str, actor: Actor, at: datetime) -> PolicyDraft:
    """Have the draft read by somebody who wrote nothing in it, and return it."""
    draft = PolicyDraft.objects.get(policy__key=key)
    other = possible_readers(draft).exclude(pk=actor.user_id)[0]
    ask_reading(key=key, version=None, reader=str(other.uuid), actor=actor, at=at)
    read_policy(key=key, version=None, word="Compared with a colleague", actor=actor_for(other), at=at)
    return PolicyDraft.objects.get(pk=draft.pk)


def published(key: str, actor: Actor, at: datetime, **rules: dict[str, Any]) -> PolicyVersion:
    """Draft, compare, have read and publish a change of rules."""
    drafted(key, actor, at, **rules)
    compared(key, actor, at)
    draft = read(key, actor, at)
    return publish_policy(key=key, version=draft.version, note="Changed in a test", actor=actor, at=at)


def with_rules(key: str, actor: Actor, at: datetime, change: Callable[[list[dict]], list[dict]]) -> PolicyVersion:
    """Publish the policy with its list of rules changed by `change`."""
    draft = drafted(key, actor, at)
    shape = {**draft.shape, "rules": change(draft.shape["rules"])}
    save_draft(key=key, shape=shape, version=draft.version, actor=actor, at=at)
    compared(key, actor, at)
    draft = read(key, actor, at)
    return publish_policy(key=key, version=draft.version, note="Changed in a test", actor=actor, at=at)


def moved(actor: Actor, key: str, at: datetime, *, n: int = 2, fire: Sequence[str] = ()) -> PolicyMove:
    """Move the policy's running clocks to version n, to the end."""
    move = migrate_clocks(key=key, version_n=n, fire=fire, actor=actor, at=at)
    continue_moves(at)
    return PolicyMove.objects.get(pk=move.pk)
