"""Made-up lives of what stands beside tickets: calls, promises, steps of plans, handovers, major incidents. Pure."""

import random
from typing import Any

from escalation.simulator.logged import FACTS
from escalation.simulator.shapes import Event
from escalation.simulator.windows import SECOND

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
PEOPLE = {"owner": "agent", "commander": "duty_manager", "outgoing_manager": "duty_manager",
          "incoming_manager": "supervisor"}  # fmt: skip


def call(dice: random.Random, at: int) -> list[Event]:
    """A call that is answered, mostly within the twenty seconds; every fifth while all agents talk."""
    facts = _facts(channel="call", direction="in", queue="", busy=dice.random() < 0.2)
    return _life(at, facts, at + _wait(dice, 15), "answered")


def promise(dice: random.Random, at: int) -> list[Event]:
    """A promise for the next hours: most are kept before, some after, some moved."""
    due = at + int(dice.uniform(0.5, 6) * HOUR)
    return _due(dice, at, due, "kept", promise="callback")


def step(dice: random.Random, at: int) -> list[Event]:
    """A step of a plan for the next days."""
    due = at + int(dice.uniform(4, 72) * HOUR)
    return _due(dice, at, due, "done", source="plan", mandatory=False, public=True)


def shift(dice: random.Random, at: int) -> list[Event]:
    """A handover announced half an hour before, accepted around its time."""
    starts = at + 30 * MINUTE
    over = max(at, starts - 5 * MINUTE + _wait(dice, 360))
    return _life(at, _facts(), over, "accepted", started=starts)


def major(dice: random.Random, at: int) -> list[Event]:
    """A major incident with news from time to time, restored within hours, reviewed within days."""
    events = [Event(at, "started", _facts(severity=1))]
    for _number in range(dice.randrange(1, 8)):
        at += _wait(dice, 1500)
        events.append(Event(at, "updated"))
    at += _wait(dice, 2400)
    events.append(Event(at, "restored"))
    return [*events, Event(at + _wait(dice, 5 * 86_400), "stopped", None, {"reason": "reviewed"})]


def window(dice: random.Random, at: int) -> list[Event]:
    """Planned work: asked for days before its customers must be told, approved, told, begun and ended."""
    due = at + int(dice.uniform(12, 96) * HOUR)
    events = [Event(at, "started", _facts(due=due), {"started": at})]
    for name, wait in (("approved", 86_400), ("noticed", 43_200), ("begun", 172_800)):
        at += _wait(dice, wait)
        events.append(Event(at, name))
    return [*events, Event(at + _wait(dice, 86_400), "stopped", None, {"reason": "ended"})]


def _due(dice: random.Random, at: int, due: int, done: str, **facts: Any) -> list[Event]:
    late = dice.random() < 0.25
    over = due + _wait(dice, 2400) if late else max(at, due - _wait(dice, 2400))
    return _life(at, _facts(due=due, **facts), over, done)


def _life(at: int, facts: dict[str, Any], over: int, reason: str, *, started: int | None = None) -> list[Event]:
    begun = {"started": at if started is None else started}
    return [Event(at, "started", facts, begun), Event(over, "stopped", None, {"reason": reason})]


def _facts(**more: Any) -> dict[str, Any]:
    return {**FACTS, "zone": "Europe/Brussels", "owner": "agent", "people": PEOPLE, **more}


def _wait(dice: random.Random, seconds: float) -> int:
    return int(dice.expovariate(1 / seconds) * SECOND)
