"""The portal's live fragments, rendered once per (fragment, permission scope, language, version) and kept in the cache.

Colleagues who may do the same share one rendering (decisions 11). Each reader's form tokens are put in at serving.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac

from escalation.models import Firing
from ledger.actor import Actor
from ledger.models import Entry
from servicedesk.portal.forms import fresh_key
from servicedesk.portal.reading import TicketPage
from servicedesk.web.htmx import VARIES_BY
from tickets.models import Ticket, WorkItem
from tickets.words import State

KEEP_SECONDS = 20
SLICE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands in a kept fragment where the reader's own tokens go; not to be guessed by who writes a note."""

    csrf: str
    once: str


def marks(tag: str) -> Marks:
    """Return the marks of one fragment."""
    return Marks(*(salted_hmac(f"portal.fragment.{name}", tag).hexdigest() for name in ("csrf", "once")))


def lists_scope(actor: Actor, view: str) -> tuple[Any, ...]:
    """Return what of the lists differs between colleagues: rights, own steps, own tickets. 3 queries."""
    visible = Ticket.objects.visible_to(actor)
    own = WorkItem.objects.filter(owner_contact_id=actor.contact_id, state="open", public=True, ticket__in=visible)
    return (
        sorted(actor.organisation_ids or ()),
        sorted(actor.authorities),
        sorted(visible.filter(Q(restricted=True) | Q(verified_at=None)).values_list("pk", flat=True)),
        sorted(own.values_list("pk", flat=True)),
        visible.filter(reporter_id=actor.contact_id).count(),
        actor.contact_id if view == "mine" else None,
    )


def lists_version(at: datetime) -> tuple[Any, ...]:
    """Return what changes whenever a list could look different. 2 index look-ups."""
    newest = (Entry.objects.aggregate(n=Max("pk"))["n"], Firing.objects.aggregate(n=Max("fired_at"))["n"])
    return *newest, int(at.timestamp()) // SLICE_SECONDS


def ticket_scope(page: TicketPage, piece: str) -> tuple[Any, ...]:
    """Return what of a piece differs between colleagues who may see the ticket. At most 1 query."""
    own: Any = None
    if piece == "plan":
        items = page.ticket.work_items.filter(owner_contact_id=page.contact.pk, state="open", public=True)
        own = sorted(items.values_list("pk", flat=True))
    elif piece == "asks":
        own = page.survey.pk if page.survey else None
    elif piece == "now":
        own = page.ticket.state == State.TRIAGE and page.ticket.reporter_id == page.contact.pk
    return page.ticket.pk, page.contact.organisation_id, sorted(page.actor.authorities), own


def ticket_version(ticket: Ticket, at: datetime) -> tuple[Any, ...]:
    """Return what changes whenever a ticket could look different to its customer. 2 index look-ups."""
    newest = (
        ticket.version,
        Entry.objects.filter(chain=ticket.chain).aggregate(n=Max("seq"))["n"],
        Firing.objects.filter(clock__ticket=ticket).aggregate(n=Max("fired_at"))["n"],
        ticket.next_due_at is not None and ticket.next_due_at <= at,
    )
    return *newest, int(at.timestamp()) // SLICE_SECONDS


def serve(
    request: HttpRequest, template: str, parts: tuple[Any, ...], context: Callable[[str], dict[str, Any]]
) -> HttpResponse:
    """Answer a live fragment from the cache where it has been drawn already; 304 to a reader who has it.

    `parts` are scope and version; `context(once)` is asked only to draw, `once` standing for the forms' keys.
    """
    zone = timezone.get_current_timezone_name()
    told = (template, parts, translation.get_language(), zone, settings.OPERATOR_NAME, settings.OPERATOR_PHONE)
    tag = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    mark = marks(tag)
    if request.headers.get("If-None-Match") == f'"{tag}"':
        response = HttpResponse(status=304)
    else:
        html = cache.get(f"portal:{tag}")
        if html is None:
            drawn = {**context(mark.once), "csrf_token": mark.csrf}
            html = str(render_to_string(template, drawn, request=request))
            cache.set(f"portal:{tag}", html, KEEP_SECONDS)
        response = HttpResponse(_own(request, html, mark))
    response.headers["ETag"] = f'"{tag}"'
    patch_vary_headers(response, (*VARIES_BY, "Cookie", "Accept-Language"))
    return response


def _own(request: HttpRequest, html: str, mark: Marks) -> str:
    """Return the fragment with the reader's own tokens in its forms."""
    if mark.csrf in html:
        html = html.replace(mark.csrf, get_token(request))
    return re.sub(mark.once, lambda _each: fresh_key(), html)
