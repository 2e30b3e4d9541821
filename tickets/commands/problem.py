"""A problem by hand: opened, its tickets linked and taken out, its owner (C-28)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Service
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import ref, take, tell
from tickets.commands.problem_base import (
    link_to,
    require_live,
    require_worker,
    store_problem,
    take_problem,
    tell_problem,
)
from tickets.models import Problem, ProblemTicket, Ticket
from tickets.numbers import next_problem_number
from tickets.text import clean_line, require_reason


@transaction.atomic
def open_problem(*, service_id: int, title: str, actor: Actor, at: datetime) -> Problem:
    """Open a problem on a service. One service has one problem whose cause is still there.

    Raises Refused: not_allowed, no_title, unknown_service, open_already (with its number).
    """
    require_worker(actor)
    title = clean_line(title)[:200]
    if not title:
        raise Refused("no_title", _("Say in a few words what fails again and again."), "title")
    service = (
        Service.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).filter(pk=service_id).first()
    )
    if service is None:
        raise Refused("unknown_service", _("We do not know that service. Check its ID."), "service")
    other = Problem.objects.filter(service=service, state__in=Problem.LIVE).first()
    if other is not None:
        message = _("%(number)s is open on this service. Link the ticket to it.") % {"number": other.number}
        raise Refused("open_already", message, "service", problem=other.number)
    owner_id = actor.user_id if actor.is_staff else None
    made = begin(service, title, owner_id=owner_id, at=at)
    tell_problem("problem.opened", made, actor=actor, at=at, service=ref(service), by_rule=False)
    return made


def begin(service: Service, title: str, *, at: datetime, owner_id: int | None = None, **more: object) -> Problem:
    """Create the row; no check, no fact. The service's row lock is held."""
    return Problem.objects.create(
        number=next_problem_number(), title=title[:200], service=service, organisation_id=service.organisation_id,
        owner_id=owner_id, opened_at=at, **more,
    )  # fmt: skip


@transaction.atomic
def link_ticket(*, problem_id: int, ticket_id: int, actor: Actor, at: datetime, version: int | None = None) -> Problem:
    """Link a ticket of the same customer by hand.

    Raises Refused: unknown_problem, unknown_ticket, wrong_state, another_customer, restricted, linked_already.
    """
    ticket = _verified(ticket_id, actor)
    problem = take_problem(problem_id, actor, version)
    require_live(problem)
    if ticket.organisation_id != problem.organisation_id:
        raise Refused("another_customer", _("This ticket belongs to another customer. Open a problem there."), "ticket")
    if ticket.restricted:
        raise Refused("restricted", _("A restricted ticket stays apart. Describe the cause without it."), "ticket")
    if ProblemTicket.objects.filter(ticket=ticket).exists():
        raise Refused(
            "linked_already", _("This ticket belongs to a problem already. Take it out there first."), "ticket"
        )
    link_to(problem, ticket, by_rule=False, actor=actor, at=at)
    store_problem(problem)
    tell_problem("problem.ticket_linked", problem, actor=actor, at=at, ticket=ticket.number, by_rule=False)
    return problem


@transaction.atomic
def unlink_ticket(
    *, problem_id: int, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Problem:
    """Take a ticket out that has another cause. Raises Refused: unknown_problem, unknown_ticket, no_reason."""
    ticket = _verified(ticket_id, actor)
    problem = take_problem(problem_id, actor, version)
    reason = require_reason(reason)
    gone, _rows = ProblemTicket.objects.filter(problem=problem, ticket=ticket).delete()
    if not gone:
        raise Refused("unknown_ticket", _("This ticket is not linked any more."), "ticket")
    store_problem(problem)
    tell("ticket.problem_unlinked", ticket, actor=actor, at=at, problem=problem.number, texts={"reason": reason})
    tell_problem("problem.ticket_unlinked", problem, actor=actor, at=at, ticket=ticket.number, texts={"reason": reason})
    return problem


@transaction.atomic
def own_problem(*, problem_id: int, owner_id: int, actor: Actor, at: datetime, version: int | None = None) -> Problem:
    """Say who looks for the cause. Raises Refused: unknown_problem, unknown_owner."""
    problem = take_problem(problem_id, actor, version)
    owner = User.objects.filter(pk=owner_id, kind=User.Kind.STAFF, is_active=True).first()
    if owner is None:
        raise Refused("unknown_owner", _("Choose a colleague from the list."), "owner")
    problem.owner = owner
    store_problem(problem)
    tell_problem("problem.owned", problem, actor=actor, at=at, owner=ref(owner))
    return problem


@transaction.atomic
def mark_workaround(
    *, problem_id: int, ticket_id: int, helped: str, actor: Actor, at: datetime, version: int | None = None
) -> Problem:
    """Say whether the workaround helped on one ticket. Raises Refused: unknown_problem, unknown_ticket, bad_answer."""
    ticket = _verified(ticket_id, actor)
    problem = take_problem(problem_id, actor, version)
    if helped not in ProblemTicket.Held.values:
        raise Refused("bad_answer", _("Choose whether it helped from the list."), "helped")
    if not ProblemTicket.objects.filter(problem=problem, ticket=ticket).update(workaround=helped):
        raise Refused("unknown_ticket", _("This ticket is not linked any more."), "ticket")
    store_problem(problem)
    tell_problem("problem.workaround_tried", problem, actor=actor, at=at, ticket=ticket.number, helped=helped)
    return problem


def _verified(ticket_id: int, actor: Actor) -> Ticket:
    """Lock and return the ticket. Raises Refused("unknown_ticket"), ("not_verified") before the gate (P-02)."""
    ticket = take(ticket_id, actor)
    lifecycle.require_verified(ticket, actor)
    return ticket
