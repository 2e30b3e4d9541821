import json
import os
import socket

import pytest

from servicedesk.launcher.ports import free_port, is_free
from servicedesk.launcher.state import State
from servicedesk.launcher.words import Trouble


def test_a_wanted_port_is_taken_only_if_nobody_listens_there():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert not is_free(taken)
        assert free_port(taken) != taken

    assert free_port(taken) == taken


def test_the_lock_is_held_by_one_and_free_after_release(tmp_path):
    first = State(tmp_path)
    first.take()
    first.write({"address": "http://127.0.0.1:8000", "pid": os.getpid()})

    with pytest.raises(Trouble, match=r"already runs at http://127.0.0.1:8000 \(process \d+\)"):
        State(tmp_path).take()

    first.release()
    State(tmp_path).take()


def test_a_file_left_by_a_killed_launcher_does_not_stop_the_next(tmp_path):
    (tmp_path / "desk.json").write_text(json.dumps({"address": "http://127.0.0.1:1", "pid": 1}))

    state = State(tmp_path)
    state.take()

    assert state.read() == {}
