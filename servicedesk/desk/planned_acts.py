"""What may be done with planned work: its form, its words, the command it runs, and the states that allow it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import Service
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.forms import planned as shapes
from tickets.commands.maintenance_approve import request_maintenance
from tickets.commands.maintenance_base import require_leader, require_state
from tickets.commands.maintenance_impact import add_affected, leave_out, recompute_impact
from tickets.commands.maintenance_notice import send_notices
from tickets.commands.maintenance_run import (
    cancel_maintenance,
    extend_maintenance,
    finish_maintenance,
    move_maintenance,
    start_maintenance,
)
from tickets.models import Maintenance

State = Maintenance.State
BEFORE = (State.DRAFT, State.REQUESTED, State.APPROVED, State.NOTICED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One command on one window. `states` allow it; `said` is what the page says once it is done."""

    title: Any
    said: Any
    icon: str
    form: type[shapes.ConcurrentCommandForm]
    run: Callable[..., Maintenance]
    states: tuple[str, ...]
    primary: bool = False

    def off(self, window: Maintenance, actor: Actor) -> str:
        """Return why `actor` cannot do it now, "" where they can."""
        try:
            require_state(window, *self.states)
            require_leader(window, actor)
        except Refused as refusal:
            return str(refusal.message)
        return ""


def _affected(*, maintenance_id: int, service: str, actor: Actor, at: datetime, **more: Any) -> Maintenance:
    found = Service.objects.visible_to(actor).filter(service_id__iexact=service.strip()).values_list("pk", flat=True)
    return add_affected(maintenance_id=maintenance_id, service_id=found.first() or 0, actor=actor, at=at, **more)


def _left_out(*, impact: Any, **more: Any) -> Maintenance:
    return leave_out(impact_uuid=str(impact), **more)


ACTS: dict[str, Act] = {
    "request": Act(title=_("Ask for approval"), said=_("Approval asked for"), icon="signature", form=shapes.RequestForm,
                   run=request_maintenance, states=(State.DRAFT,), primary=True),
    "notice": Act(title=_("Tell the customers"), said=_("Customers are told"), icon="send", form=shapes.NoticeForm,
                  run=send_notices, states=(State.APPROVED,), primary=True),
    "start": Act(title=_("Start the work"), said=_("The work runs; pages are held back"), icon="player-play",
                 form=shapes.PlainForm, run=start_maintenance, states=(State.NOTICED,), primary=True),
    "finish": Act(title=_("Say how it ended"), said=_("Outcome sent"), icon="check", form=shapes.FinishForm,
                  run=finish_maintenance, states=(State.RUNNING,), primary=True),
    "extend": Act(title=_("Take longer"), said=_("Customers are told of the new end"), icon="clock",
                  form=shapes.ExtendForm, run=extend_maintenance, states=(State.RUNNING,)),
    "move": Act(title=_("Move"), said=_("Moved; approvals begin anew"), icon="calendar-event", form=shapes.MoveForm,
                run=move_maintenance, states=BEFORE),
    "cancel": Act(title=_("Cancel the work"), said=_("Cancelled"), icon="ban", form=shapes.ReasonForm,
                  run=cancel_maintenance, states=BEFORE),
    "add": Act(title=_("Add a service"), said=_("Service added"), icon="plus", form=shapes.AddForm, run=_affected,
               states=(State.DRAFT,)),
    "leave-out": Act(title=_("Take a service out"), said=_("Service taken out"), icon="x", form=shapes.LeaveOutForm,
                     run=_left_out, states=(State.DRAFT,)),
    "compute": Act(title=_("Compute anew"), said=_("Impact computed"), icon="refresh", form=shapes.PlainForm,
                   run=recompute_impact, states=(State.DRAFT,)),
}  # fmt: skip
