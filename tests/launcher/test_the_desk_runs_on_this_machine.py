import json
import os
import signal
import urllib.request

import psutil
import pytest
import redis

from servicedesk.launcher.binaries import system_postgres

from .conftest import still_alive

pytestmark = pytest.mark.launcher
ACCOUNTS = [None, "nobody"] if os.geteuid() == 0 else [None]  # None: the account that runs the tests
SERVERS = ["wheel", "system"] if system_postgres() else ["wheel"]


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("postgres", SERVERS)
def test_the_desk_starts_answers_and_stops_leaving_nobody(start_desk, account, postgres):
    desk = start_desk(account=account, DESK_PG_BIN=postgres)
    address = desk.until("ready after").split()[-1]
    family = desk.family()

    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"stand-in"
    names = {part for process in family for part in process.cmdline()}
    assert {"beat", "worker", "granian", "escalation_engine", "mail_sink"} <= names
    if account is None:
        broker = redis.Redis.from_url(
            json.loads((desk.data / "desk.json").read_text())["env"]["REDIS_URL"], socket_timeout=60
        )
        assert broker.blpop("marks", timeout=20), desk.logs()

    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert "ended with" not in "".join(desk.lines) + desk.process.stdout.read()
    assert still_alive(family, seconds=1) == []


def test_no_child_of_root_runs_as_root(start_desk):
    desk = start_desk()
    desk.until("ready after")

    keeper = [process for process in desk.family() if process.cmdline()[-1].endswith("keeper.py")]
    others = [process for process in desk.family() if process not in keeper]

    assert len(keeper) == 1
    assert len(others) >= 9
    if os.geteuid() == 0:
        assert 0 not in {uid for process in others for uid in process.uids()}


def test_servers_and_pages_listen_on_the_loopback_address_only(start_desk):
    desk = start_desk()
    desk.until("ready after")

    listening = {
        connection.laddr.ip
        for process in desk.family()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening == {"127.0.0.1"}


def test_a_second_run_says_where_the_first_runs_and_leaves_it_alone(start_desk):
    first = start_desk()
    address = first.until("ready after").split()[-1].rstrip("/")

    second = start_desk()
    said = second.until("already runs")

    assert second.process.wait(30) == 1
    assert address in said
    assert str(first.process.pid) in said
    assert first.process.poll() is None


def test_the_second_start_prepares_nothing_again_and_finds_the_same_cluster(start_desk):
    first = start_desk()
    first.until("ready after")
    first.close()
    cluster = (first.data / "pg" / "PG_VERSION").stat().st_ino

    second = start_desk()
    second.until("ready after")

    trace = [line.split()[0] for line in (second.data / "desk" / "trace.txt").read_text().splitlines()]
    assert trace.count("prepare") == trace.count("collectstatic") == 1
    assert trace.count("escalation_engine") == 2
    assert (second.data / "pg" / "PG_VERSION").stat().st_ino == cluster


def test_what_holds_passwords_is_closed_to_others(start_desk):
    desk = start_desk()
    desk.until("ready after")

    modes = {name: (desk.data / name).stat().st_mode & 0o777 for name in ("secrets.json", "desk.json", "pg", "redis")}

    assert modes == {"secrets.json": 0o600, "desk.json": 0o600, "pg": 0o700, "redis": 0o700}
    words = json.loads((desk.data / "secrets.json").read_text()).values()
    shown = " ".join(part for process in desk.family() for part in process.cmdline()) + desk.logs()
    assert [word for word in words if word in shown] == []
