"""What may be done with a problem: its form, its words, the command it runs, and the states that allow it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.forms import problem as shapes
from tickets.commands import problem, problem_solve
from tickets.commands.problem_base import require_worker
from tickets.models import Problem, Ticket

LIVE, SOLVED = Problem.LIVE, (Problem.State.SOLVED,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One command on one problem. `states` allow it; `said` is what the page says once it is done."""

    title: Any
    said: Any
    icon: str
    form: type[shapes.ConcurrentCommandForm]
    run: Callable[..., Problem]
    states: tuple[str, ...] = LIVE

    def allowed(self, row: Problem, actor: Actor) -> bool:
        """Whether `actor` can do it now."""
        try:
            require_worker(actor)
        except Refused:
            return False
        return row.state in self.states


def _on_ticket(command: Callable[..., Problem]) -> Callable[..., Problem]:
    """The command with a ticket named by its number; one the actor may not know of is as absent as any."""

    def run(*, ticket: str, actor: Actor, **more: Any) -> Problem:
        named = Ticket.objects.visible_to(actor).filter(number=ticket.strip().upper()).values_list("pk", flat=True)
        try:
            return command(ticket_id=named.first() or 0, actor=actor, **more)
        except Refused as refusal:
            raise Refused(refusal.code, refusal.message, _field(refusal), **refusal.details) from None

    return run


def _field(refusal: Refused) -> str | None:
    return "ticket" if refusal.code == "unknown_ticket" else refusal.field


def _owned(*, owner: Any, **more: Any) -> Problem:
    return problem.own_problem(owner_id=owner.pk, **more)


ACTS: dict[str, Act] = {
    "link": Act(title=_("Link a ticket"), said=_("Ticket linked"), icon="link", form=shapes.TicketForm,
                run=_on_ticket(problem.link_ticket)),
    "describe": Act(title=_("Describe the cause"), said=_("Saved"), icon="pencil", form=shapes.DescribeForm,
                    run=problem_solve.describe_problem),
    "solve": Act(title=_("Say that it is solved"), said=_("Solved; linked tickets are told"), icon="check",
                 form=shapes.SolveForm, run=problem_solve.solve_problem),
    "owner": Act(title=_("Choose the owner"), said=_("Owner chosen"), icon="user-check", form=shapes.OwnerForm,
                 run=_owned),
    "helped": Act(title=_("Say whether the workaround helped"), said=_("Saved"), icon="bandage", form=shapes.HelpedForm,
                  run=_on_ticket(problem.mark_workaround)),
    "unlink": Act(title=_("Take a ticket out"), said=_("Ticket taken out"), icon="x", form=shapes.UnlinkForm,
                  run=_on_ticket(problem.unlink_ticket), states=(*LIVE, *SOLVED)),
    "close": Act(title=_("Close the problem"), said=_("Problem closed"), icon="archive", form=shapes.PlainForm,
                 run=problem_solve.close_problem, states=SOLVED),
}  # fmt: skip
