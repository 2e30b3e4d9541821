import configparser
import http.server
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from escalation.commands.beat import beat
from servicedesk import watchdog
from servicedesk.watchdog import Watch
from tests.live.servers import free_port

SOURCE = Path(watchdog.__file__)


class Letters:
    def __init__(self):
        self.kept, self.came = [], threading.Event()

    async def handle_DATA(self, server, session, envelope):
        self.kept.append((envelope.rcpt_tos, envelope.content.decode()))
        self.came.set()
        return "250 kept"


@contextmanager
def answering(status, body, seen):
    class Desk(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers["Authorization"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_POST(self):
            seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def trouble(status, body):
    with answering(status, body, []) as url:
        return watchdog.trouble_at(url, "secret", 60)


def test_a_desk_that_keeps_time_is_no_trouble_and_every_other_answer_is():
    assert trouble(200, {"ok": True, "engine_beats_seconds_ago": {"process": 0.4}}) == ""
    assert "no engine beats" in trouble(200, {"ok": True, "engine_beats_seconds_ago": {"process": 61.0}})
    assert "no engine beats" in trouble(200, {"ok": True, "engine_beats_seconds_ago": {}})
    assert "7.5 s late" in trouble(200, {"ok": False, "lag_seconds": 7.5, "engine_beats_seconds_ago": {"process": 0.4}})
    assert "503" in trouble(503, {})
    assert "does not answer" in watchdog.trouble_at("http://127.0.0.1:9/", "", 60)


@given(troubles=st.lists(st.booleans(), min_size=1, max_size=120))
def test_it_speaks_after_a_minute_of_silence_each_five_minutes_and_once_when_it_is_over(troubles):
    watch, fresh, told = Watch(stale_s=60, repeat_s=300, fresh_at=0), 0, None
    for number, bad in enumerate(troubles, start=1):
        now = number * 15.0
        words = watch.look(now, "it is silent." if bad else "")
        if bad:
            due = now - fresh >= 60 and (told is None or now - told >= 300)
            assert bool(words) == due
            told = now if due else told
        else:
            assert bool(words) == (told is not None)
            fresh, told = now, None


def test_the_script_alone_writes_to_the_list_with_its_own_mail_server_and_gateway(tmp_path):
    letters, seen = Letters(), []
    mail = Controller(letters, hostname="127.0.0.1", port=free_port())
    mail.start()
    try:
        with answering(503, {}, seen) as url:
            config = configparser.ConfigParser()
            config.read_dict({
                "desk": {"url": url, "token": "secret", "every_s": "0.05", "stale_s": "0", "repeat_s": "600"},
                "smtp": {"host": "127.0.0.1", "port": str(mail.port),
                         "sender": "watchdog@elsewhere.example"},
                "people": {"to": "duty@example.net, head@example.net"},
                "gateway": {"url": url, "key": "k", "to": "+61400000001"},
            })  # fmt: skip
            with (tmp_path / "watchdog.ini").open("w") as file:
                config.write(file)
            copy = tmp_path / "elsewhere.py"
            copy.write_text(SOURCE.read_text())
            process = subprocess.Popen(
                [sys.executable, "-I", str(copy), str(tmp_path / "watchdog.ini")], stdout=subprocess.PIPE
            )
            try:
                assert letters.came.wait(30)
            finally:
                process.terminate()
                process.communicate(timeout=10)
    finally:
        mail.stop()
    assert letters.kept[0][0] == ["duty@example.net", "head@example.net"]
    assert "timers may stand still" in letters.kept[0][1]
    assert seen[0] == "Bearer secret"


@pytest.mark.django_db
def test_it_reads_what_the_desk_really_answers(monkeypatch):
    monkeypatch.setenv("DESK_HEALTH_TOKEN", "secret")
    beat(engine_id="process@here", kind="process")

    seen = Client().get("/healthz/engine", headers={"Authorization": "Bearer secret"}).json()

    assert trouble(200, seen) == ""
