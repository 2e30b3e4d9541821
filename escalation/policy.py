"""Which policy applies, and which offset of a rule. Pure: works on plain values (decisions 15, docs/policies.md)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

STARTS_ON = "starts_on"
LOCAL_TIME = "local_time"


class Dated(NamedTuple):
    """A version and when clocks begin to take it. `enforce_from` None = from `published_at`."""

    key: int
    n: int
    enforce_from: datetime | None
    published_at: datetime


def matches(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Return whether every condition holds. A list = one of; a plain value = equal; `starts_on` is no condition.

    `local_time` {"from": "22:00", "to": "06:00"} holds of the wall time in [from, to), past midnight where `from` is
    the later one. A condition on a fact that is unknown does not hold.
    """
    return all(_holds(key, wanted, facts.get(key)) for key, wanted in conditions.items() if key != STARTS_ON)


def wall(at: datetime, zone: str) -> dict[str, Any]:
    """Return the facts of an anchor: `local_time` "HH:MM" and `weekday` (0 = Monday) on the wall of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    return {LOCAL_TIME: f"{local:%H:%M}", "weekday": local.weekday()}


def in_force(versions: Iterable[Dated], at: datetime) -> int | None:
    """Return the key of the version that a clock started at `at` takes; None = the policy starts no clock yet.

    The highest number enforced by then. Before any is, the first, unless it says itself from when it is enforced: so
    nothing ever fires for what began before its rule was enforced.
    """
    ascending = sorted(versions, key=lambda version: version.n)
    for version in reversed(ascending):
        if (version.enforce_from or version.published_at) <= at:
            return version.key
    return ascending[0].key if ascending and ascending[0].enforce_from is None else None


def offset_s(offset: int, variants: list[dict[str, Any]], facts: Mapping[str, Any]) -> int:
    """Return the seconds of the first variant whose `when` holds, else `offset` (E-1: 24, 48 or 2 hours)."""
    for variant in variants:
        if matches(variant["when"], facts):
            return int(variant["offset_s"])
    return offset


def offsets(offset: int, variants: list[dict[str, Any]]) -> set[int]:
    """Return every offset a rule can have, seconds: one that is none of them was begun anew or moved (C-10)."""
    return {offset, *(int(variant["offset_s"]) for variant in variants)}


def _holds(key: str, wanted: Any, value: Any) -> bool:
    if key == LOCAL_TIME:
        return value is not None and _within(str(value), str(wanted["from"]), str(wanted["to"]))
    return value in wanted if isinstance(wanted, list) else value == wanted


def _within(value: str, begins: str, ends: str) -> bool:
    if begins <= ends:
        return begins <= value < ends
    return value >= begins or value < ends
