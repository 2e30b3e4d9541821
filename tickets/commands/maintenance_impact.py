"""What planned work touches, put right by hand with a reason (C-29)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalogue.models import Service
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import ref
from tickets.commands.maintenance_base import (
    compute_impact,
    judge_window,
    require_leader,
    require_state,
    store_window,
    take_window,
    tell_window,
)
from tickets.models import Maintenance, MaintenanceImpact
from tickets.text import require_reason

State = Maintenance.State


@transaction.atomic
def add_affected(
    *, maintenance_id: int, service_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Maintenance:
    """Add a service the graph does not know of, or take one back in; only in a draft.

    Raises Refused: unknown_service, affected_already, no_reason, placeholder.
    """
    window = _open(maintenance_id, actor, version)
    reason = require_reason(reason)
    service = Service.objects.visible_to(actor).filter(pk=service_id).first()
    if service is None:
        raise Refused("unknown_service", _("We do not know that service. Check its ID."), "service")
    row = window.impacts.filter(service=service).first()
    if row is not None and not row.left_out:
        raise Refused("affected_already", _("This service is on the list already."), "service")
    if row is None:
        row = MaintenanceImpact(maintenance=window, service=service, organisation_id=service.organisation_id,
                                cause=MaintenanceImpact.Cause.HAND)  # fmt: skip
    row.left_out, row.reason = False, reason
    row.save()
    return _kept(window, "maintenance.service_added", row, reason, actor, at)


@transaction.atomic
def leave_out(
    *, maintenance_id: int, impact_uuid: str, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Maintenance:
    """Take a service out that the work does not reach; only in a draft. Raises Refused("unknown_service")."""
    window = _open(maintenance_id, actor, version)
    reason = require_reason(reason)
    row = window.impacts.filter(uuid=impact_uuid, left_out=False).select_related("service").first()
    if row is None:
        raise Refused("unknown_service", _("This service is not on the list any more."), "service")
    row.left_out, row.reason = True, reason
    row.save(update_fields=["left_out", "reason"])
    return _kept(window, "maintenance.service_left_out", row, reason, actor, at)


@transaction.atomic
def recompute_impact(*, maintenance_id: int, actor: Actor, at: datetime, version: int | None = None) -> Maintenance:
    """Ask the service graph anew; only in a draft. What was decided by hand stays."""
    window = _open(maintenance_id, actor, version)
    compute_impact(window, at=at)
    judge_window(window, at=at)
    store_window(window)
    services = window.impacts.filter(left_out=False).count()
    tell_window("maintenance.impact_computed", window, actor=actor, at=at, services=services)
    return window


def _open(maintenance_id: int, actor: Actor, version: int | None) -> Maintenance:
    window = take_window(maintenance_id, actor, version)
    require_leader(window, actor)
    require_state(window, State.DRAFT)
    return window


def _kept(
    window: Maintenance, name: str, row: MaintenanceImpact, reason: str, actor: Actor, at: datetime
) -> Maintenance:
    judge_window(window, at=at)
    store_window(window)
    tell_window(name, window, actor=actor, at=at, texts={"reason": reason}, service=ref(row.service))
    return window
