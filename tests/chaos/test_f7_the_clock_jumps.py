"""F7: PostgreSQL's own clock is set two hours ahead, then 90 seconds behind, under libfaketime."""

import os
import time
from pathlib import Path

import pytest

from tests.chaos.storms import arm, fill, judge, resent, until_due, until_fired, until_handed_over
from tests.processes import world
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
SMALL, WITHIN_S, AHEAD_S, BEHIND_S = 100, 6900, 7200, 90
HOLDS_S = (45, 90)  # "up to 60 s", and the tick that ends it
LIBRARY = "faketime/libfaketimeMT.so.1"
HELP = (
    "F7 sets PostgreSQL's clock with libfaketime and did not find it: install the package libfaketime"
    f" (Debian, Ubuntu, Fedora), or name the file {LIBRARY} in DESK_LIBFAKETIME."
)
JUMPS = "SELECT detail FROM esc_alarm WHERE kind = 'clock_jump' ORDER BY id"


def libfaketime() -> str:
    """Where the library is; fails with the sentence that helps."""
    given = os.environ.get("DESK_LIBFAKETIME")
    places = [Path(given)] if given else [p for lib in ("lib", "lib64", "local/lib") for p in found(Path("/usr") / lib)]
    if not places or not places[0].is_file():
        pytest.fail(HELP, pytrace=False)
    return str(places[0])


def found(folder: Path) -> list[Path]:
    return [*folder.glob(LIBRARY), *folder.glob(f"*/{LIBRARY}")]


class Clock:
    """The clock of one desk's PostgreSQL."""

    def __init__(self, desk, library: str) -> None:
        self.path = desk.place.data / "faketime"
        self.set("+0")
        desk.restart_postgres_at_once(
            LD_PRELOAD=library, FAKETIME_TIMESTAMP_FILE=str(self.path), FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
        )  # fmt: skip

    def set(self, offset: str) -> None:
        """Whole or not at all: the server reads the file at every look at its clock."""
        new = self.path.with_suffix(".new")
        new.write_text(f"{offset}\n")
        new.chmod(0o644)
        new.replace(self.path)


@pytest.mark.fault("F7")
@pytest.mark.invariant("I1", "I2", "I3")
def test_a_jump_ahead_holds_firing_for_a_minute_and_a_jump_back_fires_nothing_twice(seen):
    library = libfaketime()
    with world() as desk:
        fill(desk, 4 * SMALL, reminders=False)
        clock = Clock(desk, library)
        until(lambda: desk.sql("SELECT true"), seconds=20, says="PostgreSQL answers under libfaketime")
        desk.start_what_is_dead()
        calm_one = arm(desk, SMALL, 2)
        until_due(desk, calm_one)
        until_fired(desk, calm_one)
        jumped_over = arm(desk, SMALL, WITHIN_S)

        clock.set(f"+{AHEAD_S}")
        began = time.monotonic()
        until(lambda: [d[:3] for (d,) in desk.sql(JUMPS)] in (["+72"], ["+71"]), seconds=10, says="one alarm")
        until(lambda: time.monotonic() - began > HOLDS_S[0], seconds=HOLDS_S[0] + 5, says="it is held")
        assert judge(desk, jumped_over).lost == SMALL, "nothing fires while the jump may be put right"
        until_fired(desk, jumped_over, seconds=HOLDS_S[1] - HOLDS_S[0])
        held = time.monotonic() - began

        clock.set(f"-{BEHIND_S}")
        until(lambda: [d[0] for (d,) in desk.sql(JUMPS)] == ["+", "-"], seconds=10, says="an alarm of its own")
        afterwards = arm(desk, SMALL, 2)
        until_due(desk, afterwards)
        until_fired(desk, afterwards)
        until_handed_over(desk, seconds=150)

        seen(f"+2 h: alarm {desk.sql(JUMPS)[0][0]}; held {held:.0f} s, then {judge(desk, jumped_over)}")
        seen(f"back to -90 s: alarm {desk.sql(JUMPS)[1][0]}; {judge(desk, afterwards)}; letters twice: {resent(desk)}")
        for storm in (calm_one, jumped_over, afterwards):
            assert (judge(desk, storm).expected, judge(desk, storm).wrong) == (SMALL, (0, 0, 0, 0))
        assert judge(desk, afterwards).last_s < 5, "a clock set back holds nothing"
        assert resent(desk) == 0, "a lease holds whatever the two clocks say"
