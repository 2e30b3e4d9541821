"""F13: firings and pages lie on a file system of 64 MB that is full when a storm comes."""

from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest

from tests.chaos.storms import HALF, arm, fill, judge, until_due, until_fired
from tests.processes import world
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
STORM, FULL_S = 2_000, 30
TABLES = ("esc_firing", "esc_notification")
# A tmpfs in a mount namespace of PostgreSQL's own: no root is asked for, and nothing is left mounted.
MOUNT = (
    'mount -t tmpfs -o size=64m,mode=0700 tmpfs "$0"'
    ' && exec unshare --user --map-user=1000 --map-group=1000 -- "$@"'
)  # fmt: skip
HELP = (
    "F13 gives PostgreSQL a small file system by `unshare --user --mount`, and this machine refuses that: allow user"
    " namespaces (sysctl kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0)."
)
LATE = "SELECT count(*) FROM esc_alarm WHERE kind = 'late' AND settled_at IS NULL"


def with_a_small_disk(desk) -> Path:
    """Restart PostgreSQL so that it sees 64 MB mounted on a folder; return the folder."""
    folder = desk.place.data / "small"
    folder.mkdir(mode=0o755)
    namespace = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, folder)
    desk.restart_postgres_at_once(*namespace)
    child = desk.postgres.child
    until(lambda: child.returncode is not None or desk.sql("SELECT true"), seconds=30, says="PostgreSQL starts")
    if child.returncode is not None:
        pytest.fail(f"{HELP}\n{child.last_words(400)}", pytrace=False)
    return folder


def move(desk, folder: Path) -> None:
    """Put firings and notifications, with their indexes, on the small disk."""
    admin = desk.postgres.connect("desk")
    with admin.cursor() as cursor:
        cursor.execute("CREATE TABLESPACE small LOCATION %s", [str(folder)])
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} SET TABLESPACE small")
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
            for (index,) in cursor.fetchall():
                cursor.execute(f'ALTER INDEX "{index}" SET TABLESPACE small')
    admin.close()


def fill_up(desk) -> int:
    """Leave not one page on the small disk; return how many pages of ballast went in."""
    admin = desk.postgres.connect("desk")
    taken = 0
    with admin.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE ballast (x text) TABLESPACE small")
        cursor.execute("ALTER TABLE ballast ALTER x SET STORAGE PLAIN")
        for pages in (1000, 100, 10, 1):
            try:
                while True:
                    cursor.execute("INSERT INTO ballast SELECT repeat('x', 7000) FROM generate_series(1, %s)", [pages])
                    taken += pages
            except psycopg2.errors.DiskFull:
                continue
    admin.close()
    return taken


def make_room(desk) -> None:
    desk.postgres.connect("desk").cursor().execute("DROP TABLE ballast")


@pytest.mark.fault("F13")
@pytest.mark.invariant("I1", "I3", "I4", "I16")
def test_on_a_full_disk_nothing_is_half_written_and_with_space_everything_fires_once(seen):
    with world() as desk:
        fill(desk, STORM)
        move(desk, with_a_small_disk(desk))
        desk.start_what_is_dead()
        ballast = fill_up(desk)
        at = arm(desk, STORM, 2)
        until_due(desk, at)
        over = at + timedelta(seconds=FULL_S)
        until(lambda: desk.sql("SELECT now() > %s", over)[0][0], seconds=FULL_S + 20, says="it was full for a while")

        assert judge(desk, at).lost == STORM
        assert desk.sql(HALF) == [(0,)]
        assert desk.sql("SELECT count(*) FROM esc_timer WHERE state = 'armed' AND due_at = %s", at) == [(STORM,)]
        assert desk.sql(LATE) == [(1,)], "operators are told that timers stand still"
        assert desk.running["engine"].returncode is None
        assert "database:" in desk.running["engine"].last_words(), "writing was refused"
        taken = desk.taken()
        make_room(desk)
        until_fired(desk, at, seconds=30)

        verdict = judge(desk, at)
        seen(f"{ballast} pages of ballast; full for {FULL_S} s: nothing fired; then {verdict}")
        assert (verdict.expected, verdict.wrong) == (STORM, (0, 0, 0, 0))
        assert verdict.last_s < FULL_S + 15
        until(lambda: desk.sql(LATE) == [(0,)], seconds=30, says="the alarm settles")
        until(lambda: desk.taken() > taken, seconds=60, says="pages leave")
