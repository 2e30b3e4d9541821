"""What an engine's firing can meet: a stop, an acknowledgement, a suspension, its end, a move to a version, its twin.

Everything happens at `AT`, where five timers of a ticket dispatched thirty minutes before are due, one of them with a
next occurrence. Whoever comes first, the ticket's firings and what still waits are the same, but for a stop: what it
finds unfired is moot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection

from accounts.actors import actor_for
from escalation.commands.acknowledge import acknowledge
from escalation.commands.fire import fire_all, fire_due
from escalation.commands.migrate_policy import continue_moves, migrate_clocks
from escalation.models import Clock, Firing, Policy, PolicyMove, Timer
from escalation.seed import publish, seed_policies
from escalation.shipped import FAULT_HANDLING, MANAGEMENT_LADDER
from ledger.actor import Actor
from tests.conftest import MONDAY_NINE
from tests.escalation.model.suspending import approved
from tests.factories.cast import Cast, make_cast
from tests.factories.clocks import MINUTE, dispatched_ticket, say
from tests.factories.policies import with_rule
from tickets.models import Ticket

AT = MONDAY_NINE + 30 * MINUTE
DUE = {"T-1", "T-1D", "T-3", "M-1", "M-2"}
LATER = {("T-4", 1): 120, ("T-5", 1): 180, ("E-2", 1): 1440, ("M-3", 1): 45, ("M-4", 1): 60, ("M-5", 1): 90}
RUNNING = LATER | {("T-3", 2): 60}
_PUT_AWAY = """
DELETE FROM esc_timer WHERE state IN ('armed', 'held')
  AND clock_id IN (SELECT id FROM esc_clock WHERE ticket_id = %(ticket)s);
UPDATE esc_clock SET state = 'stopped', running_since = NULL WHERE ticket_id = %(ticket)s
"""
Waiting = dict[tuple[str, int], int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One ticket, and what is done to it while an engine fires.

    act      the other transaction. fires: which of `DUE` fire at `AT`. waits: minutes of every timer that then waits,
             None = held. stops: what `act` comes to first is moot. settled: called before asking what came of it.
    """

    name: str
    ticket: Ticket
    act: Callable[[], Any]
    waits: Waiting
    fires: frozenset[str] = frozenset(DUE)
    stops: bool = False
    settled: Callable[[], Any] | None = None

    def outcomes(self) -> dict[str, str]:
        """How each of its firings came out; a rule that fired twice says so."""
        found: dict[str, str] = {}
        for code, outcome in Firing.objects.filter(clock__ticket=self.ticket).values_list("rule_code", "outcome"):
            found[code] = "twice" if code in found else outcome
        return found

    def waiting(self) -> Waiting:
        """What waits on the ticket's clocks and until when, minutes after its dispatch."""
        live = Timer.objects.filter(clock__ticket=self.ticket, state__in=["armed", "held"])
        return {(t.rule_code, t.occurrence): t.wake_at and int((t.wake_at - MONDAY_NINE) / MINUTE) for t in live}

    def put_away(self) -> None:
        """Nothing of this ticket is due any more, and its clocks count no more."""
        with connection.cursor() as cursor:
            cursor.execute(_PUT_AWAY, {"ticket": self.ticket.pk})


class Meetings:
    """The committed world, and one method for each pair; each gives a new ticket of its own."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        seed_policies(at=MONDAY_NINE)
        quiet = [rule | {"silenced_by_ack": True} for rule in MANAGEMENT_LADDER["rules"]]
        self._publish("management_ladder", MANAGEMENT_LADDER | {"ack_silence_s": 1200, "rules": quiet}, MONDAY_NINE)
        self._publish("fault_handling", with_rule(FAULT_HANDLING, "T-4", offset_s=5400), MONDAY_NINE + MINUTE)
        self.admin: Actor = self.cast.cy_actor

    def _publish(self, key: str, shape: dict[str, Any], at: datetime) -> None:
        publish(Policy.objects.get(key=key), shape, at=at)

    def _ticket(self) -> Ticket:
        return dispatched_ticket(self.cast, MONDAY_NINE)

    def _suspending(self, ticket: Ticket, at: datetime) -> Callable[[], Any]:
        """What pauses the clocks of a ticket whose suspension two others have approved."""
        uuid = approved(ticket, list(self.cast.people.values()), at, at + 600 * MINUTE)
        return partial(say, ticket, "ticket.suspended", at, suspension=str(uuid))

    def stop(self) -> Pair:
        """T3: the ticket is resolved."""
        ticket = self._ticket()
        waits = {("R-1", 1): None, ("R-1D", 1): None}
        return Pair(
            name="stop", ticket=ticket, act=partial(say, ticket, "ticket.resolved", AT), waits=waits, stops=True
        )

    def acknowledgement(self) -> Pair:
        """T3: somebody answers the first page of a chain that an answer silences for twenty minutes."""
        ticket = self._ticket()
        fire_all(MONDAY_NINE + 15 * MINUTE)
        page = Firing.objects.get(clock__ticket=ticket, rule_code="M-1")
        manager = actor_for(self.cast.people["account_manager"])
        act = partial(acknowledge, firing_id=page.pk, actor=manager, at=AT)
        return Pair(name="acknowledgement", ticket=ticket, act=act, waits=RUNNING | {("M-3", 1): 50})

    def suspension(self) -> Pair:
        """T4: the last approval of a suspension."""
        ticket = self._ticket()
        held = dict.fromkeys([("T-3", 2), ("T-4", 1), ("T-5", 1), ("E-2", 1)])
        return Pair(name="suspension", ticket=ticket, act=self._suspending(ticket, AT), waits=LATER | held)

    def resumption(self) -> Pair:
        """T4: a suspension that lasted 27 minutes ends."""
        ticket = self._ticket()
        self._suspending(ticket, MONDAY_NINE + 3 * MINUTE)()
        waits = LATER | {("T-3", 1): 57, ("T-4", 1): 147, ("T-5", 1): 207, ("E-2", 1): 1467}
        act = partial(say, ticket, "ticket.resumed", AT)
        return Pair(name="resumption", ticket=ticket, act=act, waits=waits, fires=frozenset(DUE - {"T-3"}))

    def migration(self) -> Pair:
        """T7: the clock is moved onto a version whose T-4 comes after 90 minutes."""
        ticket = self._ticket()
        clock = Clock.objects.get(ticket=ticket, kind="fault_handling")
        number = Policy.objects.get(key="fault_handling").current.n
        migrate_clocks(key="fault_handling", version_n=number, fire=[], actor=self.admin, at=AT)

        def moved() -> None:
            continue_moves(AT)
            assert not PolicyMove.objects.filter(state="running").exists()
            assert Clock.objects.values_list("version__n", flat=True).get(pk=clock.pk) == number
            live = Timer.objects.filter(clock=clock, state__in=["armed", "held"])
            assert set(live.values_list("rule__version__n", flat=True)) == {number}

        act = partial(continue_moves, AT)
        return Pair(name="migration", ticket=ticket, act=act, waits=RUNNING | {("T-4", 1): 90}, settled=moved)

    def twin(self) -> Pair:
        """T2: another engine."""
        return Pair(name="twin", ticket=self._ticket(), act=partial(fire_due, AT, engine_id="the other"), waits=RUNNING)

    def all(self) -> list[Callable[[], Pair]]:
        """Every pair; that which fires something before comes first."""
        return [self.acknowledgement, self.stop, self.suspension, self.resumption, self.migration, self.twin]
