"""Tickets that look the same, and the scope and priority proposed from what monitoring and other tickets say (V-09)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import Alert, Service
from ledger.actor import Actor
from tickets.models import Ticket
from tickets.priority import matrix
from tickets.words import OPEN

MOST = 5
MOST_SIGNS, MOST_OPEN = 500, 200
_STOP = "the a an and or of to in on at is are was for from with no not our we it since"
_COMMON = frozenset(_STOP.split(" "))


@dataclass(frozen=True, slots=True)
class Similar:
    """An open ticket that may be the same matter, and why."""

    number: str
    uuid: Any
    title: str
    priority: str
    state: str
    received_at: datetime
    why: str
    score: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What triage could answer, each with its reasons in words; the agent accepts or overrides with a reason.

    on_segment  open faults of other customers on the service's network segment: a number, never a name.
    """

    scope: str
    impact: str
    urgency: str
    priority: str
    critical: bool
    reasons: tuple[str, ...]
    on_segment: int = 0


def duplicates(
    service_id: int | None, organisation_id: int | None, words: str, actor: Actor, *, but: int | None = None
) -> list[Similar]:
    """Return up to 5 open tickets of the organisation on the same service, the same site or with the same words.

    but  id of the ticket itself, left out. 2 queries.
    """
    if organisation_id is None:
        return []
    service = Service.objects.filter(pk=service_id).first() if service_id else None
    return alike([t for t in open_of(organisation_id, actor) if t.pk != but], service, words)


def open_of(organisation_id: int, actor: Actor) -> list[Ticket]:
    """Return the newest open tickets of an organisation, at most MOST_OPEN, with their services. 1 query."""
    rows = Ticket.objects.visible_to(actor).filter(organisation_id=organisation_id, state__in=OPEN)
    return list(rows.select_related("service").order_by("-pk")[:MOST_OPEN])


def alike(tickets: Sequence[Ticket], service: Service | None, words: str) -> list[Similar]:
    """Return up to 5 of `tickets` on the same service, the same site or with the same words, with the reasons."""
    wanted, site_id = _words(words), service.site_id if service else None
    found = []
    for ticket in tickets:
        reasons, score = [], 0
        if service and ticket.service_id == service.pk:
            reasons, score = [_("same service")], 3
        elif site_id and ticket.service and ticket.service.site_id == site_id:
            reasons, score = [_("same site")], 2
        shared = wanted & _words(f"{ticket.title} {ticket.description} {ticket.problem_what} {ticket.problem_where}")
        if shared:
            reasons.append(_("same words: %(words)s") % {"words": ", ".join(sorted(shared)[:4])})
            score += len(shared)
        if score >= 2:
            found.append((score, ticket, "; ".join(reasons)))
    found.sort(key=lambda one: (-one[0], -one[1].pk))
    return [
        Similar(t.number, t.uuid, t.title, t.priority, t.get_state_display(), t.received_at, why, score)
        for score, t, why in found[:MOST]
    ]


def proposal(
    *, service_id: int | None, organisation_id: int | None, category: str, actor: Actor, but: int | None = None
) -> Proposal:
    """Propose scope, impact, urgency and priority from active alerts and open tickets on the service, its site and
    its network segment. Counts of other customers are used, never named. 4 queries.
    """
    own = Service.objects.visible_to(actor).filter(pk=service_id or 0, organisation_id=organisation_id or 0)
    service = own.first() if service_id else None
    if service is None:
        return Proposal("", "medium", "medium", matrix()["medium", "medium"], False, ())
    return proposal_for(service, category, matrix(), but=but)


def proposal_for(
    service: Service,
    category: str,
    cells: Mapping[tuple[str, str], str],
    *,
    noise: Sequence[Alert] | None = None,
    but: int | None = None,
) -> Proposal:
    """Propose for a service the reader may see; `cells` is the priority matrix. 2 queries.

    noise  what `noise_around` the service gave, read here where it is None.
    """
    about = _about(service)
    heard = noise_around(service.organisation_id, service) if noise is None else noise
    alerts = [_sign_of(alert) for alert in heard if _near(alert.service, service)]
    faults = Ticket.objects.filter(state__in=OPEN, kind="fault").exclude(pk=but or 0)
    elsewhere = Q(organisation_id=service.organisation_id, service__site__isnull=False)
    told = [_Sign(*row) for row in _signs(faults, about | elsewhere, Value(False))]
    same = [sign for sign in alerts if sign.service_id == service.pk]
    scope, reasons = _scope(service, alerts + told, told)
    if same:
        reasons.insert(0, _("Monitoring has an active alert on this service."))
    others = [sign for sign in told if service.segment and sign.segment == service.segment]
    found = _weigh(service, category, scope, any(sign.hits for sign in same), reasons, cells)
    return replace(found, on_segment=sum(sign.organisation_id != service.organisation_id for sign in others))


def noise_around(organisation_id: int, service: Service | None) -> list[Alert]:
    """Return active alerts of the organisation and on the service, its site or its segment, of whomever; newest first,
    at most MOST_SIGNS, with their services. 1 query."""
    about = Q(organisation_id=organisation_id)
    rows = Alert.objects.filter(about | _about(service) if service else about, cleared_at=None)
    return list(rows.select_related("service").order_by("-raised_at")[:MOST_SIGNS])


def _near(other: Service, service: Service) -> bool:
    """As `_about` asks the database."""
    at_site = service.site_id is not None and other.site_id == service.site_id
    return other.pk == service.pk or at_site or bool(service.segment and other.segment == service.segment)


def _sign_of(alert: Alert) -> "_Sign":
    on = alert.service
    return _Sign(on.pk, on.site_id, on.segment, alert.organisation_id, alert.traffic_affecting)


class _Sign(NamedTuple):
    """One active alert or open fault, as far as a proposal needs it."""

    service_id: int
    site_id: int | None
    segment: str
    organisation_id: int | None
    hits: bool


def _scope(service: Service, signs: list[_Sign], told: list[_Sign]) -> tuple[str, list[str]]:
    """Return how far it reaches and why: the widest that `signs` (alerts and faults) and `told` (faults) bear out."""
    scope, reasons = "single", []
    near = {s.service_id for s in signs if s.site_id == service.site_id} - {service.pk} if service.site_id else set()
    if near:
        scope, n = "location", len(near)
        words = ngettext("%(n)s other service at the site is affected.",
                         "%(n)s other services at the site are affected.", n)  # fmt: skip
        reasons.append(words % {"n": n})
    sites = {s.site_id for s in told if s.organisation_id == service.organisation_id and s.site_id}
    if sites - {service.site_id} and not near:
        scope = "multiple"
        reasons.append(_("Other sites of this customer report trouble too."))
    wide = {s.service_id for s in signs if service.segment and s.segment == service.segment}
    if len(wide) >= 3:
        scope = "network"
        reasons.append(_("%(n)s services on the same network segment are affected.") % {"n": len(wide)})
    return scope, reasons


def _about(service: Service) -> Q:
    """Whatever stands on the service, its site or its segment."""
    found = Q(service_id=service.pk)
    if service.site_id:
        found |= Q(service__site_id=service.site_id)
    return found | Q(service__segment=service.segment) if service.segment else found


def _signs(rows: Any, about: Q, hits: Any) -> Any:
    """Read at most `MOST_SIGNS` of them; more say nothing new. 1 query."""
    wanted = ("service_id", "service__site_id", "service__segment", "organisation_id")
    return rows.filter(about).annotate(hits=hits).values_list(*wanted, "hits")[:MOST_SIGNS]


def _weigh(
    service: Service, category: str, scope: str, hit: bool, reasons: list[str], cells: Mapping[tuple[str, str], str]
) -> Proposal:
    impact = {"network": "high", "location": "high", "multiple": "medium"}.get(scope, "medium")
    if service.criticality == 1:
        impact = "high"
        reasons.append(_("The service is of the highest criticality."))
    urgency = "high" if hit or category == "network_interruption" or service.state == "down" else "medium"
    if hit:
        reasons.append(_("Traffic is affected."))
    elif category == "network_interruption":
        reasons.append(_("An interruption is urgent."))
    critical = scope == "network" and hit
    priority = "P1" if critical else cells[impact, urgency]
    return Proposal(scope, impact, urgency, priority, critical, tuple(reasons))


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w{3,}", text.casefold()) if w not in _COMMON}
