"""What is known of a cause, and that it is gone: linked tickets are told (C-28)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle, words
from tickets.commands.base import tell
from tickets.commands.note import add_note
from tickets.commands.problem_base import require_live, store_problem, take_problem, tell_problem
from tickets.models import Problem, Ticket
from tickets.text import require_words

CLOSING = 4000


@transaction.atomic
def describe_problem(
    *,
    problem_id: int,
    actor: Actor,
    at: datetime,
    root_cause: str = "",
    known_error: str = "",
    workaround: str = "",
    version: int | None = None,
) -> Problem:
    """Write down the cause, the known error and what helps meanwhile. A known error makes it one: agents see it, and
    the workaround, on every ticket of the service from then on; without it the cause is unknown again.

    Raises Refused: unknown_problem, wrong_state, placeholder, no_known_error (a workaround of nothing known).
    """
    problem = take_problem(problem_id, actor, version)
    require_live(problem)
    said = {"root_cause": root_cause, "known_error": known_error, "workaround": workaround}
    for name, text in said.items():
        setattr(problem, name, require_words(text, name)[:CLOSING] if text.strip() else "")
    if problem.workaround and not problem.known_error:
        raise Refused("no_known_error", _("Say first what fails: the known error."), "known_error")
    was, problem.state = problem.state, Problem.State.KNOWN if problem.known_error else Problem.State.OPEN
    if problem.state == Problem.State.KNOWN and problem.known_at is None:
        problem.known_at = at
    store_problem(problem)
    tell_problem(
        "problem.described", problem, actor=actor, at=at, state_from=was, state_to=problem.state,
        texts={name: getattr(problem, name) for name in said},
    )  # fmt: skip
    return problem


@transaction.atomic
def solve_problem(
    *, problem_id: int, solution: str, actor: Actor, at: datetime, tell_customers: bool = False,
    version: int | None = None,
) -> Problem:  # fmt: skip
    """Say that the cause is gone. Every linked ticket is told on its timeline, every owner in the inbox.

    tell_customers  open linked tickets also get a public note, in the customer's language, with the solution's words.
    Raises Refused: unknown_problem, wrong_state, no_cause (nobody wrote down what it was), placeholder.
    """
    first = Problem.objects.visible_to(actor).filter(pk=problem_id).values_list("pk", flat=True)
    tickets = _linked(first)
    problem = take_problem(problem_id, actor, version)
    require_live(problem)
    if not (problem.root_cause or problem.known_error):
        raise Refused("no_cause", _("Write down the cause first: what it was."))
    problem.solution = require_words(solution, "solution")[:CLOSING]
    problem.state, problem.solved_at = Problem.State.SOLVED, at
    store_problem(problem)
    told = [ticket.number for ticket in tickets if tell_customers and _tell_customer(ticket, problem, actor, at)]
    for ticket in tickets:
        tell("ticket.problem_solved", ticket, actor=actor, at=at, problem=problem.number)
    tell_problem(
        "problem.solved", problem, actor=actor, at=at, tickets=len(tickets), told=told,
        texts={"solution": problem.solution},
    )  # fmt: skip
    return problem


@transaction.atomic
def close_problem(*, problem_id: int, actor: Actor, at: datetime, version: int | None = None) -> Problem:
    """Close what has proved solved. Raises Refused: unknown_problem, wrong_state."""
    problem = take_problem(problem_id, actor, version)
    if problem.state != Problem.State.SOLVED:
        raise Refused("wrong_state", _("Only a solved problem is closed. Solve it first."))
    problem.state, problem.closed_at = Problem.State.CLOSED, at
    store_problem(problem)
    tell_problem("problem.closed", problem, actor=actor, at=at)
    return problem


def _linked(problem: Iterable[int]) -> list[Ticket]:
    """Lock the linked tickets, in the one order: tickets before what they belong to."""
    rows = Ticket.objects.filter(problem_link__problem__in=problem).select_related("organisation", "reporter")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _tell_customer(ticket: Ticket, problem: Problem, actor: Actor, at: datetime) -> bool:
    """Write the public note where the ticket takes one; return whether it did."""
    if ticket.restricted or ticket.state not in words.OPEN or lifecycle.why_not(ticket, "add_note", actor) is not None:
        return False
    language = ticket.reporter.language if ticket.reporter else getattr(ticket.organisation, "language", "en")
    with translation.override(language):
        body = gettext("We have found and removed the cause of this fault: %(solution)s") % {
            "solution": problem.solution
        }
    add_note(ticket_id=ticket.pk, body=body, public=True, actor=actor, at=at)
    return True
