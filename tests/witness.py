"""What the tests see of a whole desk from outside: its database, its mail sink, its time."""

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from uuid import UUID

import psycopg2

from servicedesk.launcher.postgres import OWNER

_tick = threading.Event()


def until(what: Callable[[], Any], *, seconds: float, says: str) -> Any:
    """Ask `what` until it answers something true; fail with `says` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.Error):
            found = what()
            if found:
                return found
        _tick.wait(0.05)
    raise AssertionError(f"not within {seconds} s: {says}")


class Witness:
    """Reads rows and letters. Needs `postgres` (the launcher's) and `place` (the folders)."""

    postgres: Any
    place: Any

    def sql(self, query: str, *values: Any, **named: Any) -> list[tuple]:
        """Ask the database on a connection of its own; public ids come as text."""
        link = psycopg2.connect(self.postgres.url(OWNER))
        try:
            with link, link.cursor() as cursor:
                cursor.execute(query, named or values)
                rows = cursor.fetchall() if cursor.description else []
                return [tuple(str(v) if isinstance(v, UUID) else v for v in row) for row in rows]
        finally:
            link.close()

    def taken(self) -> int:
        """How many letters the mail sink took."""
        return sum(1 for _path in (self.place.desk / "mail").glob("*.eml"))

    def letters(self) -> list[str]:
        """The Message-IDs the mail sink took."""
        return [str(letter["Message-ID"]) for letter in self.mail()]

    def mail(self, to: str = "") -> list[EmailMessage]:
        """The letters the mail sink took, oldest first; only those to the address `to` if given."""
        paths = sorted((self.place.desk / "mail").glob("*.eml"))
        letters = [cast(EmailMessage, message_from_bytes(p.read_bytes(), policy=default)) for p in paths]
        return [letter for letter in letters if not to or to in str(letter["X-Envelope-To"])]

    def jump(self, **ahead: float) -> None:
        """Move the desk's time forward by a timedelta(**ahead), for every process."""
        self.sql(
            """INSERT INTO ledger_democlock (id, real_epoch, demo_epoch, speed) VALUES (1, now(), now() + %(by)s, 1)
               ON CONFLICT (id) DO UPDATE SET real_epoch = now(), demo_epoch = desk_now() + %(by)s""",
            by=timedelta(**ahead),
        )
