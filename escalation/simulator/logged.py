"""A historical incident log as cases of the auditor: the steps of `tickets.replay_map`, no table, no command.

Every ticket is a P3 fault of one customer on office hours of the log's own zone, as in the replay. Agreed waits end at
their time. What a guard would refuse (a step on a ticket that is not there) is left out.
"""

import csv
import gzip
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from escalation.simulator.people import Member, Rosters
from escalation.simulator.shapes import Case, Event
from escalation.simulator.windows import Calendar, Windows, us
from tickets.replay_map import LOG_ZONE, Step, cases_of, plan_case

OFFICE = "office"
FIRST, LAST = date(2009, 12, 1), date(2015, 12, 31)
ROLES = (
    "supervisor", "duty_manager", "centre_director", "deputy_gm", "account_manager", "service_delivery_manager",
    "technical_account_manager", "regional_manager", "executive_support", "quality_reviewer", "director_support",
    "vp_customer_experience", "ceo",
)  # fmt: skip
DISPATCH = {
    "triage": "ticket.triaged", "transfer": "ticket.transferred", "escalate_tier": "ticket.tier_changed",
    "return_tier": "ticket.tier_changed",
}  # fmt: skip
TIERS = ("l1", "l2", "l3")
FACTS: dict[str, Any] = {
    "kind": "fault", "priority": "P3", "category": "other", "channel": "internal", "critical": False, "urgent": False,
    "complex": False, "verified": False, "dispatched": False, "segment": "", "service_category": "enterprise",
    "region": "", "production": False, "working_day": True, "state": "intake", "calendar": OFFICE, "owner": None,
    "organisation": 1, "acknowledged": False, "answered": False, "zone": str(LOG_ZONE), "team": None,
}  # fmt: skip


def office_hours() -> dict[str, Calendar]:
    """Return the calendar of the log's customer: Monday to Friday, 8 to 18, no holidays."""
    day = ((time(8), time(18)),)
    return {OFFICE: Windows(str(LOG_ZONE), (*(day,) * 5, (), ()), (), FIRST, LAST)}


def centre() -> Rosters:
    """Return who is on call in the log's centre: each role has its person, named after it."""
    return Rosters(team=[Member(role, None, role) for role in ROLES])


def log_cases(path: Path, *, limit: int | None = None) -> Iterator[Case]:
    """Yield the cases of the file, plain or gzip, up to the last event of the file; limit: only the newest."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="", encoding="utf-8") as rows:
        events = deque(cases_of(csv.DictReader(rows)), maxlen=limit)
    until = max((us(one[-1].at) for one in events), default=0)
    for one in islice(events, None):
        said = Teller().tell(list(plan_case(one)), until)
        yield Case(name=f"case {one[0].case}", events=said, until=until, zone=str(LOG_ZONE))


class Teller:
    """Turns the steps of one case into events."""

    def __init__(self) -> None:
        self.facts = FACTS
        self.events: list[Event] = []
        self.asked = self.agreed = 0
        self.back = "l1"

    def tell(self, steps: Sequence[Step], until: int) -> list[Event]:
        """Return the events of all steps; a wait that nobody ends goes on at its agreed time."""
        for step in steps:
            at = us(step.at_utc)
            self._wait_over(at)
            act = getattr(self, f"_{step.command}", None)
            if step.command in DISPATCH:
                self._dispatch(step, at)
            elif act is not None:
                act(step, at)
        self._wait_over(until)
        return self.events

    def _say(self, at: int, name: str, data: Any = None, **facts: Any) -> None:
        if facts:
            self.facts = {**self.facts, **facts}
        self.events.append(Event(at, name, self.facts, data or {}))

    def _wait_over(self, at: int) -> None:
        if self.facts["state"] == "suspended" and self.agreed <= at:
            self._say(self.agreed, "ticket.resumed", state=self.back)

    def _log(self, step: Step, at: int) -> None:
        self._say(at, "ticket.logged", {"received": at})

    def _verify(self, step: Step, at: int) -> None:
        self._say(at, "ticket.verified", state="triage", verified=True)
        self._say(at, "ticket.acknowledged", acknowledged=True)

    def _dispatch(self, step: Step, at: int) -> None:
        if self.facts["state"] not in ("triage", *TIERS):
            return
        tier = step.params.get("tier", self.back)
        self.back = tier
        again = self.facts["complex"] or tier != "l1"
        self._say(at, DISPATCH[step.command], state=tier, dispatched=True, owner=None, complex=again,
                  team=step.params["team"])  # fmt: skip

    def _sign_for(self, step: Step, at: int) -> None:
        if self.facts["state"] in TIERS:
            self._say(at, "ticket.signed_for", owner=step.params["by"])

    def _assign(self, step: Step, at: int) -> None:
        self.facts = {**self.facts, "owner": step.params.get("to") or None}

    def _record_contact(self, step: Step, at: int) -> None:
        if self.facts["state"] in TIERS:
            self._say(at, "ticket.contact_recorded")

    def _add_progress(self, step: Step, at: int) -> None:
        if self.facts["state"] in (*TIERS, "suspended"):
            self._say(at, "note.added", {"progress": True})

    def _request_suspension(self, step: Step, at: int) -> None:
        self.asked, self.agreed = 0, us(datetime.fromisoformat(step.params["until"]))

    def _approve(self, step: Step, at: int) -> None:
        self.asked += 1
        if self.asked == 2 and self.facts["state"] in TIERS:
            self.back = self.facts["state"]
            self._say(at, "ticket.suspended", state="suspended")

    def _resume(self, step: Step, at: int) -> None:
        if self.facts["state"] == "suspended":
            self._say(at, "ticket.resumed", state=self.back)

    def _resolve(self, step: Step, at: int) -> None:
        if self.facts["state"] in TIERS:
            self.back = self.facts["state"]
            self._say(at, "ticket.resolved", state="closure", dispatched=False)

    def _dispute(self, step: Step, at: int) -> None:
        if self.facts["state"] == "closure":
            self._say(at, "ticket.disputed", state=self.back, dispatched=True)

    def _close(self, step: Step, at: int) -> None:
        if self.facts["state"] == "closure":
            self.facts = {**self.facts, "state": "closed"}

    def _reopen(self, step: Step, at: int) -> None:
        if self.facts["state"] in ("closed", "cancelled"):
            self._say(at, "ticket.reopened", state="triage", owner=None)

    def _cancel(self, step: Step, at: int) -> None:
        if self.facts["state"] not in ("closed", "cancelled"):
            self._say(at, "ticket.cancelled", state="cancelled", dispatched=False)
