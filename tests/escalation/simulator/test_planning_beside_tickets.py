"""The plan of calls, promises, handovers and major incidents, from their events alone."""

from datetime import UTC, datetime

from escalation.shipped import HANDOVER, MAJOR_INCIDENT, PROMISES, TELEPHONE_ANSWER
from escalation.simulator.affairs import Affairs, Step
from escalation.simulator.logged import centre
from escalation.simulator.plan import plan
from escalation.simulator.shapes import Event, version_of
from escalation.simulator.windows import SECOND, us

NINE = us(datetime(2026, 6, 15, 9, tzinfo=UTC))
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND


def fired(shape, events, until=NINE + 30 * DAY):
    found = plan(version_of(shape), events, centre(), {}, until)
    return [(one.code, (one.due - NINE) / MINUTE) for one in found]


def over(at, reason="done"):
    return Event(at, "stopped", None, {"reason": reason})


def test_a_shift_announced_before_it_starts_is_due_as_it_starts():
    announced = Event(NINE, "started", {"zone": "UTC"}, {"started": NINE + 30 * MINUTE})

    assert fired(HANDOVER, [announced]) == [("H-1", 30)]
    assert fired(HANDOVER, [announced, over(NINE + 29 * MINUTE)]) == []


def test_restoration_ends_the_updates_and_the_review_is_due_five_working_days_later():
    events = [Event(NINE, "started", {"zone": "UTC"}), Event(NINE + 10 * MINUTE, "updated"),
              Event(NINE + 50 * MINUTE, "restored")]  # fmt: skip

    assert fired(MAJOR_INCIDENT, events) == [("I-1", 40), ("I-2", 50 + 7 * 24 * 60)]
    assert fired(MAJOR_INCIDENT, [*events, over(NINE + DAY)]) == [("I-1", 40)]


def test_a_call_may_ring_for_a_minute_while_everybody_talks():
    for busy, seconds in ((False, 20), (True, 60)):
        ring = Event(NINE, "started", {"channel": "call", "direction": "in", "busy": busy})
        assert fired(TELEPHONE_ANSWER, [ring], NINE + HOUR) == [("K-1", seconds / 60)]


def heard(*entries):
    """Hear (name, minutes, data, actor) as the ticket's entries; return what they make of its promises and steps."""
    made = Affairs({"step": Step("plan", NINE + 2 * HOUR, NINE)})
    for name, minutes, data, actor in entries:
        made.hear(name, NINE + minutes * MINUTE, data, actor, {"zone": "UTC", "owner": "agent"})
    return {key: fired(PROMISES, affair.events, NINE + DAY) for key, affair in made.known.items()}


def promised(name, minutes, due_minutes, **data):
    at = datetime.fromtimestamp((NINE + due_minutes * MINUTE) / SECOND, UTC).isoformat()
    return (name, minutes, {"due_at": at, "kind": "callback"} | data, "bo")


def test_promises_are_read_from_the_tickets_entries():
    late = heard(
        promised("commitment.made", 0, 60, commitment="a"), ("commitment.broken", 61, {"commitment": "a"}, "desk")
    )
    kept = heard(promised("commitment.made", 0, 60, commitment="a"), ("commitment.kept", 50, {"commitment": "a"}, "bo"))
    moved = heard(promised("commitment.made", 0, 60, commitment="a"),
                  promised("commitment.moved", 30, 120, commitment="a", to="b"))  # fmt: skip

    assert late == {("commitment", "a"): [("W-1", 45), ("W-1D", 60)]}
    assert kept == {("commitment", "a"): [("W-1", 45)]}
    assert moved == {("commitment", "a"): [], ("commitment", "b"): [("W-1", 105), ("W-1D", 120)]}


def test_the_solution_ends_promises_not_steps_and_a_dispute_brings_back_what_is_open():
    opened = (promised("commitment.made", 0, 60, commitment="a"), ("work_item.added", 0, {"item": "step"}, "bo"))
    solved = heard(*opened, ("ticket.resolved", 10, {}, "bo"))
    disputed = heard(*opened, ("ticket.resolved", 10, {}, "bo"), ("ticket.disputed", 50, {}, "ada"))

    assert solved == {("commitment", "a"): [], ("work_item", "step"): [("W-1", 105), ("W-1D", 120)]}
    assert disputed["commitment", "a"] == [("W-1", 50), ("W-1D", 60)]  # what passed meanwhile is due at once
