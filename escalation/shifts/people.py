"""Who manages a run of a shift: whoever the roster has on for most of it (A-04)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from escalation.oncall import DUTY_MANAGER, on_duty_manager
from escalation.rosters.read import alive
from escalation.rosters.schedule import turns
from escalation.rosters.shapes import Plan
from escalation.shifts.pattern import Window


class Managers:
    """Answers for many runs from one reading of the rosters. 1 query to make."""

    def __init__(self, at: datetime) -> None:
        self.plans = alive(at)

    def of(self, run: Window) -> int | None:
        """Return the key of who manages `run`, None where no roster says. No query.

        Two on at once: whoever is on longest within it, then whoever began first.
        """
        plan = self._plan(run)
        if plan is None:
            return None
        on: Counter[int] = Counter()
        for turn in turns(plan, run.begin, run.end):
            on[turn.user_id] += int((turn.to_at - turn.from_at) / timedelta(seconds=1))
        return max(on, key=lambda user: on[user]) if on else None

    def _plan(self, run: Window) -> Plan | None:
        shift = run.shift
        if shift.roster_id:
            return next((plan for plan in self.plans if plan.pk == shift.roster_id), None)
        scopes = [f"region:{shift.region}", "global"] if shift.region else ["global"]
        found = {plan.scope: plan for plan in self.plans if plan.role == DUTY_MANAGER and plan.scope in scopes}
        return next((found[scope] for scope in scopes if scope in found), None)


def named(managers: Managers, runs: Sequence[Window]) -> dict[Window, User | None]:
    """Return who manages each run as people. 1 query.

    Where no roster says, whoever holds the role in that region: 5 queries a region."""
    keys = {run: managers.of(run) for run in runs}
    people = User.objects.in_bulk({key for key in keys.values() if key})
    held = {run.shift.region: run.begin for run, key in keys.items() if not key}
    holders = {region: on_duty_manager(begin, region=region).user for region, begin in held.items()}
    return {run: people.get(key) if key else holders[run.shift.region] for run, key in keys.items()}
