"""Planned work is written down and changed before anybody is asked (C-29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Service
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import planned
from tickets.commands.base import ref
from tickets.commands.maintenance_base import (
    compute_impact,
    judge_window,
    require_leader,
    require_planner,
    require_state,
    store_window,
    take_window,
    tell_window,
)
from tickets.models import Maintenance
from tickets.numbers import next_window_number
from tickets.text import clean_line, require_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is planned. `service_ids`: what is worked on; the impact is computed. `words`: what customers read.

    owner_id None = whoever plans it.
    """

    title: str
    words: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    service_ids: Sequence[int]
    kind: str = "cutover"
    way_back: str = ""
    down_minutes: int = 0
    international: bool = False
    owner_id: int | None = None


@transaction.atomic
def plan_maintenance(*, plan: Plan, actor: Actor, at: datetime) -> Maintenance:
    """Begin a draft and compute its impact over the service graph.

    Raises Refused: not_allowed, no_title, placeholder, bad_kind, bad_zone, bad_window, past_window, no_service,
    unknown_service, unknown_owner, too_long_down.
    """
    require_planner(actor)
    window = Maintenance(number=next_window_number(), created_at=at)
    services = _fill(window, plan, actor, at)
    window.save()
    window.services.set(services)
    compute_impact(window, at=at)
    judge_window(window, at=at)
    window.save()
    tell_window("maintenance.planned", window, actor=actor, at=at, **_facts(window))
    return window


@transaction.atomic
def change_maintenance(
    *, maintenance_id: int, plan: Plan, actor: Actor, at: datetime, version: int | None = None
) -> Maintenance:
    """Change a draft; the impact is computed anew, what was decided by hand stays. Raises as `plan_maintenance`."""
    window = take_window(maintenance_id, actor, version)
    require_leader(window, actor)
    require_state(window, Maintenance.State.DRAFT)
    services = _fill(window, plan, actor, at)
    window.services.set(services)
    compute_impact(window, at=at)
    judge_window(window, at=at)
    store_window(window)
    tell_window("maintenance.changed", window, actor=actor, at=at, **_facts(window))
    return window


def require_window(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Raise Refused unless the window lies ahead, ends after it starts and lasts no longer than two days."""
    if ends_at <= starts_at or ends_at - starts_at > planned.LONGEST:
        raise Refused("bad_window", _("A window ends after it starts, within two days."), "ends_at")
    if starts_at <= at:
        raise Refused("past_window", _("Choose a window that lies ahead."), "starts_at")


def _fill(window: Maintenance, plan: Plan, actor: Actor, at: datetime) -> list[Service]:
    """Set the fields of the window after judging each, and return the services worked on."""
    title = clean_line(plan.title)[:160]
    if not title:
        raise Refused("no_title", _("Say in a few words what is planned."), "title")
    if plan.kind not in Maintenance.Kind.values:
        raise Refused("bad_kind", _("Choose the kind of work from the list."), "kind")
    require_window(plan.starts_at, plan.ends_at, at)
    minutes = (plan.ends_at - plan.starts_at).total_seconds() / 60
    if not 0 <= plan.down_minutes <= minutes:
        raise Refused("too_long_down", _("The interruption cannot last longer than the window."), "down_minutes")
    window.kind, window.title, window.words = plan.kind, title, require_words(plan.words, "words")[:2000]
    window.starts_at, window.ends_at, window.time_zone = plan.starts_at, plan.ends_at, _zone(plan.time_zone)
    window.way_back, window.down_minutes = plan.way_back.strip()[:2000], plan.down_minutes
    window.international, window.owner = plan.international, _owner(plan.owner_id or actor.user_id)
    wanted = set(plan.service_ids)
    services = list(Service.objects.visible_to(actor).filter(pk__in=wanted))
    if not wanted:
        raise Refused("no_service", _("Choose at least one service that is worked on."), "services")
    if len(services) != len(wanted):
        raise Refused("unknown_service", _("We do not know one of these services. Check them."), "services")
    return services


def _zone(name: str) -> str:
    try:
        return str(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("bad_zone", _("Choose the time zone from the list."), "time_zone") from None


def _owner(user_id: int | None) -> User:
    found = User.objects.filter(pk=user_id or 0, kind=User.Kind.STAFF, is_active=True).first()
    if found is None:
        raise Refused("unknown_owner", _("Choose who leads the work."), "owner")
    return found


def _facts(window: Maintenance) -> dict:
    services = window.impacts.filter(left_out=False).count()
    return {
        "starts_at": window.starts_at, "ends_at": window.ends_at, "owner": ref(window.owner), "services": services,
        "international": window.international,
    }  # fmt: skip
