"""Which policy applies, and which offset of a rule. Pure: works on plain values (decisions 15)."""

from collections.abc import Mapping
from typing import Any

STARTS_ON = "starts_on"


def matches(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Return whether every condition holds. A list = one of; a plain value = equal; `starts_on` is no condition.

    A condition on a fact that is unknown does not hold.
    """
    return all(_holds(wanted, facts.get(key)) for key, wanted in conditions.items() if key != STARTS_ON)


def offset_s(offset: int, variants: list[dict[str, Any]], facts: Mapping[str, Any]) -> int:
    """Return the seconds of the first variant whose `when` holds, else `offset` (E-1: 24, 48 or 2 hours)."""
    for variant in variants:
        if matches(variant["when"], facts):
            return int(variant["offset_s"])
    return offset


def offsets(offset: int, variants: list[dict[str, Any]]) -> set[int]:
    """Return every offset a rule can have, seconds: one that is none of them was moved by a person (C-10)."""
    return {offset, *(int(variant["offset_s"]) for variant in variants)}


def _holds(wanted: Any, value: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted
