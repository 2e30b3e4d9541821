"""The board's live fragment, rendered once per (scope, filters, language, zone, version) and kept in the cache.

The version is what the rows say: newest ledger entries, firings and notifications, and the quarter of a minute. It is
the key of the cache and never leaves the desk: the ETag is a hash of what the reader sees, so that a change elsewhere
shows in nothing.
"""

import hashlib
import threading
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from escalation.board import board
from escalation.board_filters import Filters
from escalation.floor.read import floor
from escalation.models import Escalation
from ledger.actor import Actor
from servicedesk.supervisor import approvals, figures
from servicedesk.web.navigation import APPROVERS, LEADS
from tickets.access import DESK_ROLES

KEEP_SECONDS = 20
SLICE_SECONDS = 15
# Rows get their number before they are committed: the count tells of one that came late below the newest.
_NEWEST = """
SELECT e.n, (SELECT count(*) FROM ledger_entry WHERE id > e.n - 500), f.at,
  (SELECT count(*) FROM esc_firing WHERE fired_at > f.at - interval '2 seconds'),
  n.n, (SELECT count(*) FROM esc_notification WHERE id > n.n - 500)
FROM (SELECT max(id) AS n FROM ledger_entry) e, (SELECT max(fired_at) AS at FROM esc_firing) f,
  (SELECT max(id) AS n FROM esc_notification) n
"""
_stripes = [threading.Lock() for _n in range(16)]


def scope_of(actor: Actor) -> str:
    """Return the permission scope that decides what a reader sees; people alike share one fragment.

    Restricted lanes are for named people, so what of them the reader may see is part of the scope. 1 query.
    """
    restricted = Escalation.objects.visible_to(actor).filter(closed_at=None, ticket__restricted=True)
    parts = (
        actor.kind,
        bool(actor.roles.intersection(DESK_ROLES)),
        may_decide(actor),
        actor.company_wide,
        sorted(actor.regions),
        sorted(actor.team_ids) if actor.regions else [],
        sorted(actor.ladder_organisation_ids),
        sorted(restricted.values_list("pk", flat=True)),
    )
    return repr(parts)


def may_decide(actor: Actor) -> bool:
    """Whether the approvals page is this reader's."""
    return bool(actor.roles & (LEADS | APPROVERS))


def version_at(at: datetime) -> str:
    """Return what changes whenever the board could look different. 1 query, index look-ups."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        newest = cursor.fetchone()
    return f"{newest}:{int(at.timestamp()) // SLICE_SECONDS}"


def board_fragment(request: HttpRequest, filters: Filters, at: datetime, *, address: str) -> tuple[str, str]:
    """Return (HTML, ETag) of the board for the reader, from the cache where it has been drawn already.

    Readers of one scope who ask at once wait for the one that draws.
    """
    actor: Actor = request.actor
    sight = (scope_of(actor), repr(filters), address, translation.get_language(), timezone.get_current_timezone_name())
    key = f"board:{hashlib.sha256(repr((sight, version_at(at))).encode()).hexdigest()}"
    html = cache.get(key)
    if html is None:
        with _stripes[hash(sight) % len(_stripes)]:
            html = cache.get(key)
            if html is None:
                html = _draw(request, filters, at, address)
                cache.set(key, html, KEEP_SECONDS)
    return html, f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'


def _draw(request: HttpRequest, filters: Filters, at: datetime, address: str) -> str:
    actor: Actor = request.actor
    made, seen = board(actor, at=at, filters=filters), floor(actor, at=at, filters=filters)
    waiting = approvals.count(actor, filters) if may_decide(actor) else None
    context = {
        "board": made, "floor": seen, "figures": figures.row(made, seen), "approvals": waiting,
        "floor_figures": figures.floor_row(seen, waiting), "on_now": figures.on_now(at), "address": address,
        "warning": figures.engine_warning(at), "alarms": figures.alarms(made), "at": at,
    }  # fmt: skip
    return render_to_string("supervisor/board/_live.html", context, request=request)
