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
    yield from _rules(tally)
    state = "holds" if not tally.broken else f"is BROKEN: {tally.broken[0]}"
    yield f"The ledger {state}: {tally.entries:,} entries."
    yield f"Took {tally.seconds / 60:.1f} min in {jobs} process(es), {tally.cpu_seconds / 60:.1f} min of their own CPU."


def _rules(tally: Tally) -> Iterator[str]:
    """How many incidents would have broken each promise, when, and who would have been called."""
    codes = sorted(code for code in tally.breached if " " not in code)
    if codes:
        yield "Promises broken, by rule:"
    for code in codes:
        incidents, firings = tally.breached[code], tally.breached[f"{code} firings"]
        soon = f"{tally.breached[f'{code} 1 h']:,} within an hour, {tally.breached[f'{code} 1 d']:,} within a day"
        yield f"  {incidents:>9,}  incidents broke {code}, {firings:,} times; {soon}"
        yield f"             most at {_busiest(tally.hours, code)}; called: {_called(tally.called, code)}"


def _busiest(hours: Counter, code: str) -> str:
    """The three hours of the log's wall clock with most firings."""
    own = Counter({name.split(" ")[1]: n for name, n in hours.items() if name.startswith(f"{code} ")})
    return ", ".join(f"{hour}:00 ({n:,})" for hour, n in own.most_common(3)) or "no hour"


def _called(called: Counter, code: str) -> str:
    own = Counter({name.split(" ", 1)[1]: n for name, n in called.items() if name.startswith(f"{code} ")})
    return ", ".join(f"{role} {n:,}" for role, n in own.most_common()) or "nobody"


def _counts(found: Counter) -> Iterator[str]:
    for name, number in sorted(found.items(), key=lambda row: (-row[1], row[0])):
        yield f"  {number:>9,}  {name}"
