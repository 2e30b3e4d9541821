"""The ledger's entries of one ticket as events of the auditor, with what was known of it at each. Pure.

Entries are plain rows (name, instant in microseconds, data, who acted). Unknown names are left out: they mean nothing
to any clock.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from escalation.simulator.affairs import Affairs
from escalation.simulator.shapes import Event
from escalation.simulator.windows import us

WORKING = frozenset({"l1", "l2", "l3", "suspended"})
HIGH = frozenset({"P1", "P2"})
STATES = {
    "ticket.verified": "triage", "ticket.suspended": "suspended", "ticket.resolved": "closure",
    "ticket.reopened": "triage", "ticket.rejected": "rejected", "ticket.cancelled": "cancelled",
    "ticket.merged": "cancelled", "ticket.closed": "closed", "ticket.confirmed": "survey",
}  # fmt: skip
HEARD = frozenset({
    "ticket.logged", "ticket.verified", "ticket.acknowledged", "ticket.contact_recorded", "ticket.triaged",
    "ticket.transferred", "ticket.tier_changed", "ticket.signed_for", "note.added", "ticket.suspended",
    "ticket.resumed", "ticket.resolved", "ticket.rejected", "ticket.cancelled", "ticket.merged", "ticket.disputed",
    "ticket.unmerged", "ticket.reopened", "ticket.reclassified", "ticket.reprioritised", "ticket.customer_corrected",
    "ticket.became_critical", "ticket.no_longer_critical", "commitment.moved", "report.filed", "timer.acknowledged",
    "ticket.pages_held", "ticket.pages_released",
})  # fmt: skip
ENDS = frozenset({"ticket.resolved", "ticket.cancelled", "ticket.merged", "ticket.rejected"})


class Row(NamedTuple):
    """One entry of the ledger. actor: reference of who acted."""

    name: str
    at: int
    data: Mapping[str, Any]
    actor: str = ""


class Story:
    """Reads the entries of one ticket; `events`, `escalations` (by their public id) and `affairs` are its logs."""

    def __init__(self, facts: Mapping[str, Any], *, received: int, affairs: Affairs | None = None) -> None:
        self.facts: dict[str, Any] = dict(facts)
        self.received = received
        self.events: list[Event] = []
        self.escalations: dict[str, list[Event]] = {}
        self.affairs = affairs or Affairs()

    def read(self, rows: Iterable[Row]) -> "Story":
        """Add entries, in their order; return the story."""
        for row in rows:
            self._learn(row)
            self.affairs.hear(row.name, row.at, row.data, row.actor, self.facts)
            if row.name.startswith("escalation."):
                self._escalation(row)
            elif row.name in HEARD:
                self._ticket(row)
        return self

    def _ticket(self, row: Row) -> None:
        data: dict[str, Any] = {}
        if row.name == "ticket.logged":
            data["received"] = self.received
        elif row.name == "note.added":
            data = {name: bool(row.data.get(name)) for name in ("progress", "first_answer")}
        elif row.name in ("ticket.disputed", "ticket.unmerged"):
            data["suspended"] = self.facts["state"] == "suspended"
        elif row.name == "timer.acknowledged":
            data = {name: row.data.get(name) for name in ("rule", "occurrence")}
        elif row.name == "ticket.pages_held":
            data["until"] = us(datetime.fromisoformat(str(row.data["until"])))
        elif row.name == "commitment.moved":
            if row.data.get("kind") != "resolution":
                return
            data["due"] = us(datetime.fromisoformat(str(row.data["due_at"])))
        self.events.append(Event(row.at, row.name, dict(self.facts), data))
        if row.name == "timer.acknowledged":
            for events in self.escalations.values():
                events.append(Event(row.at, row.name, None, data))
        if row.name in ENDS:
            for events in self.escalations.values():
                events.append(Event(row.at, f"escalation.{row.name.partition('.')[2]}"))

    def _escalation(self, row: Row) -> None:
        key = str(row.data.get("escalation", ""))
        if row.name == "escalation.requested":
            own = {name: row.data.get(name) for name in ("production", "severity", "relation")}
            place = ("organisation", "region", "team", "owner", "zone", "segment", "service_category")
            facts = {**{name: self.facts.get(name) for name in place}, **own}
            self.escalations[key] = [Event(row.at, row.name, facts, {"requested": row.at})]
        elif key in self.escalations:
            data = {name: row.data[name] for name in ("role", "stage", "reason") if name in row.data}
            self.escalations[key].append(Event(row.at, row.name, None, data))

    def _learn(self, row: Row) -> None:
        """Take from an entry what it says the ticket has become."""
        data, facts = row.data, self.facts
        state = data.get("state_to") or STATES.get(row.name)
        if row.name in ("ticket.triaged", "ticket.tier_changed"):
            state = data.get("state_to") or data.get("tier") or data.get("to")
            facts["complex"] = facts["complex"] or state in ("l2", "l3")
        if row.name in ("ticket.triaged", "ticket.transferred", "ticket.tier_changed"):
            facts.update(owner=None, team=data.get("team", facts.get("team")))
        elif row.name == "ticket.signed_for":
            facts["owner"] = data.get("owner") or row.actor
        elif row.name == "ticket.assigned":
            facts["owner"] = data.get("owner")
        elif row.name == "ticket.verified":
            facts["verified"] = True
        elif row.name == "ticket.acknowledged":
            facts["acknowledged"] = True
        elif row.name == "note.added" and data.get("first_answer"):
            facts["answered"] = True
        elif row.name in ("ticket.became_critical", "ticket.no_longer_critical"):
            facts["critical"] = row.name == "ticket.became_critical"
        elif row.name == "ticket.reprioritised":
            facts["priority"] = data.get("after", facts["priority"])
        self._classes(row)
        if state:
            facts["state"], facts["dispatched"] = state, state in WORKING

    def _classes(self, row: Row) -> None:
        if row.name in ("ticket.logged", "ticket.triaged"):
            for name in ("kind", "channel", "category", "priority", "critical"):
                if name in row.data:
                    self.facts[name] = row.data[name]
        elif row.name == "ticket.reclassified":
            for name in ("kind", "category"):
                changed = (row.data.get("changes") or {}).get(name)
                if changed:
                    self.facts[name] = changed[1]
        self.facts["urgent"] = bool(self.facts.get("flagged")) or self.facts.get("priority") in HIGH
