"""A firing and another transaction, led through their lock points in every order (Proof 3.1): by day some of those in
which one of both runs through without a break; at night all there are."""

from functools import partial

import pytest

from escalation.commands.fire import fire_due
from tests.escalation.interleavings.pairs import AT, DUE
from tests.escalation.interleavings.stepping import COMMAND, FIRING, every_order, lead, one_cut
from tests.short import NIGHTLY, some

FIRE = partial(fire_due, AT, engine_id="one")


def met(make, order):
    """Lead a new pair through its lock points; returns (pair, how many timers the firing took, lock points of both)."""
    pair = make()
    one, two = lead(order, FIRE, pair.act, FIRING if pair.name == "twin" else COMMAND)
    taken, other = one.result(), two.result()
    if pair.name == "twin":
        assert taken + other == len(DUE), f"{order} fires {taken} and {other}"
        taken = len(DUE)
    return pair, taken, (one.reached, two.reached)


def lock_points(make, holds):
    """How many lock points both have, the most seen when either comes before the other."""
    seen = []
    for first in ("1", "2"):
        pair, taken, points = met(make, first * 40)
        holds(pair, f"{pair.name}: {first} first", moot=not taken)
        assert bool(taken) == (first == "1") or not pair.stops, pair.name
        seen.append(points)
    most = tuple(map(max, *seen))
    assert most[0] == 3 and most[1] >= 3, f"{pair.name}: {most}"
    return most


def by_day(name, points):
    """The other transaction whole at each place of the firing, and the firing whole at two of the other's."""
    within, around = one_cut(*points)
    return [*within, *some(around, name, 2)]


@pytest.mark.invariant("I1")
@pytest.mark.invariant("I3")
@pytest.mark.invariant("I4")
@pytest.mark.invariant("I5")
@pytest.mark.invariant("I6")
def test_a_firing_and_what_it_meets_come_to_the_same_in_any_order_of_their_locks(meetings, holds):
    for make in meetings.all():
        points = lock_points(make, holds)
        every = every_order(*points)
        print(f"{make.__name__}: {points[0]} and {points[1]} lock points, {len(every)} orders")
        for order in every if NIGHTLY else by_day(make.__name__, points):
            pair, taken, _points = met(make, order)
            holds(pair, f"{pair.name} {order}", moot=not taken)
