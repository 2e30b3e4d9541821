"""What the app role may do: everything on ordinary tables, only add and read where history is kept (decisions 4, 9)."""

import os
from typing import Any

import dj_database_url
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql

APPEND_ONLY = frozenset(
    {
        "ledger_entry",
        "ledger_anchor",
        "accounts_verification",
        "esc_firing",
        "esc_sealed",
        "esc_policy_version",
        "esc_rule",
    }
)
REDACTABLE = frozenset({"ledger_entrytext"})
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def rights_on(table: str) -> str:
    """Return the rights the app role gets on `table`."""
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in REDACTABLE else EVERYTHING


@transaction.atomic
def grant_to(role: str) -> int:
    """Give `role` its rights on every table and sequence of this database; return the number of tables.

    May be repeated: rights are taken away first, in the same transaction. Runs as the tables' owner.
    Raises CommandError if the role does not exist or an append-only table is missing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise CommandError(f"The role {role} does not exist. Create it as the database's administrator.")
        cursor.execute("SELECT current_schema()")
        names = {"role": sql.Identifier(role), "schema": sql.Identifier(cursor.fetchone()[0])}
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        if missing := (APPEND_ONLY | REDACTABLE).difference(tables):
            raise CommandError(f"Migrate first: {', '.join(sorted(missing))} missing.")
        statements = [
            "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
            "GRANT USAGE ON SCHEMA {schema} TO {role}",
        ]
        for table in tables:
            statements.append(f"GRANT {rights_on(table)} ON {{{table}}} TO {{role}}")
            names[table] = sql.Identifier(table)
        statements += [
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT {EVERYTHING} ON TABLES TO {{role}}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        ]
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(**names))
    return len(tables)


def sees_others(role: str) -> bool:
    """Whether `role` may read what other roles' sessions do; the watch needs it for snapshots they hold (F8)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(%s, 'pg_read_all_stats', 'USAGE')", [role])
        return bool(cursor.fetchone()[0])


class Command(BaseCommand):
    """`manage.py grants`: grants and nothing else. Run as the owner, after every migration."""

    help = "Grant the app role its rights: all on ordinary tables, add and read on the ledger. May be repeated."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant to the role named in DATABASE_URL."""
        role = dj_database_url.parse(os.environ.get("DATABASE_URL", "")).get("USER", "")
        owner = connection.settings_dict["USER"]
        if not role:
            raise CommandError("DATABASE_URL names no role. Set it to the app role's address.")
        if role == owner:
            self.stdout.write(f"{role} owns the tables and serves too: nothing to grant. Use two roles in production.")
            return
        self.stdout.write(f"{role} may use {grant_to(role)} tables; {len(APPEND_ONLY)} of them only to add and read.")
        if not sees_others(role):
            self.stdout.write(
                f"{role} cannot see snapshots that other roles hold, so no alarm tells of them. Let the database's"
                f" administrator say: GRANT pg_read_all_stats TO {role}"
            )
