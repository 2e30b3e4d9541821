"""Made-up input for the simulator: arrivals, storms, nights, a weekend the clocks change, a holiday, nobody on call.

The same seed makes the same cases. Pure.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from escalation.simulator import synthetic_beside as beside
from escalation.simulator.logged import FACTS, OFFICE, centre
from escalation.simulator.people import NOBODY, Rosters
from escalation.simulator.shapes import Case, Event
from escalation.simulator.windows import DAY, SECOND, Calendar, Windows, us

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
ZONE = "Europe/Brussels"
WEEK = (*(((time(8), time(18)),),) * 5, (), ())
MONDAY = us(datetime(2026, 6, 15, 6, tzinfo=UTC))
CHANGE = us(datetime(2026, 10, 24, 6, tzinfo=UTC))
HOLIDAY = date(2026, 7, 21)
FIRST_CONTACTS = ("account_manager", "director_support", "vp_customer_experience")
Arrivals = Callable[[random.Random, int], Iterator[int]]


def _poisson(dice: random.Random, cases: int) -> Iterator[int]:
    at = MONDAY
    for _ in range(cases):
        at += int(dice.expovariate(1 / (12 * MINUTE)))
        yield at


def _storm(dice: random.Random, cases: int) -> Iterator[int]:
    at = MONDAY + 4 * HOUR
    yield from sorted(at + int(dice.uniform(0, 2 * MINUTE)) for _ in range(cases))


def _night(dice: random.Random, cases: int) -> Iterator[int]:
    for number in range(cases):
        yield MONDAY + number % 14 * DAY + 15 * HOUR + int(dice.uniform(0, 7 * HOUR))


def _dst(dice: random.Random, cases: int) -> Iterator[int]:
    yield from sorted(CHANGE + int(dice.uniform(0, 2 * DAY)) for _ in range(cases))


def _holiday(dice: random.Random, cases: int) -> Iterator[int]:
    begin = us(datetime.combine(HOLIDAY, time(), UTC)) - DAY
    yield from sorted(begin + int(dice.uniform(0, 3 * DAY)) for _ in range(cases))


ARRIVALS: dict[str, Arrivals] = {
    "poisson": _poisson, "storm": _storm, "night": _night, "dst": _dst, "holiday": _holiday, "empty-roster": _poisson,
}  # fmt: skip


def people(name: str) -> Rosters:
    """Return who is on call in a made-up input."""
    return NOBODY if name == "empty-roster" else centre()


def calendars() -> Mapping[str, Calendar]:
    """Return the calendar of its customer: office hours with one holiday."""
    return {OFFICE: Windows(ZONE, WEEK, {HOLIDAY}, date(2026, 5, 1), date(2028, 12, 31))}


def made_up(name: str, subject: str, *, cases: int = 500, seed: int = 1) -> Iterator[Case]:
    """Yield made-up cases of a policy's subject. Raises KeyError for an unknown name."""
    dice, live = random.Random(seed), LIVES.get(subject, _escalation)
    for number, at in enumerate(ARRIVALS[name](dice, cases), start=1):
        events = live(dice, at)
        yield Case(name=f"{name} {number}", events=events, until=events[-1].at + HOUR, zone=ZONE)


def _ticket(dice: random.Random, at: int) -> list[Event]:
    """A fault that is verified, triaged, signed for, worked on with notes and solved, each after its own wait."""
    priority = dice.choices(["P1", "P2", "P3", "P4"], [1, 3, 10, 4])[0]
    facts: dict[str, Any] = {**FACTS, "zone": ZONE, "priority": priority, "urgent": priority in ("P1", "P2")}
    events = [Event(at, "ticket.logged", facts, {"received": at})]

    def say(wait_s: float, name: str, data: Any = None, **more: Any) -> None:
        nonlocal at, facts
        at, facts = at + int(dice.expovariate(1 / wait_s) * SECOND), {**facts, **more}
        events.append(Event(at, name, facts, data or {}))

    say(240, "ticket.verified", state="triage", verified=True)
    say(30, "ticket.acknowledged", acknowledged=True)
    say(180, "ticket.triaged", state="l1", dispatched=True, team="l1")
    say(400, "ticket.signed_for", owner="agent")
    say(600, "ticket.contact_recorded")
    for _ in range(dice.randrange(6)):
        say(1500, "note.added", {"progress": True})
    if dice.random() < 0.25:
        say(600, "ticket.suspended", state="suspended")
        say(20_000, "ticket.resumed", state="l1")
    say(4000, "ticket.resolved", state="closure", dispatched=False)
    return events


def _escalation(dice: random.Random, at: int) -> list[Event]:
    """A formal escalation whose contacts confirm sooner, later or not at all before it is solved."""
    facts = {**FACTS, "zone": ZONE, "production": dice.random() < 0.7, "severity": dice.randint(1, 3)}
    over = at + int(dice.expovariate(1 / 5400) * SECOND) + 5 * MINUTE
    events = [Event(at, "escalation.requested", facts, {"requested": at})]
    confirmed = []
    for role in (*FIRST_CONTACTS, "duty_manager"):
        when = at + int(dice.expovariate(1 / 420) * SECOND)
        if dice.random() < 0.85 and when < over:
            events.append(Event(when, "escalation.confirmed", None, {"role": role, "stage": 1}))
            confirmed += [when] if role in FIRST_CONTACTS else []
    if len(confirmed) == 3 and max(confirmed) - at < 10 * MINUTE:
        events.append(Event(max(confirmed), "escalation.stage_two", None, {"at": max(confirmed)}))
    for name, wait in (("reviewed", 900), ("customer_contacted", 1100)):
        when = at + int(dice.expovariate(1 / wait) * SECOND)
        if when < over:
            events.append(Event(when, f"escalation.{name}", None, {}))
    events.append(Event(over, "escalation.closed", None, {"reason": "resolved"}))
    return sorted(events, key=lambda event: event.at)


LIVES: dict[str, Callable[[random.Random, int], list[Event]]] = {
    "ticket": _ticket, "escalation": _escalation, "interaction": beside.call, "commitment": beside.promise,
    "work_item": beside.step, "handover": beside.shift, "major_incident": beside.major,
    "maintenance": beside.window,
}  # fmt: skip
