"""What every command of planned work does first and last: lock it, judge who acts, save it, write the fact (C-29)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.hours import WorkingHours
from catalogue.models import Service
from catalogue.peak import hours_at_work
from catalogue.queries import downstream_of
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record
from tickets import planned
from tickets.models import Maintenance, MaintenanceImpact, NoticeLead

PLANNERS = ("agent", "supervisor", "duty_manager")
LEADS = ("supervisor", "duty_manager")


def take_window(maintenance_id: int, actor: Actor, version: int | None = None) -> Maintenance:
    """Lock and return the window. Raises Refused("unknown_window") and ("stale", version=current) (decisions 19)."""
    rows = Maintenance.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=maintenance_id).first()
    if found is None or actor.is_customer or actor.organisation_ids is not None:
        raise Refused("unknown_window", _("We do not know that planned work. Look at the list again."))
    if version is not None and version != found.version:
        message = _("Somebody changed this planned work meanwhile. Look at the change, then do it again.")
        raise Refused("stale", message, version=found.version)
    return found


def require_state(window: Maintenance, *states: str) -> None:
    """Raise Refused("wrong_state") unless the window is in one of `states`."""
    if window.state not in states:
        message = _("Planned work in “%(state)s” does not allow that. Look at what comes next.")
        raise Refused("wrong_state", message % {"state": window.get_state_display()}, state=window.state)


def require_planner(actor: Actor) -> None:
    """Raise Refused("not_allowed") unless `actor` may plan work: an agent, a supervisor, a duty manager."""
    if actor.kind == "system" or actor.is_staff and actor.has_role(*PLANNERS):
        return
    if actor.kind == "integration" and "maintenance:write" in actor.scopes:
        return
    raise Refused("not_allowed", _("You may not plan work. Ask an agent or a supervisor."))


def require_leader(window: Maintenance, actor: Actor) -> None:
    """Raise Refused("not_allowed") unless `actor` owns the window, asked for it, or leads the floor."""
    if actor.kind == "integration":
        require_planner(actor)
        return
    if actor.kind == "system" or actor.has_role(*LEADS):
        return
    if actor.user_id is None or actor.user_id not in {window.owner_id, window.requested_by_id}:
        raise Refused("not_allowed", _("This planned work is led by its owner. Ask the owner or a supervisor."))


def store_window(window: Maintenance) -> Maintenance:
    """Save the window and move its version."""
    window.version += 1
    window.save()
    return window


def tell_window(
    name: str, window: Maintenance, *, actor: Actor, at: datetime, texts: dict | None = None, **data: Any
) -> Entry:
    """Record one fact on the window's chain; reactions get the window."""
    return record(name, chain=window.chain, actor=actor, at=at, texts=texts, about=window, **data)


def compute_impact(window: Maintenance, *, at: datetime) -> None:
    """Write anew what the window touches, over the service graph; what was decided by hand stays. 5 queries.

    A service computed earlier and no longer below the work leaves the list, unless its customer was told.
    """
    roots = set(window.services.values_list("pk", flat=True))
    below = downstream_of(roots)
    known = {row.service_id: row for row in window.impacts.all()}
    gone = [
        row.pk
        for key, row in known.items()
        if key not in below and row.cause != MaintenanceImpact.Cause.HAND and row.told_at is None
    ]
    MaintenanceImpact.objects.filter(pk__in=gone).delete()
    missing = Service.objects.filter(pk__in=below - known.keys()).values_list("pk", "organisation_id")
    MaintenanceImpact.objects.bulk_create(
        MaintenanceImpact(
            maintenance=window, service_id=key, organisation_id=organisation_id,
            cause=MaintenanceImpact.Cause.DIRECT if key in roots else MaintenanceImpact.Cause.UPSTREAM,
        )
        for key, organisation_id in missing
    )  # fmt: skip
    window.impact_at = at


def touched(window: Maintenance) -> list[Organisation]:
    """Return the customers the window touches, by name. 1 query."""
    rows = window.impacts.filter(left_out=False).values("organisation_id")
    return list(Organisation.objects.filter(pk__in=rows).order_by("name"))


def hours_and_leads(
    organisations: Sequence[Organisation], at: datetime
) -> list[tuple[Organisation, WorkingHours, int]]:
    """Return each customer with its working hours and its lead time in working days. 4 queries at most."""
    hours = hours_at_work(organisations, at)
    leads = dict(NoticeLead.objects.values_list("segment", "working_days"))
    return [(each, hours[each.pk], planned.lead_of(each.segment, leads)) for each in organisations]


def judge_window(window: Maintenance, *, at: datetime) -> None:
    """Set `off_peak` and `notice_by` from the customers touched (V-21). 5 queries at most."""
    rows = hours_and_leads(touched(window), at)
    window.off_peak = not planned.on_peak(window.starts_at, window.ends_at, [hours for _each, hours, _days in rows])
    window.notice_by = min(
        (planned.notice_by(window.starts_at, days, hours) for _each, hours, days in rows), default=None
    )
