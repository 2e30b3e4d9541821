"""Problems as others meet them: around a call, at triage, on a ticket (C-28)."""

from collections.abc import Collection

from ledger.actor import Actor
from tickets.models import Problem


def known_on(service_ids: Collection[int], actor: Actor) -> list[Problem]:
    """Return the problems of these services whose cause is still there, known errors first. 1 query, 0 for none."""
    if not service_ids:
        return []
    rows = Problem.objects.visible_to(actor).filter(service_id__in=service_ids, state__in=Problem.LIVE)
    return list(rows.select_related("service").order_by("state", "-pk")[:5])
