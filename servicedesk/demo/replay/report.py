"""What a replay found, in words."""

from collections import Counter
from collections.abc import Iterator

from servicedesk.demo.replay.run import Tally


def lines(tally: Tally, *, jobs: int, tick: int) -> Iterator[str]:
    """Yield the report, line by line."""
    applied, refused = sum(tally.applied.values()), sum(tally.refused.values())
    yield f"Replayed {tally.cases:,} cases, {tally.events:,} events, {applied + refused:,} commands."
    yield f"Applied {applied:,}:"
    yield from _counts(tally.applied)
    yield f"Refused {refused:,}, by command and code:"
    yield from _counts(tally.refused)
    yield f"By time alone: {tally.by_time['resumed']:,} resumed, {tally.by_time['confirmed']:,} confirmed."
    yield f"Firings {sum(tally.fired.values()):,}, by rule and outcome (at most {tick} s after they were due):"
    yield from _counts(tally.fired)
    state = "holds" if not tally.broken else f"is BROKEN: {tally.broken[0]}"
    yield f"The ledger {state}: {tally.entries:,} entries."
    yield f"Took {tally.seconds / 60:.1f} min in {jobs} process(es), {tally.cpu_seconds / 60:.1f} min of their own CPU."


def _counts(found: Counter) -> Iterator[str]:
    for name, number in sorted(found.items(), key=lambda row: (-row[1], row[0])):
        yield f"  {number:>9,}  {name}"
