"""Versions and stored tickets of this desk, compared: what the command, the page and publishing ask."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from escalation.models import Policy, PolicyDraft
from escalation.shapes import shape_of
from escalation.simulator.compare import Comparison, compare
from escalation.simulator.history import between, calendars_between, cases, rosters_between
from escalation.simulator.shapes import Case
from tickets.models import Ticket

Shape = Mapping[str, Any]
Progress = Callable[[int], None]
SIMULATED = ("ticket", "escalation")


def shape_named(key: str, which: str) -> dict[str, Any] | None:
    """Return a policy's shape: "current", "draft" or a number of a version; None where there is none. 3 queries."""
    policy = Policy.objects.filter(key=key).select_related("current").first()
    if policy is None:
        return None
    if which == "draft":
        draft = PolicyDraft.objects.filter(policy=policy).first()
        return {**draft.shape, "key": policy.key, "subject": policy.subject} if draft else None
    version = policy.current if which == "current" else None
    if which.isdigit():
        version = policy.versions.filter(n=int(which)).first()
    return shape_of(version, policy) if version else None


def compare_stored(
    old: Shape | None, new: Shape, *, first: datetime, last: datetime, tickets: Any = None,
    progress: Progress | None = None,
) -> Comparison:  # fmt: skip
    """Compare two versions over the tickets of [first, last); tickets: only these, e.g. those an actor may see.

    progress is called with the number of cases done, every 100. Cost: 9 queries, 3 more for each 500 tickets.
    """
    rows = between(first, last)
    if tickets is not None:
        rows = rows.filter(pk__in=tickets.values("pk"))
    found = _counted(cases(rows.iterator(chunk_size=500), new.get("subject", "ticket"), until=last), progress)
    earliest = Ticket.objects.order_by("received_at").values_list("received_at", flat=True).first() or first
    return compare(
        old, new, found, rosters=rosters_between(first, last), calendars=calendars_between(min(earliest, first), last)
    )


def _counted(found: Iterator[Case], progress: Progress | None) -> Iterator[Case]:
    for number, case in enumerate(found, start=1):
        if progress is not None and number % 100 == 0:
            progress(number)
        yield case
