"""The board's live fragment, rendered once per (scope, filters, language, zone, version) and kept in the cache.

The version is what the rows say: newest ledger entry, firing and notification, and the quarter of a minute.
"""

import hashlib
from datetime import datetime

from django.core.cache import cache
from django.db.models import Max
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from escalation.board import Filters, board
from escalation.models import Escalation, Firing, Notification
from ledger.actor import Actor
from ledger.models import Entry
from servicedesk.supervisor import figures
from tickets.access import DESK_ROLES

KEEP_SECONDS = 20
SLICE_SECONDS = 15


def scope_of(actor: Actor) -> str:
    """Return the permission scope that decides which lanes a reader sees; people alike share one fragment.

    Restricted lanes are for named people, so what of them the reader may see is part of the scope. 1 query.
    """
    restricted = Escalation.objects.visible_to(actor).filter(closed_at=None, ticket__restricted=True)
    parts = (
        actor.kind,
        bool(actor.roles.intersection(DESK_ROLES)),
        actor.company_wide,
        sorted(actor.regions),
        sorted(actor.team_ids) if actor.regions else [],
        sorted(actor.ladder_organisation_ids),
        sorted(restricted.values_list("pk", flat=True)),
    )
    return repr(parts)


def version_at(at: datetime) -> str:
    """Return what changes whenever the board could look different. 3 index look-ups."""
    newest = (
        Entry.objects.aggregate(n=Max("pk"))["n"],
        Firing.objects.aggregate(n=Max("fired_at"))["n"],
        Notification.objects.aggregate(n=Max("pk"))["n"],
    )
    return f"{newest}:{int(at.timestamp()) // SLICE_SECONDS}"


def board_fragment(request: HttpRequest, filters: Filters, at: datetime, *, address: str) -> tuple[str, str]:
    """Return (HTML, ETag) of the board for the reader, from the cache where it has been drawn already."""
    parts = (
        scope_of(request.actor),
        repr(filters),
        address,
        translation.get_language(),
        timezone.get_current_timezone_name(),
        version_at(at),
    )
    tag = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    key = f"board:{tag}"
    html = cache.get(key)
    if html is None:
        made = board(request.actor, at=at, filters=filters)
        context = {"board": made, "figures": figures.row(made, at), "on_now": figures.on_now(at), "address": address,
                   "warning": figures.engine_warning(at), "at": at}  # fmt: skip
        html = render_to_string("supervisor/board/_live.html", context, request=request)
        cache.set(key, html, KEEP_SECONDS)
    return html, f'"{tag}"'
