"""Made-up cases as steps of our commands, in the words of `tickets.replay_map`. Pure."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from escalation.simulator.shapes import Case, Event
from escalation.simulator.windows import SECOND, instant
from tickets.replay_map import CUSTOMER, CUSTOMER_SERVICE, MONITORING, Params, Step
from tickets.replay_map import SYSTEM as DESK

AGENT, MANAGER, TEAM = "agent", "@duty_manager", "l1-a"
LEAD = timedelta(minutes=20)  # how long a ticket of a formal escalation was there before
CALL, PROMISE, STEP = "interaction", "commitment", "work_item"
BESIDE = {CALL: ("ring", "answer", DESK), PROMISE: ("promise", "keep", AGENT), STEP: ("plan_step", "finish", AGENT)}
PLAIN: dict[str, tuple[str, Params]] = {
    "ticket.signed_for": ("sign_for", {"by": AGENT, "team": TEAM}),
    "ticket.contact_recorded": ("record_contact", {"by": AGENT, "outcome": "reached"}),
    "note.added": ("add_progress", {"by": AGENT, "audience": "internal"}),
    "ticket.resumed": ("resume", {"by": AGENT, "reason": "over"}),
    "ticket.resolved": ("resolve", {"by": AGENT, "code": "fixed", "cause": "other"}),
    "escalation.requested": ("escalate", {"by": AGENT}),
    "escalation.reviewed": ("review", {"by": MANAGER}),
    "escalation.customer_contacted": ("contact_customer", {"by": MANAGER}),
    "escalation.closed": ("resolve", {"by": AGENT, "code": "fixed", "cause": "other"}),
}


def steps_of(case: Case) -> list[Step]:
    """Return the steps that make a made-up case happen, by time; what follows from others by itself is left out."""
    first = case.events[0] if case.events else None
    if first is not None and first.name == "started":
        return _beside(case.events)
    formal = first is not None and first.name.startswith("escalation.")
    made = list(_opening(first)) if formal and first is not None else []
    for number, event in enumerate(case.events):
        made += _steps(event, case.events[number + 1 :])
    return made


def _step(event_at: int, command: str, params: Params, *, before: timedelta = timedelta()) -> Step:
    return Step(at_utc=instant(event_at) - before, command=command, params=params, source_row=0)


def _opening(first: Event) -> Iterator[Step]:
    """The life of a ticket up to its escalation."""
    opened = (
        ("log", {"by": DESK, "channel": "internal", "kind": "fault"}), ("begin_verification", {"by": DESK}),
        ("verify", {"by": DESK, "method": "internal"}), ("acknowledge", {"by": DESK}),
        ("triage", {"by": DESK, "tier": "l1", "team": TEAM, "priority": "P3"}),
        ("sign_for", {"by": AGENT, "team": TEAM}), ("record_contact", {"by": AGENT, "outcome": "reached"}),
    )  # fmt: skip
    for number, (command, params) in enumerate(opened):
        yield _step(first.at, command, params, before=LEAD - timedelta(minutes=number))


def _steps(event: Event, later: Sequence[Event]) -> Iterator[Step]:
    if event.name == "ticket.logged":
        yield _step(event.at, "log", {"by": DESK, "channel": "internal", "kind": "fault"})
    elif event.name == "ticket.verified":
        yield _step(event.at, "begin_verification", {"by": DESK})
        yield _step(event.at, "verify", {"by": DESK, "method": "internal"})
    elif event.name == "ticket.acknowledged":
        yield _step(event.at, "acknowledge", {"by": DESK})
    elif event.name == "ticket.triaged":
        facts = event.facts or {}
        yield _step(event.at, "triage", {"by": DESK, "tier": "l1", "team": TEAM, "priority": str(facts["priority"])})
    elif event.name == "ticket.suspended":
        until = instant(later[0].at) + timedelta(days=1)
        asked = {"by": AGENT, "reason": "third_party", "until": until.isoformat()}
        yield _step(event.at, "request_suspension", asked)
        yield _step(event.at, "consent", {"by": CUSTOMER})
        yield _step(event.at, "approve", {"by": MONITORING, "function": "monitoring"})
        yield _step(event.at, "approve", {"by": CUSTOMER_SERVICE, "function": "customer_service"})
    elif event.name == "escalation.confirmed":
        role = str(event.data["role"])
        yield _step(event.at, "confirm_duty", {"by": MANAGER if role == "duty_manager" else role, "role": role})
    elif event.name in PLAIN:
        yield _step(event.at, *PLAIN[event.name])


def _beside(events: Sequence[Event]) -> list[Step]:
    """The life of a call, or of a promise or step on a ticket that was there before: begun, over in time or late."""
    first, facts = events[0], events[0].facts or {}
    over = [event for event in events if event.name == "stopped"]
    kind = next((name for word, name in (("promise", PROMISE), ("source", STEP), ("queue", CALL)) if word in facts), "")
    if not kind:
        raise ValueError("only calls, promises and steps of plans are driven beside tickets")
    begin, end, by = BESIDE[kind]
    due = {"due": instant(facts["due"] // SECOND * SECOND).isoformat()} if "due" in facts else {}  # as people promise
    made = [] if kind == CALL else list(_opening(first))
    return [*made, _step(first.at, begin, {"by": by, **due}), *(_step(one.at, end, {"by": by}) for one in over)]


def acknowledged(steps: Sequence[Step]) -> list[Step]:
    """Return the steps of a log with what its outbound would have brought: the receipt is confirmed at once."""
    made: list[Step] = []
    for step in steps:
        made.append(step)
        if step.command == "verify":
            at, row = step.at_utc, step.source_row
            made.append(Step(at_utc=at, command="acknowledge", params={"by": DESK}, source_row=row))
    return made
