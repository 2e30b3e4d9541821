"""Rows into a table by COPY: a firing storm writes thousands, and the ORM's own bulk insert is most of its time."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, one value per column attribute in `names` ("ticket_id"); other columns get the field's default.

    Raises IntegrityError as an INSERT would; nothing is inserted then. 1 statement, none for no rows.
    """
    lines = ["\t".join(map(_text, row)) for row in rows]
    if not lines:
        return
    rest = [f for f in model._meta.concrete_fields if f.attname not in names and not f.db_returning]
    tail = "".join("\t" + _text(f.get_default() if f.has_default() or not f.null else None) for f in rest)
    by_name = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    columns = [by_name[name] for name in names] + [str(f.column) for f in rest]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    body = io.StringIO("".join(f"{line}{tail}\n" for line in lines))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN", body)


def copy_models(objects: Sequence[Model]) -> None:
    """Insert unsaved objects of one model, every column taken from them; their automatic keys are not filled in."""
    if not objects:
        return
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.db_returning]
    copy_rows(model, names, ([getattr(row, name) for name in names] for row in objects))


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    return value.isoformat() if isinstance(value, datetime) else str(value)
