import pytest
from django.db import IntegrityError, connection, transaction

from escalation.commands.fire import fire_all
from tests.factories.clocks import MINUTE, dispatched_ticket


def delete(table, pk):
    """Delete a row as nobody but the database can refuse it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("table", "whose"), [("accounts_user", "person"), ("tickets_ticket", "ticket")])
def test_the_database_keeps_whoever_and_whatever_a_notification_names(cast, rules, nine, table, whose):
    ticket = dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)

    with pytest.raises(IntegrityError):
        delete(table, cast.cy.pk if whose == "person" else ticket.pk)


def test_it_is_the_notification_that_keeps_a_person(cast, rules, nine, django_user_model):
    stranger = django_user_model.objects.create_user("nobody@desk.example", None, name="Nobody", kind="staff")
    told = django_user_model.objects.create_user("told@desk.example", None, name="Told", kind="staff")
    told.notifications.create(role="x", channel="web", idem_key=told.uuid, created_at=nine, next_at=nine)

    delete("accounts_user", stranger.pk)

    with pytest.raises(IntegrityError, match="is named by a notification"):
        delete("accounts_user", told.pk)
