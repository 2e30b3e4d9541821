"""A database set apart for a replay or a simulation: no driver works on it, nothing leaves it (decisions 7)."""

from django.db import connection

MARK = "set apart"
_seen: dict[str, bool] = {}


def set_apart(why: str) -> None:
    """Mark the connected database, as its owner. The mark is a comment: it survives flushes and restarts."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [f"{MARK}: {why}"])
    _seen.clear()


def is_apart() -> bool:
    """Return whether the connected database is marked. Asked once per process and database: 1 query, then none."""
    name = str(connection.settings_dict["NAME"])
    if name not in _seen:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            )
            _seen[name] = str(cursor.fetchone()[0] or "").startswith(MARK)
    return _seen[name]


def refuse_if_apart() -> None:
    """Raise RuntimeError where the database is set apart: drivers call it before they fire or send."""
    if is_apart():
        raise RuntimeError("This database is set apart for a replay. No driver works on it.")
