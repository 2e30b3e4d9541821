"""Whether every step can be reached in time and in order: chains of steps, loops, limits. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from escalation.shapes import Shape, rule_of, value

MINUTE_S = 60
WAITS = {"stage_two": "F-1D"}
# What the clock of a ticket never sees, by what starts it: it begins too late for it, or has ended by then.
UNSEEN = {
    "logged": {"resolved"}, "dispatched": {"received", "resolved"},
    "resolved": {"received", "dispatched", "specialists_dispatched"},
}  # fmt: skip


def before(rule: Mapping[str, Any]) -> str:
    """Return the code of the rule whose firing arms this one at the latest; "" where none does."""
    kind, _colon, code = (rule["anchor"] or "").partition(":")
    return code if kind == "fired" else WAITS.get(kind, "")


def chain(shape: Shape, rule: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return the rules that lead to this one, first to last, itself included; None for a loop."""
    found, step = [rule], rule
    while code := before(step):
        previous = rule_of(shape, code)
        if previous is None:
            return found
        if any(one["code"] == code for one in found):
            return None
        found.insert(0, previous)
        step = previous
    return found


def latest(shape: Shape, rule: Mapping[str, Any]) -> int | None:
    """Return the seconds after the clock's start by which the rule's anchor has come; None where an event decides."""
    way = chain(shape, rule)
    if way is None or way[0]["anchor"] not in {"start", "received"}:
        return None
    total = 0
    for step in way[:-1]:
        total += int(step["offset_s"] or 0)
        cap = value(step, "latest_s")
        total = total if cap is None else min(total, cap)
    return total


def reach_problems(shape: Shape) -> Iterator[dict[str, Any]]:
    """Yield steps that lead back to themselves, that wait for what their clock never sees, or whose limit passes before
    they are due."""
    unseen = UNSEEN.get(str(shape["conditions"].get("starts_on")), set()) if shape["subject"] == "ticket" else set()
    for rule in shape["rules"]:
        if rule["anchor"] in unseen:
            message = _("The clock runs at another time than this happens, so this step is never reached.")
            yield _told(rule, "no_anchor", "anchor", message)
            continue
        if chain(shape, rule) is None:
            yield _told(rule, "loop", "anchor", _("This step waits for itself, so none of the circle is ever reached."))
            continue
        limit, offset = value(rule, "latest_s"), rule["offset_s"]
        reached = latest(shape, rule)
        if limit is None or reached is None or not isinstance(offset, int) or reached + offset <= limit:
            continue
        yield _told(
            rule, "limit", "offset_s",
            _("%(a)s + %(b)s can be %(sum)s min after the start; the limit is %(limit)s.") % {
                "a": _min(reached), "b": _min(offset), "sum": _min(reached + offset), "limit": _min(limit)},
            {"offset_s": limit - reached} if reached <= limit else {},
        )  # fmt: skip


def order_problems(shape: Shape) -> Iterator[dict[str, Any]]:
    """Yield steps of one ladder (same anchor, same stops, same conditions) that come before the one above them."""
    last: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for rule in shape["rules"]:
        stops, again = tuple(sorted(rule["stop_on"] or [])), bool(value(rule, "repeat_s"))
        key = (rule["anchor"], stops, str(value(rule, "when")), value(rule, "unit"), again)
        above = last.get(key)
        last[key] = rule
        if (
            above is None
            or rule["anchor"] == "before_due"
            or not isinstance(rule["offset_s"], int)
            or not isinstance(above["offset_s"], int)
        ):
            continue
        if rule["offset_s"] < above["offset_s"]:
            message = _("This step comes before %(code)s, which stands above it. Move it up, or make it later.")
            yield _told(rule, "order", "offset_s", message % {"code": above["code"]})
    for rule in shape["rules"]:
        warning = rule_of(shape, rule["code"][:-1]) if (rule["code"] or "").endswith("D") else None
        same = warning is not None and warning["anchor"] == rule["anchor"] and not value(rule, "when")
        if same and warning is not None and (warning["offset_s"] or 0) > (rule["offset_s"] or 0):
            message = _("The deadline passes before its warning %(code)s. Make it later than the warning.")
            yield _told(rule, "order", "offset_s", message % {"code": warning["code"]})


def _told(rule: Mapping[str, Any], code: str, where: str, message: str, fix: dict[str, Any] | None = None):
    return {"code": code, "rule": rule["code"], "field": where, "message": message,
            "fix": {rule["code"]: fix} if fix else {}}  # fmt: skip


def _min(seconds: int) -> str:
    whole, rest = divmod(seconds, MINUTE_S)
    return str(whole) if not rest else f"{seconds / MINUTE_S:.1f}"
