"""Whom a major incident affects: computed over the service graph, edited by people with a reason (V-19)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Service
from catalogue.queries import downstream_of
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import ref
from tickets.commands.major_base import fresh_major, require_state, store_major, take_major, tell_major
from tickets.major_access import require_leads
from tickets.models import MajorIncident, MajorOrganisation, MajorService, Ticket
from tickets.text import require_reason

OPEN_STATES = ("declared", "restored", "review")
SHARE = "customers"


@transaction.atomic
def add_service(*, incident_id: int, service_id: int, reason: str, actor: Actor, at: datetime) -> MajorIncident:
    """Add one failed service, and all that hangs below it, by hand. Additive: no version.

    Raises Refused("unknown_service"), ("no_reason"), ("not_leading"), ("wrong_state").
    """
    incident = _taken(incident_id, actor)
    service = Service.objects.visible_to(actor).filter(pk=service_id).first()
    if service is None:
        raise Refused("unknown_service", _("We do not know that service. Choose another."), "service")
    reason = require_reason(reason)
    organisations, services = compute(incident, [service.pk], at=at, by_hand=True, reason=reason)
    return _told("major.impact_added", incident, reason, actor, at, service=service.service_id,
                 customers=organisations, services=services)  # fmt: skip


@transaction.atomic
def add_organisation(
    *, incident_id: int, organisation_id: int, reason: str, actor: Actor, at: datetime
) -> MajorIncident:
    """Add one customer by hand, whatever its services. Raises Refused("unknown_organisation"), ("no_reason")."""
    incident = _taken(incident_id, actor)
    found = Organisation.objects.visible_to(actor).filter(pk=organisation_id).first()
    if found is None:
        raise Refused("unknown_organisation", _("We do not know that customer. Choose another."), "organisation")
    reason = require_reason(reason)
    affect(incident, [found.pk], at=at, by_hand=True, reason=reason)
    return _told("major.impact_added", incident, reason, actor, at, organisation=ref(found), customers=1, services=0)


@transaction.atomic
def remove_organisation(
    *, incident_id: int, organisation_id: int, reason: str, actor: Actor, at: datetime
) -> MajorIncident:
    """Take one customer and its services out: it hears no more of it. What was sent stays sent.

    Raises Refused("not_affected"), ("has_children") while tickets of it are attached, ("no_reason").
    """
    incident = _taken(incident_id, actor)
    row = incident.organisations.filter(organisation_id=organisation_id, removed_at=None).first()
    if row is None:
        raise Refused("not_affected", _("That customer is not among those affected. Look again."), "organisation")
    if incident.children.filter(detached_at=None, ticket__organisation_id=organisation_id).exists():
        raise Refused("has_children", _("Tickets of that customer are attached. Detach them first."), "organisation")
    reason = require_reason(reason)
    row.removed_at, row.reason = at, reason[:400]
    row.save()
    incident.services.filter(organisation_id=organisation_id, removed_at=None).update(
        removed_at=at, reason=reason[:400]
    )
    return _told("major.impact_removed", incident, reason, actor, at, organisation=ref(row.organisation))


@transaction.atomic
def recompute_impact(*, incident_id: int, actor: Actor, at: datetime) -> MajorIncident:
    """Walk the service graph again from what failed; customers taken out by hand stay out."""
    incident = _taken(incident_id, actor)
    roots = incident.services.filter(root=True, removed_at=None).values_list("service_id", flat=True)
    organisations, services = compute(incident, list(roots), at=at)
    return _told("major.impact_computed", incident, "", actor, at, customers=organisations, services=services)


def compute(
    incident: MajorIncident, roots: Iterable[int], *, at: datetime, also: Ticket | None = None, by_hand: bool = False,
    reason: str = "",
) -> tuple[int, int]:  # fmt: skip
    """Write down every service below `roots` and whose they are; return how many (customers, services) are new.

    also  the ticket it was declared from: its customer is affected whatever its service. 4 queries.
    """
    roots = set(roots)
    known = set(incident.services.values_list("service_id", flat=True))
    below = Service.objects.filter(pk__in=downstream_of(roots) - known) if roots else Service.objects.none()
    made = [
        MajorService(
            incident=incident, service=service, organisation_id=service.organisation_id, root=service.pk in roots,
            by_hand=by_hand, reason=reason[:400], added_at=at,
        )
        for service in below
    ]  # fmt: skip
    MajorService.objects.bulk_create(made)
    organisations = {row.organisation_id for row in made}
    if also is not None and also.organisation_id:
        organisations.add(also.organisation_id)
    incident.computed_at = at
    incident.save(update_fields=["computed_at"])
    return affect(incident, organisations, at=at, by_hand=by_hand, reason=reason), len(made)


def affect(
    incident: MajorIncident, organisation_ids: Iterable[int], *, at: datetime, by_hand: bool = False, reason: str = ""
) -> int:
    """Name customers as affected and return how many are new; one taken out comes back only by hand. 2 queries."""
    wanted = set(organisation_ids)
    if by_hand:
        again = incident.organisations.filter(organisation_id__in=wanted, removed_at__isnull=False)
        again.update(removed_at=None, by_hand=True, reason=reason[:400])
    known = set(incident.organisations.values_list("organisation_id", flat=True))
    rows = [
        MajorOrganisation(incident=incident, organisation_id=pk, by_hand=by_hand, reason=reason[:400], added_at=at)
        for pk in sorted(wanted - known)
    ]
    return len(MajorOrganisation.objects.bulk_create(rows))


def _taken(incident_id: int, actor: Actor) -> MajorIncident:
    incident = take_major(incident_id, actor)
    require_leads(incident, actor, SHARE)
    require_state(incident, *OPEN_STATES)
    return incident


def _told(name: str, incident: MajorIncident, reason: str, actor: Actor, at: datetime, **data: object) -> MajorIncident:
    store_major(incident)
    tell_major(name, incident, actor=actor, at=at, texts={"reason": reason}, **data)
    return fresh_major(incident)
