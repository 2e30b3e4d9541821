"""Whatever is promised, kept and handed over in whatever order: each open promise has one holder, the right one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.commands.handover_sign import accept_handover, sign_handover
from escalation.models import Clock, Handover
from tests.factories.clocks import MINUTE
from tests.factories.shifts import gone_through, sheet, two_shifts
from tests.short import NIGHTLY
from tests.tickets.path import Path
from tickets.commands.plan import promise
from tickets.commands.settle import keep_promise
from tickets.models import Commitment

HOUR = timedelta(hours=1)
HELD = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}
ACTS = st.lists(st.sampled_from(["mo", "cy", "sam", "keep", "hand", "take_back"]), min_size=1, max_size=9)


@pytest.fixture
def floor(cast, policies, nine):
    """A ticket in work, and the shift it is handed to."""
    _day, evening = two_shifts(cast, nine)
    return Path(cast, nine).signed(), evening


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.rule("A-05")
@given(acts=ACTS)
@settings(max_examples=60 if NIGHTLY else 8, deadline=None, **HELD)
def test_promises_handed_over_are_neither_lost_nor_doubled(cast, floor, nine, acts):
    with rolled_back():
        (ticket, evening), at, expected, n = floor, nine + HOUR, {}, 0
        starts = nine + 5 * HOUR
        people = {"mo": cast.mo_actor, "cy": cast.cy_actor, "sam": cast.sam_actor}
        for act in acts:
            at += MINUTE
            if act in people:
                row = promise(ticket_id=ticket.pk, kind="callback", due_at=nine + timedelta(days=30), at=at,
                              actor=cast.mo_actor if act == "mo" else cast.cy_actor)  # fmt: skip
                Commitment.objects.filter(pk=row.pk).update(made_by=people[act].user_id)
                expected[row.pk] = act
            elif act == "keep" and expected:
                keep_promise(commitment_id=min(expected), actor=cast.cy_actor, at=at)
                del expected[min(expected)]
            elif act in ("hand", "take_back"):
                handover = sheet(cast, evening, starts + n * timedelta(days=1), at)
                giver, taker = ("mo", "cy") if act == "hand" else ("cy", "mo")
                Handover.objects.filter(pk=handover.pk).update(outgoing=people[giver].user_id)
                sign_handover(handover_id=handover.pk, actor=people[giver], at=at)
                gone_through(handover, people[taker], at)
                accept_handover(handover_id=handover.pk, actor=people[taker], at=at)
                n += 1
                moved = {pk for pk, who in expected.items() if who == giver}
                expected |= dict.fromkeys(moved, taker)
                assert handover.passes.filter(kind="promise").count() == len(moved)

        held = dict(Commitment.objects.filter(state="open").values_list("pk", "made_by"))
        assert held == {pk: people[who].user_id for pk, who in expected.items()}
        assert Clock.objects.filter(kind="promises").exclude(state="stopped").count() == len(held)
