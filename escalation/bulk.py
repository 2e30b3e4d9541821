"""Rows into a table by COPY: a firing storm writes thousands, and the ORM's own bulk insert is most of its time."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"
CHUNK = 1 << 18


def copy_lines(model: type[Model], names: tuple[str, ...], lines: Sequence[str]) -> None:
    """Insert one row per line; a line is the values of `names` as `text` gives them, with tabs between.

    names  column attributes ("ticket_id"); the other columns get the field's default, or the database's own.

    Raises IntegrityError as an INSERT would; nothing is inserted then. 1 statement, none for no lines.
    """
    if not lines:
        return
    command, tail = _frame(model, names)
    body = io.BytesIO(f"{tail}\n".join([*lines, ""]).encode())
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(command, body, CHUNK)


def copy_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, one value per name in `names`; as `copy_lines`."""
    copy_lines(model, tuple(names), ["\t".join(map(text, row)) for row in rows])


def copy_models(objects: Sequence[Model]) -> None:
    """Insert unsaved objects of one model, every column taken from them; their automatic keys are not filled in."""
    if not objects:
        return
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.db_returning]
    copy_rows(model, names, ([getattr(row, name) for name in names] for row in objects))


def text(value: Any) -> str:
    """Return `value` as COPY reads it; None as NULL."""
    if value is None:
        return NULL
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    return value.isoformat() if isinstance(value, datetime) else str(value)


@cache
def _frame(model: type[Model], names: tuple[str, ...]) -> tuple[str, str]:
    """Return the COPY command, and what ends every line: the defaults of the columns not named.

    Raises ValueError for a unique column not named: one default cannot serve all rows (a caller's bug).
    """
    rest = [f for f in model._meta.concrete_fields if f.attname not in names and not f.db_returning]
    if alike := [field.attname for field in rest if field.unique]:
        raise ValueError(f"every row of {model.__name__} needs its own {alike}")
    tail = "".join("\t" + text(f.get_default() if f.has_default() or not f.null else None) for f in rest)
    by_name = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    columns = [by_name[name] for name in names] + [str(field.column) for field in rest]
    quote = connection.ops.quote_name
    listed = ", ".join(map(quote, columns))
    return f"COPY {quote(model._meta.db_table)} ({listed}) FROM STDIN", tail
