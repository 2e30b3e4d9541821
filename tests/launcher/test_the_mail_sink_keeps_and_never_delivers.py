import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from servicedesk.launcher.paths import ROOT
from servicedesk.launcher.ports import free_port


@pytest.fixture
def sink(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "mail_sink", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DESK_ENV": "test", "DESK_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "Keeping mail" in process.stdout.readline()
    yield port, process
    process.kill()
    process.communicate()


def test_a_message_becomes_one_file_with_its_envelope(sink, tmp_path):
    port, process = sink
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Ärger", "desk@example.org", "ada@example.org"
    message.set_content("Your service is down.")

    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message, "bounce@example.org", ["ada@example.org", "hidden@example.org"])

    (kept,) = (tmp_path / "mail").iterdir()
    read = BytesParser().parsebytes(kept.read_bytes())
    assert kept.suffix == ".eml"
    assert read["X-Envelope-From"] == "<bounce@example.org>"
    assert read["X-Envelope-To"] == "ada@example.org, hidden@example.org"
    assert "Your service is down." in read.get_payload()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_production_is_refused(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "mail_sink", "--port", "1"],
        cwd=ROOT,
        env={
            **os.environ,
            "DESK_ENV": "production",
            "DESK_SECRET_KEY": "x" * 50,
            "DESK_BASE_URL": "https://desk.example",
            "DATABASE_URL": "postgres://a@127.0.0.1:1/b",
            "REDIS_URL": "redis://127.0.0.1:1",
            "DESK_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "runs only with DESK_ENV=demo or test" in done.stderr
    assert not (tmp_path / "mail").exists()
