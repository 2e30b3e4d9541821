"""Databases of their own, for a replay, a bulk or a simulation: made beside the configured one, marked, dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import dj_database_url
import psycopg2
from django.db import connection
from psycopg2 import sql


class Neighbour:
    """Makes and drops databases on the server of the configured one, as its owner."""

    def __init__(self, what: str = "replay") -> None:
        settings = dict(connection.settings_dict)
        if owner := os.environ.get("DATABASE_OWNER_URL"):
            settings |= {k: v for k, v in dj_database_url.parse(owner).items() if k in {"USER", "PASSWORD"}}
        self.settings = settings
        self.base = f"{settings['NAME']}_{what}"

    def name(self, number: int) -> str:
        """Return the name of database `number`, from 0."""
        return self.base if number == 0 else f"{self.base}_{number + 1}"

    def url(self, name: str) -> str:
        """Return its DATABASE_URL."""
        s = self.settings
        who = quote(s["USER"], safe="") + (f":{quote(s['PASSWORD'], safe='')}" if s["PASSWORD"] else "")
        return f"postgres://{who}@{quote(s['HOST'] or '', safe='')}:{s['PORT'] or 5432}/{quote(name, safe='')}"

    def make(self, name: str, template: str = "template0") -> None:
        """Create it, empty or as a copy; one left by an earlier run is dropped first."""
        self.drop(name)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)

    def drop(self, name: str) -> None:
        """Drop it if it is there."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with self._maintenance() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def _maintenance(self) -> Iterator[Any]:
        s = self.settings
        link = psycopg2.connect(
            dbname="postgres", user=s["USER"], password=s["PASSWORD"], host=s["HOST"], port=s["PORT"] or None
        )
        link.autocommit = True
        try:
            with link.cursor() as cursor:
                yield cursor
        finally:
            link.close()
