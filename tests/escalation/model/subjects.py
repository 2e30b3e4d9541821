"""What an example is about: one ticket or formal escalation, and its log."""

from dataclasses import dataclass, field
from typing import Any

from escalation.simulator.plan import Auditor
from escalation.simulator.shapes import Event
from escalation.simulator.windows import Windows
from tests.escalation.model.world import Customer


@dataclass(slots=True)
class Subject:
    """One ticket or escalation: its customer, what is known of it, its log, and an auditor per policy."""

    row: Any
    customer: Customer
    facts: dict[str, Any]
    kind: str = "ticket"
    log: list[Event] = field(default_factory=list)
    auditors: dict[str, Auditor] = field(default_factory=dict)
    until: int = 0
    first_table: Windows | None = None
    reason: str = ""

    @property
    def state(self) -> str:
        return str(self.facts["state"])


def unfinished(subjects: list[Subject], *states: str) -> list[Subject]:
    """Tickets in one of these states."""
    return [s for s in subjects if s.kind == "ticket" and s.state in states]
