from datetime import UTC, datetime, timedelta

import pytest

from escalation.commands.beat import report_jump
from escalation.drive import Firing as Driver
from escalation.jumps import Jumps
from escalation.models import Alarm
from ledger import clock
from ledger.clock import real_now
from tests.factories.clocks import MINUTE, dispatched_ticket, fired

pytestmark = pytest.mark.fault("F7")
NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
HOURS_2 = timedelta(hours=2)


def seen(jumps: Jumps, after_s: float, off: timedelta = timedelta(), slow_s: float = 0.001) -> float:
    """One look `after_s` seconds after the first, the server's clock `off` from where it should be."""
    return jumps.feed(NOON + timedelta(seconds=after_s) + off, before=after_s - slow_s, after=after_s)


def test_a_clock_that_jumps_ahead_holds_firing_for_a_minute_and_is_told_once():
    jumps = Jumps()

    told = [seen(jumps, 0), seen(jumps, 1, HOURS_2), seen(jumps, 2, HOURS_2)]

    assert told == [0.0, pytest.approx(7200, abs=0.1), 0.0]
    assert jumps.holding
    seen(jumps, 60.9, HOURS_2)
    assert jumps.holding
    seen(jumps, 61.1, HOURS_2)
    assert not jumps.holding
    assert seen(jumps, 62, HOURS_2) == 0.0
    assert not jumps.holding


def test_a_clock_that_is_put_right_lets_firing_go_on_at_once():
    jumps = Jumps()
    seen(jumps, 0)
    seen(jumps, 1, HOURS_2)

    seen(jumps, 5)

    assert not jumps.holding


def test_a_clock_set_back_is_told_and_holds_nothing():
    jumps = Jumps()
    seen(jumps, 0)

    assert seen(jumps, 1, timedelta(seconds=-90)) == pytest.approx(-90, abs=0.1)
    assert not jumps.holding
    assert seen(jumps, 2, timedelta(seconds=-90)) == 0.0


@pytest.mark.parametrize("slow_s", [0.001, 45.0])
def test_neither_a_slow_answer_nor_an_engine_that_stood_still_is_a_jump(slow_s):
    jumps = Jumps()
    seen(jumps, 0)

    assert seen(jumps, 90, slow_s=slow_s) == 0.0
    assert not jumps.holding


def test_a_clock_that_drifts_is_followed():
    jumps = Jumps()

    told = [seen(jumps, n, timedelta(seconds=n * 0.5)) for n in range(200)]

    assert set(told) == {0.0}


def test_the_driver_fires_nothing_while_it_holds_and_everything_after(cast, rules, nine):
    clock.set_demo(demo_now=nine)
    dispatched_ticket(cast, nine)
    clock.set_demo(demo_now=nine + 6 * MINUTE)
    driver = Driver("process@test")
    long_ago = clock.database_now() - timedelta(days=400)
    driver.watch.jumps.feed(long_ago, before=0.0, after=0.0)

    assert driver.step() == 1.0
    assert fired() == []
    assert Alarm.objects.get().kind == "clock_jump"

    driver.watch.jumps = Jumps()
    driver.step()
    assert fired() == [("T-1", 1, "paged")]


def test_two_drivers_that_see_the_same_jump_raise_one_alarm(db):
    assert report_jump(seconds=7200, engine_id="one") is not None
    assert report_jump(seconds=7199, engine_id="two") is None

    assert Alarm.objects.get().detail == "+7200 s, seen by one"


def test_a_jump_back_is_told_though_nobody_settled_the_jump_ahead(db):
    report_jump(seconds=7200, engine_id="one")

    assert report_jump(seconds=-7290, engine_id="one") is not None
    assert report_jump(seconds=-7290, engine_id="two") is None
    assert report_jump(seconds=7200, engine_id="two", now=real_now() + 3 * MINUTE) is not None

    details = Alarm.objects.order_by("pk").values_list("detail", flat=True)
    assert [detail.partition(" s")[0] for detail in details] == ["+7200", "-7290", "+7200"]
