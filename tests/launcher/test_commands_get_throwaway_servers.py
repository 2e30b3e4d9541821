import os
import subprocess
import sys
from pathlib import Path

import pytest

from servicedesk.launcher.paths import ROOT

pytestmark = pytest.mark.launcher

LOOK = """
import os, sys, pathlib, psycopg2, redis
for role in ("DATABASE_URL", "DATABASE_OWNER_URL"):
    with psycopg2.connect(os.environ[role]).cursor() as sql:
        sql.execute("SELECT current_user, current_setting('TimeZone'), lower('ÉCOLE'), 'École' ILIKE 'école', rolsuper"
                    " FROM pg_roles WHERE rolname = current_user")
        print(*sql.fetchone())
try:
    psycopg2.connect(os.environ["DATABASE_URL"].replace("desk_app:", "desk_app:x")); print("let in")
except psycopg2.OperationalError: print("refused")
print(redis.from_url(os.environ["REDIS_URL"]).ping())
try:
    redis.Redis(port=int(os.environ["REDIS_URL"].rsplit(":", 1)[1].split("/")[0])).ping(); print("let in")
except redis.exceptions.AuthenticationError: print("refused")
print(sorted(name for name in os.environ if name.startswith("PG")), os.environ["DESK_ENV"])
print(pathlib.Path(os.environ["DESK_DATA_DIR"]).parent)
"""


def launch(*command, **env):
    """Run `exec` in a clean environment and return what the command said."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_URL") and name[:5] != "DESK_"}
    return subprocess.run(
        [sys.executable, "-m", "servicedesk.launcher", "exec", "--", *command],
        cwd=ROOT,
        env={**clean, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_two_roles_real_words_and_no_way_in_without_a_password():
    done = launch(sys.executable, "-c", LOOK, PGHOST="nowhere.invalid", PGUSER="somebody", PGSSLMODE="require")

    assert done.returncode == 0, done.stderr
    *said, folder = done.stdout.splitlines()
    assert said == [
        "desk_app UTC école True False",
        "desk_owner UTC école True True",
        "refused",
        "True",
        "refused",
        "[] test",
    ]
    assert not Path(folder).exists()


def test_the_exit_code_of_the_command_is_the_answer():
    assert launch("sh", "-c", "exit 7").returncode == 7


def test_servers_given_by_url_are_used_and_not_started():
    done = launch("sh", "-c", "echo $DATABASE_URL $REDIS_URL", DATABASE_URL="postgres://a@b/c", REDIS_URL="redis://d")

    assert done.stdout.split() == ["postgres://a@b/c", "redis://d"]
