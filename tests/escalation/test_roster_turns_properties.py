"""Turns against a count of minutes, in seven zones around their changes of the clocks."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.rosters.schedule import covered, final, on_at, turns
from escalation.rosters.spans import intersect, subtract, union
from tests.escalation.rosters_oracle import MINUTE, highest_walls, on_plan, plans

SPAN = timedelta(hours=8)


@pytest.mark.rule("A-04")
@settings(max_examples=150, deadline=None)
@given(plans())
def test_turns_are_what_a_count_of_minutes_says(drawn):
    plan, around = drawn
    begin, end = around - SPAN, around + SPAN
    walls = {zone: highest_walls(zone, begin, end) for zone in {layer.zone for layer in plan.layers}}

    found = turns(plan, begin, end)

    at = begin
    while at < end:
        told = {(turn.rank, turn.user_id) for turn in found if turn.holds(at)}
        assert told == on_plan(plan, at, walls), at
        at += MINUTE * 5
    edges = {edge for turn in found for edge in (turn.from_at, turn.to_at)} & walls[plan.layers[0].zone].keys()
    for at in edges:
        assert {(t.rank, t.user_id) for t in found if t.holds(at)} == on_plan(plan, at, walls)


@settings(max_examples=150, deadline=None)
@given(plans(), st.integers(-400, 400))
def test_one_instant_and_a_long_stretch_say_the_same_in_the_same_order(drawn, shift):
    plan, around = drawn
    at = around + shift * MINUTE

    stretch = [t for t in turns(plan, at - 30 * SPAN, at + 30 * SPAN) if t.holds(at)]

    ordered = sorted(stretch, key=lambda t: (-t.rank, t.slot))
    assert [(t.rank, t.slot, t.user_id) for t in on_at(plan, at)] == [(t.rank, t.slot, t.user_id) for t in ordered]


@settings(max_examples=100, deadline=None)
@given(plans())
def test_who_answers_first_never_overlaps_and_covers_all_that_is_covered(drawn):
    plan, around = drawn
    begin, end = around - 10 * SPAN, around + 10 * SPAN

    shown = final(plan, begin, end)

    assert all(one.to_at <= two.from_at for one, two in zip(shown, shown[1:], strict=False))
    assert union((t.from_at, t.to_at) for t in shown) == covered(plan, begin, end)
    for turn in shown:
        assert on_at(plan, turn.from_at)[0].user_id == turn.user_id


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


@given(spans, spans)
def test_arithmetic_of_stretches_is_that_of_sets_of_minutes(left, right):
    one, two = union(left), union(right)

    def minutes(some):
        return {n for a, b in some for n in range(a, b)}

    assert minutes(one) == minutes([(a, b) for a, b in left if a < b])
    assert minutes(intersect(one, two)) == minutes(one) & minutes(two)
    assert minutes(subtract(one, two)) == minutes(one) - minutes(two)
