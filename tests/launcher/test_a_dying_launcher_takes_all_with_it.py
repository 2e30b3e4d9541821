import os
import signal
import sys

import pytest

from .conftest import still_alive

pytestmark = [
    pytest.mark.launcher,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died"),
]
SECONDS = 2


@pytest.mark.parametrize("account", [None, "nobody"] if os.geteuid() == 0 else [None])
def test_kill_minus_nine_leaves_no_orphan_and_the_next_start_works(start_desk, account):
    desk = start_desk(account=account)
    desk.until("ready after")
    family = desk.family()
    assert len(family) >= 10

    desk.process.send_signal(signal.SIGKILL)
    left = still_alive(family, seconds=SECONDS)

    assert left == []
    start_desk(account=account).until("ready after")


def test_without_its_keeper_a_killed_launcher_still_takes_the_servers_and_processes_with_it(start_desk):
    desk = start_desk()
    desk.until("ready after")
    family = desk.family()
    keeper = next(process for process in family if process.cmdline()[-1].endswith("keeper.py"))

    keeper.kill()
    desk.process.send_signal(signal.SIGKILL)
    left = still_alive(family, seconds=10)

    assert left == []


@pytest.mark.parametrize(
    ("name", "word"),
    [("engine", "escalation_engine"), ("redis", "valkey-server"), ("postgres", "-D"), ("web", "granian")],
)
def test_a_process_that_dies_is_started_again_and_the_launcher_says_so(start_desk, name, word):
    desk = start_desk(DESK_REDIS_BIN="wheel")
    desk.until("ready after")
    dying = next(process for process in desk.family() if word in " ".join(process.cmdline()))
    before = {process.pid for process in desk.family()}

    dying.kill()
    said = desk.until(f"{name} ended with -9")
    desk.until(f"{name} was started again")

    assert "starting it again in 0.5 s" in said
    assert any(word in " ".join(process.cmdline()) for process in desk.family() if process.pid not in before)
