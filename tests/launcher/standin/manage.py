"""A stand-in for the product's manage.py: each command leaves a trace in the data folder, daemons stay until told."""

import os
import signal
import sys
from pathlib import Path

DAEMONS = {"mail_sink", "escalation_engine"}
data = Path(os.environ["DESK_DATA_DIR"])
verb = sys.argv[1]
with (data / "trace.txt").open("a") as trace:
    trace.write(f"{verb} {os.getuid()}\n")
if verb == "collectstatic":
    (data / "static").mkdir(exist_ok=True)
if verb == "prepare":
    import psycopg2

    psycopg2.connect(os.environ["DATABASE_OWNER_URL"]).close()
    psycopg2.connect(os.environ["DATABASE_URL"]).close()
    (data / "demo_signins.json").write_text('[{"who": "Agent", "email": "bo@example.org", "password": "demo"}]')
if verb in DAEMONS:
    signal.sigwait({signal.SIGTERM})
