"""What every command on a problem does first and last (C-28)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record
from tickets.commands.base import tell
from tickets.models import Problem, ProblemTicket, Ticket

WORKERS = ("agent", "supervisor", "duty_manager")


def take_problem(problem_id: int, actor: Actor, version: int | None = None) -> Problem:
    """Lock and return the problem. Raises Refused("unknown_problem"), ("not_allowed") and ("stale") (decisions 19)."""
    rows = Problem.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=problem_id).first()
    if found is None:
        raise Refused("unknown_problem", _("We do not know that problem. Look at the list again."))
    require_worker(actor)
    if version is not None and version != found.version:
        message = _("Somebody changed this problem meanwhile. Look at the change, then do it again.")
        raise Refused("stale", message, version=found.version)
    return found


def require_worker(actor: Actor) -> None:
    """Raise Refused("not_allowed") unless `actor` may work on problems: agents, supervisors, duty managers."""
    if actor.kind == "system" or actor.is_staff and actor.has_role(*WORKERS):
        return
    if actor.kind == "integration" and "problems:write" in actor.scopes:
        return
    raise Refused("not_allowed", _("You may not change problems. Ask an agent or a supervisor."))


def require_live(problem: Problem) -> None:
    """Raise Refused("wrong_state") for a problem whose cause is gone."""
    if not problem.live:
        raise Refused("wrong_state", _("This problem is solved. Open a new one if the service fails again."))


def store_problem(problem: Problem) -> Problem:
    """Save the problem and move its version."""
    problem.version += 1
    problem.save()
    return problem


def tell_problem(
    name: str, problem: Problem, *, actor: Actor, at: datetime, texts: dict | None = None, **data: Any
) -> Entry:
    """Record one fact on the problem's chain."""
    return record(name, chain=problem.chain, actor=actor, at=at, texts=texts, about=problem, **data)


def link_to(problem: Problem, ticket: Ticket, *, by_rule: bool, actor: Actor, at: datetime) -> bool:
    """Write the link and the fact on the ticket's chain; return whether it was. One already linked stays there."""
    _row, made = ProblemTicket.objects.get_or_create(
        ticket=ticket, defaults={"problem": problem, "by_rule": by_rule, "at": at}
    )
    if made:
        tell("ticket.problem_linked", ticket, actor=actor, at=at, problem=problem.number, by_rule=by_rule)
    return made
