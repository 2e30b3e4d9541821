"""What fires next on a ticket if nobody acts, and whom it calls: the auditor asked about the future."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.simulator.history import stories
from escalation.simulator.known import Known
from escalation.simulator.logs import logs_of
from escalation.simulator.plan import plan_together
from escalation.simulator.shapes import Firing, Version
from escalation.simulator.windows import us
from tickets.models import Ticket

Place = tuple[str, int, str, int]  # subject's kind and key, policy, run


@dataclass(frozen=True, slots=True)
class Mark:
    """One occurrence of one rule. state: armed, fired, late, cancelled or planned (if nobody acts)."""

    at: datetime
    code: str
    label: str
    occurrence: int
    state: str
    late_s: str = ""
    people: Sequence[str] = ()


def next_calls(ticket: Ticket, now: datetime, last: datetime, known: Known) -> dict[Place, list[Mark]]:
    """Return what fires in (now, last] if nobody acts, by clock. 3 queries, and one each for escalations, promises and
    steps where there are any."""
    policies: dict[str, dict[str, Sequence[Version]]] = defaultdict(dict)
    for key, versions in known.versions.items():
        policies[versions[0].subject][key] = versions
    found: dict[Place, list[Mark]] = defaultdict(list)
    for _ticket, story in stories([ticket], known.calendars):
        for log in logs_of(ticket, story):
            for key, fired in plan_together(
                policies[log.kind], log.ways[0], known.rosters, known.calendars, us(last)
            ).items():
                labels = {rule.code: rule.label for version in policies[log.kind][key] for rule in version.rules}
                for one in (one for one in fired if one.fired > us(now)):
                    place = (log.kind, log.subject_id, key, int(one.clock.rpartition("/")[2]))
                    found[place].append(_planned(one, labels, known.names))
    return found


def _planned(one: Firing, labels: Mapping[str, str], names: Mapping[str, str]) -> Mark:
    people = [names.get(person, person) for person in one.people]
    return Mark(one.due_at, one.code, labels.get(one.code, ""), one.occurrence, "planned", "", people)
