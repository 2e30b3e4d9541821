"""Versions and stored tickets of this desk, compared: what the command, the page and publishing ask."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from escalation.models import Policy, PolicyDraft, Simulation
from escalation.shapes import shape_of
from escalation.simulator.compare import Comparison, compare
from escalation.simulator.history import between, calendars_between, cases, rosters_between
from escalation.simulator.off_tickets import cases_beside
from escalation.simulator.shapes import Case
from ledger.actor import Actor
from tickets.models import Ticket

Shape = Mapping[str, Any]
Progress = Callable[[int], None]
BESIDE = ("interaction", "handover", "major_incident", "maintenance")
SIMULATED = ("ticket", "escalation", "commitment", "work_item", *BESIDE)


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
    progress: Progress | None = None, most: int | None = None,
) -> Comparison:  # fmt: skip
    """Compare two versions over what was stored in [first, last).

    tickets   only these, e.g. those an actor may see. most: of calls, handovers and major incidents only so many.
    progress  is called with the number of cases done, every 100. Cost: 9 queries, 4 more for each 500 tickets.
    """
    subject, rows = new.get("subject", "ticket"), between(first, last)
    if tickets is not None:
        rows = rows.filter(pk__in=tickets.values("pk"))
    earliest = Ticket.objects.order_by("received_at").values_list("received_at", flat=True).first() or first
    tables = calendars_between(min(earliest, first), last)
    if subject in BESIDE:
        found = _counted(islice(cases_beside(subject, first, last, tickets), most), progress)
    else:
        found = _counted(cases(rows.iterator(chunk_size=500), subject, until=last, tables=tables), progress)
    return compare(old, new, found, rosters=rosters_between(first, last), calendars=tables)


def differences_for(made: Simulation, actor: Actor) -> list[dict[str, Any]]:
    """Return the differing cases of a simulation without tickets that the reader may no longer see. At most 1 query."""
    listed = (made.found or {}).get("differences", [])
    if "synthetic" in made.source:
        return list(listed)
    numbers = {one["case"].partition(" ")[0] for one in listed}
    seen = set(Ticket.objects.visible_to(actor).filter(number__in=numbers).values_list("number", flat=True))
    seen |= {name for name in numbers if ":" in name}  # a call, a handover: on no ticket
    return [one for one in listed if one["case"].partition(" ")[0] in seen]


def _counted(found: Iterable[Case], progress: Progress | None) -> Iterator[Case]:
    for number, case in enumerate(found, start=1):
        if progress is not None and number % 100 == 0:
            progress(number)
        yield case
