import pytest
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction

from servicedesk.management.commands.grants import APPEND_ONLY, grant_to, sees_others

ROLE = "app_of_the_grants_test"


@pytest.fixture
def role(db):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOSUPERUSER")
    grant_to(ROLE)
    grant_to(ROLE)
    return ROLE


def as_app(statement: str) -> None:
    """Run one statement as the app role, undone afterwards. The triggers are out of the way: only rights decide."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute(statement)
        transaction.set_rollback(True)


@pytest.mark.rule("C-16")
@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_rows_of_history_can_neither_be_changed_nor_removed(role, table, verb):
    with connection.cursor() as cursor:
        column = connection.introspection.get_table_description(cursor, table)[0].name
    with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"):
        as_app(verb.format(table, column))
    as_app(f"SELECT * FROM {table} LIMIT 1")


def test_history_can_be_added_and_a_text_redacted_but_not_deleted(role):
    as_app(
        "INSERT INTO ledger_entry (chain, seq, name, at, actor_kind, actor_ref, data, prev_hash, hash) "
        "VALUES ('t', 1, 'n', now(), 'system', 'x', '{}', '', '')"
    )
    as_app("UPDATE ledger_entrytext SET body = ''")
    with pytest.raises(ProgrammingError, match="permission denied for table ledger_entrytext"):
        as_app("DELETE FROM ledger_entrytext")


def test_ordinary_tables_sequences_and_the_clock_serve(role):
    as_app("UPDATE accounts_contact SET name = name")
    as_app("DELETE FROM ledger_idempotencykey")
    as_app("SELECT nextval('ticket_number_seq'), desk_now()")


def test_tables_that_come_later_serve_too(role):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE came_later (id serial PRIMARY KEY)")
    as_app("INSERT INTO came_later DEFAULT VALUES")


def test_the_app_role_cannot_switch_the_triggers_off(role):
    for statement in ("ALTER TABLE ledger_entry DISABLE TRIGGER ALL", "SET session_replication_role = replica"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            cursor.execute(statement)


def test_whether_a_role_sees_snapshots_that_others_hold_is_known(role):
    assert sees_others(ROLE) is False
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT pg_read_all_stats TO {ROLE}")

    assert sees_others(ROLE) is True


def test_a_role_that_is_not_there_is_named(db):
    with pytest.raises(CommandError, match="nobody_here does not exist"):
        grant_to("nobody_here")
