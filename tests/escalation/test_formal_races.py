from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from escalation.commands.confirm import confirm_by_link
from escalation.commands.fire import fire_all
from escalation.models import ConfirmLink, Duty
from escalation.seed import seed_policies
from ledger.errors import Refused
from ledger.models import Entry
from tests.concurrency import Elsewhere
from tests.factories.cast import make_cast
from tests.factories.clocks import MINUTE
from tests.factories.formal import duty, escalate, link, verified_ticket


@pytest.fixture
def row(transactional_db, nine):
    """An unconfirmed duty with a link, committed."""
    cast = make_cast()
    seed_policies(at=nine)
    made = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    found = duty(made, "account_manager")
    link(found, nine)
    return found


def tap(at):
    try:
        confirm_by_link(token="tok-1", ip="203.0.113.9", user_agent="Phone", at=at)
    except Refused as refusal:
        return refusal.code
    finally:
        connection.close()
    return "confirmed"


@pytest.mark.rule("X-04")
def test_of_twenty_taps_at_once_one_confirms(row, nine):
    with ThreadPoolExecutor(20) as pool:
        said = sorted(pool.map(tap, [nine + MINUTE] * 20))

    assert said == ["confirmed", *["link_used"] * 19]
    assert Entry.objects.filter(name="escalation.confirmed").count() == 1


@pytest.mark.rule("X-04")
def test_a_tap_waits_for_the_one_before_and_then_finds_the_link_used(row, nine):
    with transaction.atomic():
        confirm_by_link(token="tok-1", ip=None, user_agent="", at=nine + MINUTE)
        second = Elsewhere(tap, nine + MINUTE)
        assert second.is_waiting()

    assert second.result() == "link_used"
    assert ConfirmLink.objects.get().used_at == nine + MINUTE
    assert Duty.objects.get(pk=row.pk).how == "link"
