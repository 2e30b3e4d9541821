"""Published versions and their rules, read once per process: neither ever changes (I11; a trigger sees to it)."""

from collections.abc import Iterable
from datetime import datetime

from escalation import policy
from escalation.models import PolicyVersion, Rule
from ledger.unwatched import once

Dated = dict[str, dict[int, list[policy.Dated]]]

_rules: dict[int, dict[int, Rule]] = {}
_versions: dict[int, PolicyVersion] = {}
_homes: dict[int, int] = {}


def rules_of(version_id: int) -> list[Rule]:
    """Return the rules of a version, in their order. 1 query the first time, none after."""
    return list(_known(version_id).values())


def rule_of(version_id: int, rule_id: int) -> Rule:
    """Return one rule of a version, or of the version a clock was moved away from: what fired keeps its rule (I1).

    1 query the first time. Raises Rule.DoesNotExist for a rule there is not (a caller's bug).
    """
    found = _known(version_id).get(rule_id)
    return found if found is not None else _known(_version_of(rule_id))[rule_id]


def versions(ids: Iterable[int]) -> dict[int, PolicyVersion]:
    """Return versions by key, with their policies. 1 query for all that are new to this process."""
    wanted = set(ids)
    missing = wanted - _versions.keys()
    if missing:
        _versions.update(PolicyVersion.objects.select_related("policy").in_bulk(missing))
    return {pk: _versions[pk] for pk in wanted}


def dated_versions() -> Dated:
    """Return every version by subject and policy, with when it is enforced, but of retired policies none. 1 query."""
    return once("dated_versions", _dated)


def _dated() -> Dated:
    found: Dated = {}
    rows = PolicyVersion.objects.filter(policy__current__isnull=False).order_by("policy_id", "n")
    names = ("policy__subject", "policy_id", "pk", "n", "enforce_from", "published_at")
    for subject, policy_id, key, n, enforce_from, published_at in rows.values_list(*names):
        dated = policy.Dated(key, n, enforce_from, published_at)
        found.setdefault(subject, {}).setdefault(policy_id, []).append(dated)
    return found


def current_versions(subject: str, at: datetime, *, among: Dated | None = None) -> list[PolicyVersion]:
    """Return, of every policy for `subject`, the version that a clock started at `at` takes.

    `enforce_from` decides (`policy.in_force`); a policy with no version in force by then is left out. among: what
    `dated_versions` returned; None = read it, 1 query.
    """
    dated = dated_versions() if among is None else among
    chosen = [policy.in_force(versions_of, at) for versions_of in dated.get(subject, {}).values()]
    known = versions(key for key in chosen if key is not None)
    return [known[key] for key in chosen if key is not None]


def forget() -> None:
    """Read everything anew: after publishing, and between tests."""
    _rules.clear()
    _versions.clear()
    _homes.clear()


def _version_of(rule_id: int) -> int:
    if rule_id not in _homes:
        _homes[rule_id] = Rule.objects.values_list("version_id", flat=True).get(pk=rule_id)
    return _homes[rule_id]


def _known(version_id: int) -> dict[int, Rule]:
    found = _rules.get(version_id)
    if found is None:
        found = {rule.pk: rule for rule in Rule.objects.filter(version_id=version_id)}
        if found:
            _rules[version_id] = found
    return found
