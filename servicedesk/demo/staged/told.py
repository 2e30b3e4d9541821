"""The same steps as events of the auditor: nothing of the database is asked. Pure."""

from collections.abc import Sequence
from typing import Any

from escalation.simulator.logged import FACTS, Teller
from escalation.simulator.shapes import Event
from tickets.replay_map import Step

FIRST_THREE = frozenset({"account_manager", "director_support", "vp_customer_experience"})
HIGH = ("P1", "P2")


class StagedTeller(Teller):
    """Tells tickets with their priority, and the log of a ticket's formal escalation (`formal`, empty for none)."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = {**FACTS, "production": True}
        self.formal: list[Event] = []
        self.confirmed: set[str] = set()

    def told(self, steps: Sequence[Step], until: int) -> tuple[list[Event], list[Event]]:
        """Return (events of the ticket, events of its escalation)."""
        return self.tell(steps, until), self.formal

    def _verify(self, step: Step, at: int) -> None:
        self._say(at, "ticket.verified", state="triage", verified=True)

    def _acknowledge(self, step: Step, at: int) -> None:
        self._say(at, "ticket.acknowledged", acknowledged=True)

    def _dispatch(self, step: Step, at: int) -> None:
        if step.command == "triage":
            priority = step.params.get("priority", "P3")
            self.facts = {**self.facts, "priority": priority, "urgent": priority in HIGH}
        super()._dispatch(step, at)

    def _escalate(self, step: Step, at: int) -> None:
        place = ("organisation", "region", "team", "owner", "zone", "segment", "service_category")
        facts = {name: self.facts.get(name) for name in place} | {"production": True, "severity": 2}
        self._formally(at, "requested", {"requested": at}, facts)

    def _confirm_duty(self, step: Step, at: int) -> None:
        role = step.params["role"]
        self._formally(at, "confirmed", {"role": role, "stage": 1})
        first = self.confirmed >= FIRST_THREE
        self.confirmed.add(role)
        if not first and self.confirmed >= FIRST_THREE:
            self._formally(at, "stage_two", {"at": at})

    def _review(self, step: Step, at: int) -> None:
        self._formally(at, "reviewed")

    def _contact_customer(self, step: Step, at: int) -> None:
        self._formally(at, "customer_contacted")

    def _resolve(self, step: Step, at: int) -> None:
        super()._resolve(step, at)
        if self.formal:
            self._formally(at, "resolved")

    def _formally(self, at: int, name: str, data: Any = None, facts: Any = None) -> None:
        self.formal.append(Event(at, f"escalation.{name}", facts, data or {}))


def told(steps: Sequence[Step], until: int) -> tuple[list[Event], list[Event]]:
    """Return what the steps of one case mean: (events of the ticket, events of its escalation)."""
    return StagedTeller().told(steps, until)
