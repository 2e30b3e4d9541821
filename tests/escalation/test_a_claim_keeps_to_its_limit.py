import pytest
from django.db import connection

from channels import leases
from escalation.claim import claim
from escalation.models import Notification
from tests.channels.parts import make_ticket, page
from tests.factories.clocks import MINUTE, dispatched_ticket

ODD_PLAN = [
    f"SET LOCAL enable_{way} = off" for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize")
]


@pytest.fixture
def odd_plan(db):
    """Nested loops everywhere: what the planner may take where its statistics mislead it."""
    with connection.cursor() as cursor:
        cursor.execute(";".join(ODD_PLAN))


@pytest.mark.invariant("I4")
def test_whatever_plan_the_database_takes_an_engine_claims_no_more_than_its_limit(cast, rules, nine, odd_plan):
    for _ticket in range(4):
        dispatched_ticket(cast, nine)

    assert len(claim(nine + 5 * MINUTE, 3)) == 3
    assert len(claim(nine + 5 * MINUTE, 3)) == 1


@pytest.mark.invariant("I8")
def test_whatever_plan_the_database_takes_a_sender_leases_one_page(cast, odd_plan):
    ticket = make_ticket(cast)
    for _page in range(3):
        page(ticket, cast.cy)

    leases.claim()

    assert Notification.objects.filter(state="sending").count() == 1
