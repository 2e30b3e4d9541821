"""Published versions and their rules, read once per process: neither ever changes (I11; a trigger sees to it)."""

from collections.abc import Iterable

from escalation.models import PolicyVersion, Rule

_rules: dict[int, dict[int, Rule]] = {}
_versions: dict[int, PolicyVersion] = {}


def rules_of(version_id: int) -> list[Rule]:
    """Return the rules of a version, in their order. 1 query the first time, none after."""
    return list(_known(version_id).values())


def rule_of(version_id: int, rule_id: int) -> Rule:
    """Return one rule of a version. Raises KeyError if it is not of that version (a caller's bug)."""
    return _known(version_id)[rule_id]


def versions(ids: Iterable[int]) -> dict[int, PolicyVersion]:
    """Return versions by key, with their policies. 1 query for all that are new to this process."""
    wanted = set(ids)
    missing = wanted - _versions.keys()
    if missing:
        _versions.update(PolicyVersion.objects.select_related("policy").in_bulk(missing))
    return {pk: _versions[pk] for pk in wanted}


def forget() -> None:
    """Read everything anew: after publishing, and between tests."""
    _rules.clear()
    _versions.clear()


def _known(version_id: int) -> dict[int, Rule]:
    found = _rules.get(version_id)
    if found is None:
        found = {rule.pk: rule for rule in Rule.objects.filter(version_id=version_id)}
        if found:
            _rules[version_id] = found
    return found
