import os
import sys

import pytest

from servicedesk.launcher.identity import Identity
from servicedesk.launcher.keeper import members
from servicedesk.launcher.processes import Child, Keeper
from servicedesk.launcher.supervision import FIRST_PAUSE, HEALTHY_AFTER, LONGEST_PAUSE, Supervisor


@pytest.fixture
def keeper():
    one = Keeper()
    yield one
    one.close()


@pytest.fixture
def make_child(tmp_path, keeper):
    made = []

    def make(*command):
        made.append(
            Child("thing", command, who=Identity(), keeper=keeper, log=tmp_path / "thing.log", env=dict(os.environ))
        )
        return made[-1]

    yield make
    for child in made:
        child.stop()


def test_each_death_soon_after_a_start_doubles_the_pause_up_to_a_limit(make_child):
    child = make_child("false")
    crew = Supervisor([child])
    crew.start()
    now, pauses = crew.started["thing"], []

    for _ in range(9):
        child.process.wait(10)
        crew.look(now)
        pauses.append(crew.due["thing"] - now)
        now = crew.due["thing"]
        crew.look(now)

    assert pauses[:4] == pytest.approx([FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8])
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE)


def test_a_death_after_a_healthy_while_starts_the_pauses_over(make_child):
    child = make_child("false")
    crew = Supervisor([child])
    crew.start()
    child.process.wait(10)
    crew.pauses["thing"] = LONGEST_PAUSE

    later = crew.started["thing"] + HEALTHY_AFTER + 1
    crew.look(later)

    assert crew.due["thing"] - later == pytest.approx(FIRST_PAUSE)


def test_before_its_pause_is_over_nothing_is_started(make_child):
    child = make_child("false")
    crew = Supervisor([child])
    crew.start()
    child.process.wait(10)
    dead, now = child.process.pid, crew.started["thing"]

    crew.look(now)
    crew.look(now + FIRST_PAUSE / 2)

    assert child.process.pid == dead


def test_a_process_that_ignores_the_polite_signal_is_killed_with_its_helpers(make_child):
    stubborn = "import signal, subprocess; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); "
    child = make_child(sys.executable, "-c", stubborn + "subprocess.run(['sleep', '600'])").start()

    child.stop(patience=0.2)

    assert child.returncode is not None
    assert members({child.process.pid}) == []
