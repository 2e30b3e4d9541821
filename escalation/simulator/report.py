"""A comparison in plain lines, for a terminal. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from escalation.simulator.compare import Comparison

SUMS = (
    ("firings", "Firings"), ("pages", "People called"), ("night_pages", "Calls at night, 22 to 6"),
    ("woken", "People woken, each night once"), ("top", "Calls to the top"), ("nobody", "Nobody to call"),
)  # fmt: skip


def lines(found: Comparison, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report, line by line."""
    said = found.as_dict()
    before, after = said["old"], said["new"]
    yield f"{said['cases']:,} cases of {new.get('key')}, {said['differing']:,} of them differ."
    yield f"{'':40}{'before':>12}{'after':>12}{'change':>12}"
    for key, words in SUMS:
        yield _row(words, before[key], after[key])
    for which, words in (("median", "Seconds to the first human, middle"), ("p90", "… nine of ten")):
        yield _row(words, (before["to_first_s"] or {}).get(which, 0), (after["to_first_s"] or {}).get(which, 0))
    labels = {rule["code"]: str(rule.get("label", "")) for shape in (old, new) for rule in shape["rules"]}
    for code in sorted(before["breaches"].keys() | after["breaches"].keys()):
        words = f"Promises broken, {code}"
        yield _row(words, before["breaches"].get(code, 0), after["breaches"].get(code, 0))
        cases = [side["breached_cases"].get(code, 0) for side in (before, after)]
        yield _row(f"  cases with one ({labels.get(code, '')[:20]})", *cases)
    yield f"Firings added {said['added']:,}, removed {said['removed']:,}, moved {said['moved']:,}."
    for one in said["differences"][:10]:
        sizes = f"+{len(one['added'])} −{len(one['removed'])} ~{len(one['moved'])}"
        yield f"  {one['case']:<18}{sizes:<16}{one['note']}"
    yield from _nights(after)


def _row(words: str, before: int, after: int) -> str:
    return f"{words:<40}{before:>12,}{after:>12,}{after - before:>+12,}"


def _nights(after: Mapping[str, Any]) -> Iterator[str]:
    if after["night"]:
        yield "Calls by role and night hour, after:"
    for role, hour, number in after["night"]:
        yield f"  {number:>9,}  {role} {hour:02d}:00"
