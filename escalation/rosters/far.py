"""Turns at an instant that is not written out: sixty days ahead and more, exact."""

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import User
from escalation.models import RosterSlot
from escalation.rosters.read import alive_and_beyond
from escalation.rosters.schedule import on_at


def computed(at: datetime) -> list[RosterSlot]:
    """Return the turns on at `at` of rosters whose rows end before it, unsaved, with their people. 2 queries."""
    on = [(plan, turn) for plan in alive_and_beyond(at) for turn in on_at(plan, at)]
    people = User.objects.select_related("manager").in_bulk({turn.user_id for _plan, turn in on})
    return [
        RosterSlot(
            role=plan.role, scope=plan.scope, layer=turn.rank, slot=turn.slot, user=people[turn.user_id],
            roster_id=plan.pk, entitled=turn.entitled, during=DateTimeTZRange(turn.from_at, turn.to_at),
        )
        for plan, turn in on
    ]  # fmt: skip
