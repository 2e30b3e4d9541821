"""A copy of the tree and a test database, changed and put right again; the tests run in them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests.mutations.mutation import Mutation

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "test_mutations"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", "node_modules", "var", ".*_cache", ".hypothesis", "*.pyc"
)
LONGEST_S, ALL_S = 300, 1200  # one test; every named one, and the database made
TOO_LONG = 124


class Tree:
    """A copy of the checkout in `place`, with a test database of its own."""

    def __init__(self, place: Path) -> None:
        self.root = place / "tree"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT, symlinks=True)
        self._changes = 0
        self.env = {
            **os.environ, "DESK_TEST_DB": DATABASE, "PYTHONPATH": str(self.root),
            "PYTHONPYCACHEPREFIX": str(place / "compiled"),
        }  # fmt: skip
        self.env.pop("DESK_NIGHTLY", None)  # the short forms notice, or they are too short

    def run(self, *words: str, longest_s: int = LONGEST_S) -> tuple[int, str]:
        """Run pytest in the copy; returns (its exit code, what it said). 0 = green, 1 = red, more = it did not run."""
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
        try:
            done = subprocess.run(
                command, cwd=self.root, env=self.env, capture_output=True, text=True, timeout=longest_s, check=False
            )
        except subprocess.TimeoutExpired:
            return TOO_LONG, f"it ran for more than {longest_s} s"
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def without(self, mutation: Mutation) -> Iterator[None]:
        """Take away what a mutation takes away, and give it back. Raises ValueError if it is not there."""
        if mutation.sql:
            self._execute(mutation.sql)
            try:
                yield
            finally:
                self._execute(mutation.undo)
            return
        path = self.root / mutation.file
        whole = path.read_text()
        try:
            self._write(path, changed(whole, mutation))
            yield
        finally:
            self._write(path, whole)

    def _write(self, path: Path, text: str) -> None:
        """Each version a second younger than the one before, or compiled code of the last one would be taken for it."""
        path.write_text(text)
        self._changes += 1
        stamp = path.stat().st_mtime + self._changes
        os.utime(path, (stamp, stamp))

    def _execute(self, statement: str) -> None:
        url = urlsplit(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])
        connection = psycopg2.connect(url._replace(path=f"/{DATABASE}").geturl())
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def changed(whole: str, mutation: Mutation) -> str:
    """Return the text of a file without what the mutation takes away. Raises ValueError unless it stands there once."""
    if whole.count(mutation.old) != 1:
        raise ValueError(f"{mutation.file} holds {whole.count(mutation.old)} times: {mutation.old!r}")
    return whole.replace(mutation.old, mutation.new)


def is_red(code: int, said: str) -> bool:
    """Whether a test failed, or went wrong, by what it tests; not because nothing could be run."""
    return code == 1 and re.search(r"\b[1-9]\d* failed\b", said) is not None


def reason(said: str) -> str:
    """The first thing pytest says went wrong, so that a test which goes red by accident is seen to."""
    found = re.search(r"^E +(\S.*)$", said, re.MULTILINE)
    return found[1].replace("|", "/")[:110] if found else ""
