"""The policies shipped with the desk, as data rows (escalation-engine design; decisions 15)."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.seed import seed_calendars
from escalation.models import Policy, PolicyVersion, Rule
from escalation.shipped import CANARY, POLICIES
from ledger.record import canonical


@transaction.atomic
def seed_policies(at: datetime) -> dict[str, PolicyVersion]:
    """Create calendars and version 1 of every shipped policy that has no version yet; return current versions by key.

    Idempotent: a policy that was published, edited into version 2, or retired, is left as it is.
    """
    seed_calendars()
    current = {}
    for shape in [*POLICIES, CANARY]:
        policy, _ = Policy.objects.get_or_create(
            key=shape["key"], defaults={"name": shape["name"], "subject": shape["subject"]}
        )
        if policy.current is not None:
            current[policy.key] = policy.current
        elif not policy.versions.exists():
            current[policy.key] = publish(policy, shape, at=at)
    return current


def publish(
    policy: Policy,
    shape: dict[str, Any],
    *,
    at: datetime,
    by_id: int | None = None,
    enforce_from: datetime | None = None,
    note: str = "",
    diff: dict[str, Any] | None = None,
) -> PolicyVersion:
    """Publish `shape` as the next version. Clocks already running keep theirs (I11). The version never changes.

    enforce_from  clocks that start from then on take it; None = from `at`. diff: the comparison the publisher saw.
    """
    last = policy.versions.order_by("-n").values_list("n", flat=True).first() or 0
    version = PolicyVersion.objects.create(
        policy=policy, n=last + 1, conditions=shape["conditions"],
        on_entitlement_calendar=shape.get("on_entitlement_calendar", []), sha256=fingerprint(shape),
        published_by_id=by_id, published_at=at, enforce_from=enforce_from, ack_silence_s=shape.get("ack_silence_s"),
        note=note, diff=diff or {},
    )  # fmt: skip
    Rule.objects.bulk_create(
        Rule(version=version, position=position, **rule) for position, rule in enumerate(shape["rules"])
    )
    policy.current = version
    policy.save(update_fields=["current"])
    return version


def fingerprint(shape: dict[str, Any]) -> str:
    """Return the SHA-256 of what a version says, hex."""
    return hashlib.sha256(canonical(shape).encode()).hexdigest()
