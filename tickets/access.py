"""Who may learn of a ticket, and who may work on it (decisions 10)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import DESK_ROLES
from ledger.actor import Actor
from ledger.errors import Refused


def visible(actor: Actor, prefix: str = "") -> Q:
    """Return the condition on tickets (reached by `prefix`) under which `actor` may learn of them.

    Customers and bound tokens: their organisation, verified or their own report, never restricted unless reporter.
    Staff: their regions; ladder roles: their organisations; restricted tickets: need-to-know and the security lead.
    """

    def q(**conditions: object) -> Q:
        return Q(**{f"{prefix}{key}": value for key, value in conditions.items()})

    if actor.kind == "system":
        return q(pk__isnull=False)
    if actor.is_customer:
        own = q(organisation_id__in=actor.organisation_ids or frozenset())
        return own & (q(restricted=False, verified_at__isnull=False) | q(reporter_id=actor.contact_id))
    if actor.kind == "integration":
        scope = q(pk__isnull=False) if actor.organisation_ids is None else q(organisation_id__in=actor.organisation_ids)
        return scope if "tickets:restricted" in actor.scopes else scope & q(restricted=False)
    if not actor.is_staff:
        return q(pk__in=[])
    return _staff(actor, q)


def _staff(actor: Actor, q) -> Q:
    if actor.has_role(*DESK_ROLES) or actor.company_wide:
        scope = q(pk__isnull=False)
        if actor.regions and not actor.company_wide:
            scope = q(organisation__region__in=actor.regions) | q(organisation=None) | q(team_id__in=actor.team_ids)
            scope |= q(organisation_id__in=actor.ladder_organisation_ids)
    else:
        scope = q(organisation_id__in=actor.ladder_organisation_ids)
    if actor.has_role("security_lead"):
        return scope
    from tickets.models import Ticket

    named = Ticket.need_to_know.through.objects.filter(user_id=actor.user_id or 0).values("ticket_id")
    return scope & (q(restricted=False) | q(owner_id=actor.user_id) | q(pk__in=named))


def require_may_work(ticket, actor: Actor) -> None:
    """Raise Refused("not_your_ticket") unless `actor` may change this ticket.

    Agents: tickets of their own teams and those without a team. Supervisors, duty managers, components: all they see.
    """
    if actor.kind in {"system", "integration"} or actor.has_role("supervisor", "duty_manager"):
        return
    own = ticket.team_id is None or ticket.team_id in actor.team_ids or ticket.owner_id == actor.user_id
    if actor.is_staff and own and actor.has_role("agent", "security_lead"):
        return
    if actor.is_staff and _named(ticket, actor):
        return
    raise Refused("not_your_ticket", _("This ticket belongs to another team. Ask that team, or a supervisor, to act."))


def _named(ticket, actor: Actor) -> bool:
    """Whether `actor` is on the need-to-know list; read with the ticket where its page asks for every button."""
    if actor.user_id and getattr(ticket, "reader_id", None) == actor.user_id:
        return ticket.named
    return ticket.need_to_know.filter(pk=actor.user_id).exists()


def require_may_comment(ticket, actor: Actor) -> None:
    """Raise Refused("not_your_ticket") unless `actor` may work on the ticket, or stands on a ladder and may comment."""
    if actor.is_staff and (actor.company_wide or ticket.organisation_id in actor.ladder_organisation_ids):
        return
    if actor.has_role("quality_reviewer", "security_lead"):
        return
    require_may_work(ticket, actor)
