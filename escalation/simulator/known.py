"""What a look ahead asks beside the ticket itself: policies, calendars, rosters, names. The same for every ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from escalation.simulator.history import calendars_between, rosters_between, versions_by_policy
from escalation.simulator.logs import ON_TICKETS
from escalation.simulator.people import Rosters
from escalation.simulator.shapes import Version
from escalation.simulator.windows import Calendar


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of [first, last]; may be kept a moment and asked again. names: of staff by public id."""

    first: datetime
    last: datetime
    names: Mapping[str, str]
    rosters: Rosters
    versions: Mapping[str, Sequence[Version]]
    calendars: Mapping[str, Calendar]

    def reaches(self, first: datetime, last: datetime) -> bool:
        """Whether it says all there is to know of that stretch."""
        return self.first <= first and last <= self.last


def known_between(first: datetime, last: datetime) -> Known:
    """Read it. 15 queries."""
    staff = User.objects.filter(kind=User.Kind.STAFF).values_list("uuid", "name")
    return Known(
        first, last, {str(uuid): name for uuid, name in staff},
        rosters_between(first, last), versions_by_policy(*ON_TICKETS), calendars_between(first, last),
    )  # fmt: skip
