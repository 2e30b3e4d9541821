"""Queries asked after every step: the database plans them once for each connection."""

from typing import Any

from django.db import connection

_prepared: dict[str, Any] = {}


def ask(name: str, query: str) -> list[tuple]:
    """Return the rows of `query`, which is always the same for `name`."""
    with connection.cursor() as cursor:
        if _prepared.get(name) is not connection.connection:
            cursor.execute(f"PREPARE model_{name} AS {query}")
            _prepared[name] = connection.connection
        cursor.execute(f"EXECUTE model_{name}")
        return list(cursor.fetchall())
