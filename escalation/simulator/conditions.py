"""Whether conditions of a policy or a rule hold. Pure; written from docs/policies.md, not from the engine."""

from collections.abc import Mapping
from datetime import time
from typing import Any

NOT_CONDITIONS = frozenset({"starts_on"})


def hold(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Return whether every condition holds of the facts; a list means one of, an unknown fact never holds."""
    for name, wanted in conditions.items():
        if name in NOT_CONDITIONS:
            continue
        said = facts.get(name)
        if name == "local_time":
            if said is None or not _within(str(said), wanted["from"], wanted["to"]):
                return False
        elif said not in wanted if isinstance(wanted, (list, tuple)) else said != wanted:
            return False
    return True


def offset_s(offset: int, variants: Any, facts: Mapping[str, Any]) -> int:
    """Return the seconds of the first variant that holds, else the rule's own."""
    return next((int(one["offset_s"]) for one in variants if hold(one["when"], facts)), offset)


def _within(said: str, begins: str, ends: str) -> bool:
    """Whether a wall time lies in [begins, ends), which may pass midnight."""
    at, first, last = time.fromisoformat(said), time.fromisoformat(begins), time.fromisoformat(ends)
    return first <= at < last if first <= last else at >= first or at < last
