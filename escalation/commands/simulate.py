"""Ask for a simulation, and work it out beside the desk. Nobody is contacted, nothing of the desk is changed."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from escalation.models import Policy, Simulation
from escalation.simulator import synthetic
from escalation.simulator.compare import Comparison, compare
from escalation.simulator.stored import BESIDE, SIMULATED, compare_stored, shape_named
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets.models import Ticket

log = logging.getLogger("escalation")
ROLES = ("supervisor", "duty_manager", "administrator")
LONGEST = timedelta(days=400)


@transaction.atomic
def request_simulation(
    *, policy_key: str, old: str, new: str, first: datetime | None = None, last: datetime | None = None,
    ticket_number: str = "", synthetic_name: str = "", actor: Actor, at: datetime,
) -> Simulation:  # fmt: skip
    """Keep what is asked: two versions ("current", "draft" or a number) over tickets of [first, last), over one
    ticket, or over made-up input.

    Raises Refused: not_allowed, unknown_policy, not_simulated, unknown_version, unknown_input, unknown_ticket,
    not_on_tickets, bad_times.
    """
    if actor.user_id is None or not may_simulate(actor):
        raise Refused("not_allowed", _("A supervisor, duty manager or administrator simulates policies."), status=403)
    policy = Policy.objects.select_related("current").filter(key=policy_key).first()
    if policy is None:
        raise Refused("unknown_policy", _("Choose a policy from the list."), field="policy")
    if policy.subject not in SIMULATED:
        raise Refused("not_simulated", _("The engine's own policies are not simulated."), field="policy")
    old, new = (_number(policy, which) for which in (old, new))
    shapes = [_shape(policy_key, which, field) for which, field in ((old, "old"), (new, "new"))]
    if ticket_number and policy.subject in BESIDE:
        raise Refused("not_on_tickets", _("These clocks run beside tickets. Choose a stretch of time."), field="ticket")
    source = _one(ticket_number, actor, at) if ticket_number else _source(first, last, synthetic_name)
    made = Simulation.objects.create(
        policy=policy, old_name=old, new_name=new, old_shape=shapes[0], new_shape=shapes[1],
        source=source, requested_by_id=actor.user_id, requested_at=at,
    )  # fmt: skip
    record(
        "simulation.requested", chain=f"simulation:{made.uuid}", actor=actor, at=at, policy=policy_key, old=old,
        new=new, source=made.source,
    )  # fmt: skip
    return made


def may_simulate(actor: Actor) -> bool:
    """Whether it may simulate: by role, or as an integration of no one customer whose token says "policies:write"."""
    token = actor.kind == "integration" and "policies:write" in actor.scopes and actor.organisation_ids is None
    return token or (actor.is_staff and actor.has_role(*ROLES))


def run_waiting(*, at: datetime) -> int:
    """Work out every simulation that waits, the oldest first; return how many this call took."""
    done = 0
    for pk in Simulation.objects.filter(state=Simulation.State.WAITING).order_by("pk").values_list("pk", flat=True):
        try:
            done += run_simulation(simulation_id=pk, at=at)
        except Exception:
            log.exception("simulation %s failed", pk)
    return done


def run_simulation(*, simulation_id: int, at: datetime) -> bool:
    """Work out a simulation that waits, and return whether this call did: one that runs or is done is left alone.

    Only tickets its requester may see are read; progress is written as it goes. A failure is kept as state "failed"
    and raised.
    """
    waiting = Simulation.objects.filter(pk=simulation_id, state=Simulation.State.WAITING)
    if not waiting.update(state=Simulation.State.RUNNING):
        return False
    made = Simulation.objects.select_related("requested_by").get(pk=simulation_id)
    began = time.perf_counter()
    try:
        found = _work_out(made, at)
    except Exception:
        Simulation.objects.filter(pk=made.pk).update(state=Simulation.State.FAILED)
        raise
    made.found, made.done, made.state = found.as_dict(), found.new.cases, Simulation.State.DONE
    made.took_ms = int((time.perf_counter() - began) * 1000)
    made.save(update_fields=["found", "done", "state", "took_ms"])
    return True


def _work_out(made: Simulation, at: datetime) -> Comparison:
    source: dict[str, Any] = made.source
    if name := source.get("synthetic"):
        cases = synthetic.made_up(name, made.new_shape["subject"], cases=source["cases"])
        rosters, calendars = synthetic.people(name), synthetic.calendars()
        return compare(made.old_shape, made.new_shape, cases, rosters=rosters, calendars=calendars)
    first, last = (datetime.fromisoformat(source[name]) for name in ("from", "to"))
    tickets = Ticket.objects.visible_to(actor_for(made.requested_by))
    if number := source.get("ticket"):
        tickets = tickets.filter(number=number)
    return compare_stored(
        made.old_shape, made.new_shape, first=first, last=min(last, at), progress=lambda n: _progress(made.pk, n),
        tickets=tickets,
    )  # fmt: skip


def _progress(pk: int, number: int) -> None:
    Simulation.objects.filter(pk=pk).update(done=number)


def _number(policy: Policy, which: str) -> str:
    """Name the version in force by its number, so that what was asked stays true after the next is published."""
    return str(policy.current.n) if which == "current" and policy.current else which


def _one(number: str, actor: Actor, at: datetime) -> dict[str, Any]:
    ticket = Ticket.objects.visible_to(actor).filter(number=number.strip().upper()).first()
    if ticket is None:
        raise Refused("unknown_ticket", _("There is no such ticket. Check the number."), field="ticket")
    return {"ticket": ticket.number, "from": ticket.received_at.isoformat(), "to": at.isoformat()}


def _shape(key: str, which: str, field: str) -> dict[str, Any]:
    shape = shape_named(key, which)
    if shape is None:
        raise Refused("unknown_version", _("There is no such version."), field=field)
    return shape


def _source(first: datetime | None, last: datetime | None, name: str) -> dict[str, Any]:
    if name:
        if name not in synthetic.ARRIVALS:
            raise Refused("unknown_input", _("Choose the input from the list."), field="source")
        return {"synthetic": name, "cases": 500}
    if first is None or last is None or last <= first or last - first > LONGEST:
        raise Refused("bad_times", _("Choose a stretch of at most 400 days, its start before its end."), field="first")
    return {"from": first.isoformat(), "to": last.isoformat()}
