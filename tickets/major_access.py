"""Who may learn of a major incident, who leads it, who writes into its log (domain.md, "Who may do what")."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import DESK_ROLES
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.models import MajorIncident, MajorOrganisation, MajorRole

LEADS = ("supervisor", "duty_manager")


def visible(actor: Actor) -> Q:
    """Return the condition on incidents under which `actor` may learn of them.

    Customers and bound tokens: those that affect them. Staff: those of their regions, of everywhere, and those that
    affect a customer of theirs; whoever has a part in one.
    """
    if actor.kind == "system":
        return Q(pk__isnull=False)
    if actor.is_customer or actor.kind == "integration":
        if actor.organisation_ids is None:
            return Q(pk__isnull=False) if actor.kind == "integration" else Q(pk__in=[])
        return Q(pk__in=_affecting(organisation_id__in=actor.organisation_ids))
    if not actor.is_staff:
        return Q(pk__in=[])
    if actor.company_wide or (actor.has_role(*DESK_ROLES) and not actor.regions):
        return Q(pk__isnull=False)
    parts = MajorRole.objects.filter(user_id=actor.user_id or 0, left_at=None)
    mine = Q(commander_id=actor.user_id) | Q(pk__in=parts.values("incident_id"))
    mine |= Q(pk__in=_affecting(organisation_id__in=actor.ladder_organisation_ids))
    if actor.has_role(*DESK_ROLES):
        mine |= Q(region="") | Q(region__in=actor.regions)
        mine |= Q(pk__in=_affecting(organisation__region__in=actor.regions))
    return mine


def require_may_declare(actor: Actor, *, from_ticket: bool) -> None:
    """Raise Refused("not_allowed") unless `actor` may declare: supervisors and duty managers; agents from a ticket."""
    if actor.kind == "system" or (actor.is_staff and actor.has_role(*LEADS)):
        return
    if actor.is_staff and from_ticket and actor.has_role("agent"):
        return
    raise Refused("not_allowed", _("A supervisor or the duty manager declares a major incident. Call one of them."))


def require_leads(incident: MajorIncident, actor: Actor, *parts: str) -> None:
    """Raise Refused("not_leading") unless `actor` leads: supervisor or duty manager of its region, commander, or one
    with one of `parts`."""
    in_region = not actor.regions or incident.region in ("", *actor.regions)
    if actor.kind == "system" or (actor.is_staff and actor.has_role(*LEADS) and in_region):
        return
    if actor.is_staff and actor.user_id is not None:
        if incident.commander_id == actor.user_id:
            return
        if parts and incident.roles.filter(user_id=actor.user_id, left_at=None, part__in=parts).exists():
            return
    raise Refused("not_leading", _("The commander or a supervisor does this. Ask one of them."))


def _affecting(**conditions: object):
    return MajorOrganisation.objects.filter(removed_at=None, **conditions).values("incident_id")
