"""Rows that a fixture writes alike for a thousand tests: once by the real seed, then put back by one statement."""

import json
import pickle
from collections.abc import Callable, Hashable
from typing import Any

from django.apps import apps
from django.db import connection

_COLUMNS = (
    "SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
    " FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY 1"
)


class KeptRows:
    """`put()` writes what `write` writes, with the same keys every time in one run of the tests, and returns a copy of
    what `write` returned. `found` tells what is there already that `write` builds upon: each such state is kept apart.
    """

    def __init__(self, write: Callable[[], Any], found: Callable[[], Hashable]) -> None:
        self.write, self.found = write, found
        self.kept: dict[Hashable, tuple[str, bytes]] = {}
        self.made = b""

    def put(self) -> Any:
        """Write the rows into the present test's database; they go with the test."""
        found = self.found()
        if found not in self.kept:
            rows = self._first()
            sql = ";".join(f"INSERT INTO {into} SELECT * FROM {source}" for into, source in rows)
            self.kept[found] = sql, self.made
        else:
            with connection.cursor() as cursor:
                cursor.execute(self.kept[found][0])
        return pickle.loads(self.kept[found][1])

    def _first(self) -> list[tuple[str, str]]:
        tables = [m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed]
        before = {table: self._keys(table) for table in tables}
        self.made = pickle.dumps(self.write())
        return [kept for table in tables if (kept := self._new(table, before[table])) is not None]

    def _keys(self, table: str) -> set[str]:
        return {json.dumps(row, sort_keys=True) for row in self._rows(table)}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(json_agg(t), '[]')::text FROM \"{table}\" t")
            return json.loads(cursor.fetchone()[0])

    def _new(self, table: str, before: set[str]) -> tuple[str, str] | None:
        rows = [row for row in self._rows(table) if json.dumps(row, sort_keys=True) not in before]
        if not rows:
            return None
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT names FROM ({_COLUMNS}) c(t, names) WHERE t = %s", [table])
            columns = cursor.fetchone()[0]
            values = cursor.mogrify("%s", [json.dumps(rows)]).decode()
        source = f'json_populate_recordset(NULL::"{table}", {values})'
        return f'"{table}" ({columns})', f"(SELECT {columns} FROM {source}) r"
