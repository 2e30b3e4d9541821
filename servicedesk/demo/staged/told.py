"""The same steps as events of the auditor: nothing of the database is asked. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from escalation.simulator.logged import FACTS, Teller
from escalation.simulator.shapes import Event
from escalation.simulator.windows import us
from servicedesk.demo.staged.moves import CALL, PROMISE, STEP
from tickets.replay_map import Step

FIRST_THREE = frozenset({"account_manager", "director_support", "vp_customer_experience"})
HIGH = ("P1", "P2")
UNKNOWN = {"segment": "", "service_category": "", "region": "", "production": False, "zone": "UTC"}  # nobody's number


class StagedTeller(Teller):
    """Tells tickets with their priority, and the log of a ticket's formal escalation (`formal`, empty for none)."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = {**FACTS, "production": True}
        self.formal: list[Event] = []
        self.confirmed: set[str] = set()
        self.beside: dict[str, list[Event]] = {CALL: [], PROMISE: [], STEP: []}

    def told(self, steps: Sequence[Step], until: int) -> dict[str, list[Event]]:
        """Return the events by what they are of: the ticket, its escalation, what stands beside it."""
        return {"ticket": self.tell(steps, until), "escalation": self.formal, **self.beside}

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

    def _ring(self, step: Step, at: int) -> None:
        self._begun(CALL, at, {**UNKNOWN, "channel": "call", "direction": "in", "queue": "", "busy": False})

    def _answer(self, step: Step, at: int) -> None:
        self._over(CALL, at, "answered")

    def _promise(self, step: Step, at: int) -> None:
        self._begun(PROMISE, at, {**self.facts, "promise": "callback", "due": _due(step)})

    def _keep(self, step: Step, at: int) -> None:
        late = at > (self.beside[PROMISE][0].facts or {})["due"]
        self._over(PROMISE, at, "broken" if late else "kept")

    def _plan_step(self, step: Step, at: int) -> None:
        said = {"source": "plan", "mandatory": False, "public": False, "due": _due(step)}
        self._begun(STEP, at, {**self.facts, **said})

    def _finish(self, step: Step, at: int) -> None:
        self._over(STEP, at, "done")

    def _begun(self, kind: str, at: int, facts: dict[str, Any]) -> None:
        self.beside[kind].append(Event(at, "started", facts, {"started": at}))

    def _over(self, kind: str, at: int, reason: str) -> None:
        self.beside[kind].append(Event(at, "stopped", None, {"reason": reason}))

    def _formally(self, at: int, name: str, data: Any = None, facts: Any = None) -> None:
        self.formal.append(Event(at, f"escalation.{name}", facts, data or {}))


def _due(step: Step) -> int:
    return us(datetime.fromisoformat(step.params["due"]))


def told(steps: Sequence[Step], until: int) -> dict[str, list[Event]]:
    """Return what the steps of one case mean: events by what they are of."""
    return StagedTeller().told(steps, until)
