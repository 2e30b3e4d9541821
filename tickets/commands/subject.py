"""What a ticket is about: service, site, scope, kind and category, restriction."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import Service, Site
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.models import Ticket
from tickets.text import clean_line, is_placeholder

SERVICE_KINDS = ("fault", "security", "problem")


def require_classified(kind: str, category: str, impact: str, urgency: str) -> None:
    """Raise Refused("unclassified") naming the field that is missing or not of the list (C-13)."""
    for field, value, known in (
        ("kind", kind, words.Kind), ("category", category, words.Category),
        ("impact", impact, words.Level), ("urgency", urgency, words.Level),
    ):  # fmt: skip
        if value not in known.values:
            raise Refused("unclassified", _("Classify and prioritise the ticket before it leaves triage."), field)


def set_subject(ticket: Ticket, answers: Any, *, actor: Actor) -> None:
    """Set service or the reason for none, site, scope and also-affected services; all of the ticket's organisation.

    Raises Refused("no_service"), ("unknown_service"), ("unknown_site"), ("no_scope"), ("bad_scope").
    """
    reason = clean_line(answers.no_service_reason)[:200]
    needs_one = answers.kind in SERVICE_KINDS
    if answers.service_id is None and needs_one and is_placeholder(reason):
        message = _("Choose a service of this customer, or say why there is none.")
        raise Refused("no_service", message, "service_id")
    if answers.scope not in {"", *words.Scope.values}:
        raise Refused("bad_scope", _("Choose the scope from the list."), "scope")
    if str(answers.category).startswith("network") and not answers.scope:
        raise Refused("no_scope", _("Say how far the network trouble reaches."), "scope")
    customer = ticket.organisation_id or 0
    own = Service.objects.filter(organisation_id=customer)
    wanted = {pk for pk in (answers.service_id, *answers.also_affected) if pk is not None}
    if own.filter(pk__in=wanted).count() != len(wanted):
        raise Refused("unknown_service", _("This customer has no such service. Choose one of its own."), "service_id")
    site = answers.site_id
    if site is not None and not Site.objects.filter(pk=site, organisation_id=customer).exists():
        raise Refused("unknown_site", _("This customer has no such site. Choose one of its own."), "site_id")
    ticket.service_id, ticket.site_id, ticket.scope = answers.service_id, site, answers.scope
    ticket.no_service_reason = "" if answers.service_id else reason
    ticket.also_affected.set(wanted - {answers.service_id})


def set_restricted(ticket: Ticket, wanted: bool | None, *, actor: Actor) -> None:
    """Restrict by need-to-know: as wanted, or because the matter is security (V-11). Whoever restricts, knows.

    Only the security lead lifts a restriction: Refused("restricted_stays") for others.
    """
    security = ticket.kind == words.Kind.SECURITY or ticket.category == words.Category.SECURITY
    if wanted is False and ticket.restricted and not (actor.has_role("security_lead") or actor.kind == "system"):
        raise Refused(
            "restricted_stays", _("Only the security lead lifts a restriction. Ask for it with a note."), "restricted"
        )
    ticket.restricted = ticket.restricted or security if wanted is None else wanted
    if ticket.restricted and actor.is_staff and actor.user_id is not None:
        ticket.need_to_know.add(actor.user_id)
