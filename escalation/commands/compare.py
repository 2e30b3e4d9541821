"""Ask what a draft changes, and work it out beside the desk: publication needs the answer (escalation-engine design).

The rows decide: a worker takes one that waits, says how far it is, and stops where somebody stopped it. One whose
worker fell silent is taken again; every answer is of the draft as it was when it was asked for.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from escalation.commands.draft import locked_draft, locked_policy
from escalation.models import Policy, PolicyComparison, PolicyDraft
from escalation.policy_compare import compare_shapes, how_many
from escalation.readiness import base_shape, readiness, refuse_broken
from escalation.shapes import fingerprint
from ledger.actor import SYSTEM, Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.record import record

log = logging.getLogger("escalation")
SILENT = timedelta(minutes=2)
TRIES = 3
State = PolicyComparison.State


class StoppedError(Exception):
    """Somebody stopped this comparison, or another worker took it."""


@transaction.atomic
def request_comparison(*, key: str, version: int | None, actor: Actor, at: datetime) -> PolicyComparison:
    """Keep that the draft is to be run against the version in force, and return the row a worker will take.

    The same draft asked for twice is worked out once; one that runs for an earlier draft is stopped.

    Raises Refused: not_allowed, unknown_policy, no_draft, stale, cannot_work (it cannot be simulated).
    """
    policy = locked_policy(key, actor)
    draft = locked_draft(policy, version)
    before = base_shape(policy.current)
    refuse_broken(readiness(draft, before, at=at, coverage=False))
    sha = fingerprint(draft.shape)
    live = _live(policy)
    if live is not None and (live.draft, live.sha256) == (draft.uuid, sha):
        return live
    if live is not None:
        _end(live, State.STOPPED, at)
    made = PolicyComparison.objects.create(
        policy=policy, draft=draft.uuid, sha256=sha, before=before, after=draft.shape, requested_by_id=actor.user_id,
        requested_at=at, touched_at=real_now(), total=how_many(draft.shape, at),
    )  # fmt: skip
    record("policy.comparison_requested", chain=f"policy:{key}", actor=actor, at=at, comparison=str(made.uuid),
           draft=str(draft.uuid), sha256=sha, cases=made.total)  # fmt: skip
    return made


@transaction.atomic
def stop_comparison(*, key: str, actor: Actor, at: datetime) -> PolicyComparison:
    """Stop the comparison that waits or runs. Raises Refused: not_allowed, unknown_policy, not_comparing."""
    policy = locked_policy(key, actor)
    live = _live(policy)
    if live is None:
        raise Refused("not_comparing", _("No comparison of this policy runs."))
    _end(live, State.STOPPED, at)
    record("policy.comparison_stopped", chain=f"policy:{key}", actor=actor, at=at, comparison=str(live.uuid),
           done=live.done, cases=live.total)  # fmt: skip
    return live


def run_comparisons(*, at: datetime) -> int:
    """Work out every comparison that waits, and those whose worker fell silent; return how many were answered."""
    silent = Q(state=State.RUNNING, touched_at__lt=real_now() - SILENT)
    rows = PolicyComparison.objects.filter(Q(state=State.WAITING) | silent).order_by("pk")
    return sum(_run(pk, attempts, at) for pk, attempts in rows.values_list("pk", "attempts"))


def _run(pk: int, attempts: int, at: datetime) -> bool:
    if attempts >= TRIES:
        PolicyComparison.objects.filter(pk=pk, attempts=attempts).update(state=State.FAILED, ended_at=at)
        return False
    free = PolicyComparison.objects.filter(pk=pk, attempts=attempts, state__in=PolicyComparison.LIVE)
    if not free.update(state=State.RUNNING, attempts=F("attempts") + 1, touched_at=real_now(), done=0):
        return False
    mine = PolicyComparison.objects.filter(pk=pk, attempts=attempts + 1, state=State.RUNNING)

    def progress(number: int) -> None:
        if not mine.update(done=number, touched_at=real_now()):
            raise StoppedError

    made = PolicyComparison.objects.get(pk=pk)
    try:
        found = compare_shapes(made.before, made.after, at=at, progress=progress)
        progress(found["cases"])
        return _keep(made, found, at)
    except StoppedError:
        return False
    except Exception:
        mine.update(state=State.FAILED, ended_at=at)
        log.exception("comparison %s failed", made.uuid)
        return False


@transaction.atomic
def _keep(made: PolicyComparison, found: dict, at: datetime) -> bool:
    """Give the answer to the draft it was asked for, if that still is the policy's draft; end the comparison."""
    policy = Policy.objects.select_for_update(no_key=True, of=("self",)).get(pk=made.policy_id)
    row = PolicyComparison.objects.select_for_update(no_key=True).get(pk=made.pk)
    if (row.state, row.attempts) != (State.RUNNING, made.attempts):
        return False
    _end(row, State.DONE, at)
    draft = PolicyDraft.objects.select_for_update(no_key=True, of=("self",)).filter(policy=policy).first()
    if draft is None or draft.uuid != row.draft:
        return False
    draft.comparison, draft.compared_sha = found, row.sha256
    draft.compared_at, draft.compared_by_id = at, row.requested_by_id
    draft.save(update_fields=["comparison", "compared_sha", "compared_at", "compared_by"])
    by = actor_for(row.requested_by) if row.requested_by else SYSTEM
    record("policy.compared", chain=f"policy:{policy.key}", actor=by, at=at, draft=str(draft.uuid),
           comparison=str(row.uuid), sha256=row.sha256, differing=found["differing"])  # fmt: skip
    return True


def _live(policy: Policy) -> PolicyComparison | None:
    rows = PolicyComparison.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(policy=policy, state__in=PolicyComparison.LIVE).first()


def _end(row: PolicyComparison, state: str, at: datetime) -> None:
    row.state, row.ended_at = state, at
    row.save(update_fields=["state", "ended_at"])
