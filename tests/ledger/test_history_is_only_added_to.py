import pytest
from django.db import DatabaseError, connection, transaction

from tests.ledger.tampering import write

pytestmark = pytest.mark.django_db


@pytest.mark.rule("C-16")
@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET name = 'x'", "DELETE FROM ledger_entry"])
def test_the_owner_can_neither_change_nor_delete_an_entry(nine, statement):
    write(nine, count=1)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.rule("C-16")
def test_the_owner_can_not_empty_the_ledger(nine):
    write(nine, count=1)

    with pytest.raises(DatabaseError, match="ledger_entry is append-only"), transaction.atomic():
        connection.cursor().execute("TRUNCATE ledger_entry CASCADE")
