"""Whoever changes a person holds that row until the commit. A contact duty refers to it: an engine that waited there
would hold back every other firing of its batch (rule b)."""

from functools import partial

import pytest
from django.db import transaction

from accounts.actors import actor_for
from accounts.commands.deactivate import deactivate_staff
from accounts.commands.staff import grant_role
from escalation.commands.fire import fire_due
from servicedesk.people_registry import HOLDINGS
from tests.concurrency import in_another_connection
from tests.factories.cast import staff
from tests.factories.clocks import escalated_ticket, fired


@pytest.mark.invariant("I13")
@pytest.mark.parametrize("leaves", [False, True], ids=["is given a role", "leaves the house"])
@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_being_changed_is_paged_meanwhile(cast, rules, nine, leaves):
    root = actor_for(staff("root@desk.example", "Root Admin", "administrator"))
    manager = cast.people["account_manager"]
    change = partial(grant_role, user_id=manager.pk, role="quality_reviewer")
    if leaves:
        change = partial(
            deactivate_staff, user_id=manager.pk, successor_id=cast.mo.pk, reason="Moved on", registry=HOLDINGS
        )
    escalated_ticket(cast, nine)

    with transaction.atomic():
        change(actor=root, at=nine)
        assert in_another_connection(fire_due, nine) == 2

    assert fired() == [("D-0", 1, "paged"), ("F-1", 1, "paged")]
