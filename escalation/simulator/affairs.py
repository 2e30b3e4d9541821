"""Promises and steps of plans on one ticket, from the ticket's own entries: a log for each. Pure.

What an entry does not say of a step (where it came from, when it is due) comes from the step itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from escalation.simulator.shapes import Event
from escalation.simulator.windows import us

PROMISE, STEP = "commitment", "work_item"
SYSTEM = "desk"
ENDS = {"ticket.resolved": "resolved", "ticket.cancelled": "cancelled", "ticket.merged": "merged",
        "ticket.rejected": "rejected"}  # fmt: skip
TAKEN_BACK = {"ticket.disputed": "resolved", "ticket.unmerged": "merged"}
SETTLED = frozenset({"commitment.kept", "commitment.moved", "commitment.broken", "work_item.done", "work_item.skipped"})


class Step(NamedTuple):
    """What is known of a step of a plan. due, made: microseconds; due None = it has no clock."""

    source: str
    due: int | None
    made: int
    mandatory: bool = False
    public: bool = False


@dataclass(slots=True)
class Affair:
    """One promise or step. settled: kept, moved, broken, done or left out; ended: what stopped its clock before."""

    kind: str
    events: list[Event] = field(default_factory=list)
    settled: bool = False
    ended: str = ""

    @property
    def of_solution(self) -> bool:
        """Whether the solution itself is what was promised."""
        return self.kind == PROMISE and (self.events[0].facts or {}).get("promise") == "resolution"

    def stop(self, at: int, reason: str) -> None:
        """End the wait, unless it has ended."""
        if not self.ended:
            self.ended = reason
            self.events.append(Event(at, "stopped", None, {"reason": reason}))


class Affairs:
    """Hears the entries of one ticket; `known` is what it tells of, by (kind, public id)."""

    def __init__(self, steps: Mapping[str, Step] | None = None) -> None:
        self.steps = steps or {}
        self.known: dict[tuple[str, str], Affair] = {}

    def hear(self, name: str, at: int, data: Mapping[str, Any], actor: str, facts: Mapping[str, Any]) -> None:
        """Take one entry. facts: what the ticket is from then on."""
        if name == "commitment.made":
            self._promised(data, "commitment", at, facts)
        elif name == "work_item.added":
            self._planned(str(data.get("item")), at, facts)
        elif name in SETTLED:
            self._settled(name, at, data, actor, facts)
        elif name == "ticket.triaged":
            for key, step in self.steps.items():
                if step.source == "playbook" and step.made == at and step.due is not None and step.due > at:
                    self._planned(key, at, facts)
        elif name in ENDS:
            for affair in self.known.values():
                if affair.kind != STEP or name != "ticket.resolved":  # steps outlive the solution
                    affair.stop(at, ENDS[name])
                affair.settled = (
                    affair.settled or affair.of_solution
                )  # any ending settles it, without a fact of its own
        elif name in TAKEN_BACK:
            self._taken_back(TAKEN_BACK[name], at)

    def _promised(self, data: Mapping[str, Any], named: str, at: int, facts: Mapping[str, Any]) -> None:
        due = us(datetime.fromisoformat(str(data["due_at"])))
        self._start((PROMISE, str(data[named])), at, {**facts, "promise": data.get("kind"), "due": due})

    def _planned(self, key: str, at: int, facts: Mapping[str, Any]) -> None:
        step = self.steps.get(key)
        if step is not None and step.due is not None:
            said = {"source": step.source, "mandatory": step.mandatory, "public": step.public, "due": step.due}
            self._start((STEP, key), at, {**facts, **said})

    def _start(self, key: tuple[str, str], at: int, facts: Mapping[str, Any]) -> None:
        self.known[key] = Affair(key[0], [Event(at, "started", facts)])

    def _settled(self, name: str, at: int, data: Mapping[str, Any], actor: str, facts: Mapping[str, Any]) -> None:
        """Time alone breaks a promise without ending its wait: its own deadline tells."""
        kind, _, what = name.partition(".")
        affair = self.known.get((kind, str(data.get("commitment" if kind == PROMISE else "item"))))
        if affair is not None:
            affair.settled = True
            if what != "broken" or actor != SYSTEM:
                affair.stop(at, what)
        if what == "moved" and data.get("to"):
            self._promised(data, "to", at, facts)

    def _taken_back(self, reason: str, at: int) -> None:
        for affair in self.known.values():
            if not affair.settled and affair.ended in {reason, "cancelled"}:
                affair.ended = ""
                affair.events.append(Event(at, "taken_back"))
