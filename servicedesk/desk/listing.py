"""The queue: which tickets, in which order, from where on. Due next first; keyset pages, no counting past the page."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from ledger.actor import Actor
from servicedesk.desk.forms.base import choice, line, one_of
from servicedesk.web.forms import DeskFormMixin
from tickets import words
from tickets.models import Suspension, Ticket

PER_PAGE = 50
KEEP_SECONDS = 10
VIEWS: dict[str, Any] = {
    "due": _("Due next"),
    "mine": _("Mine"),
    "teams": _("My teams"),
    "unassigned": _("Not signed for"),
    "waiting": _("Waiting for approval"),
    "suspended": _("Suspended"),
    "closure": _("Confirm closure"),
    "all": _("All open"),
}
RELATED = ("organisation", "service", "owner", "team")


class FilterForm(DeskFormMixin, forms.Form):
    """What narrows the queue; everything may be empty."""

    q = line(_("Find"), required=False, limit=80)
    state = choice(_("State"), words.State.choices, required=False)
    priority = choice(_("Priority"), words.Priority.choices, required=False)
    kind = choice(_("Kind"), words.Kind.choices, required=False)
    category = choice(_("Category"), words.Category.choices, required=False)
    segment = choice(_("Segment"), Organisation.Segment.choices, required=False)
    region = line(_("Region"), required=False, limit=32)
    team = one_of(_("Team"), Team.objects.filter(active=True), required=False, empty="–")

    organisation = forms.UUIDField(label=_("Customer"), required=False, widget=forms.HiddenInput)

    def chosen(self) -> list[tuple[str, str, str]]:
        """Return (name, label, value in words) of every filter that narrows."""
        found = []
        for name, value in getattr(self, "cleaned_data", {}).items():
            if value and name != "q":
                shown = dict(getattr(self.fields[name], "choices", [])) if isinstance(value, str) else {}
                found.append((name, str(self.fields[name].label), str(shown.get(value, value))))
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue. `after` continues, "" = this is the last."""

    tickets: list[Ticket]
    after: str


def _views(actor: Actor) -> dict[str, tuple[tuple[str, ...], Q]]:
    """Return for each view the states it holds and what else narrows it."""
    at_work = (*words.UNVERIFIED, words.State.TRIAGE, *words.TIERS)
    mine = Q(team_id__in=actor.team_ids) | Q(team=None) | Q(owner_id=actor.user_id)
    everything = actor.has_role("supervisor", "duty_manager") or not actor.has_role("agent")
    asked = Suspension.objects.filter(state="requested").values("ticket_id")
    return {
        "due": (at_work, Q() if everything else mine),
        "mine": (words.OPEN, Q(owner_id=actor.user_id)),
        "teams": (words.OPEN, Q(team_id__in=actor.team_ids)),
        "unassigned": (words.TIERS, Q(signed_at=None)),
        "waiting": (words.OPEN, Q(pk__in=asked)),
        "suspended": ((words.State.SUSPENDED,), Q()),
        "closure": ((words.State.CLOSURE, words.State.SURVEY), Q()),
        "all": (words.OPEN, Q()),
    }


def base_of(view: str, actor: Actor) -> QuerySet[Ticket]:
    """Return the tickets of a view, unordered; an unknown view is "due".

    One condition on the state, never two: PostgreSQL multiplies their shares, expects a handful of rows and sorts all.
    """
    views = _views(actor)
    states, narrow = views.get(view, views["due"])
    return Ticket.objects.visible_to(actor).filter(narrow, state__in=states)


def counts_of(actor: Actor) -> dict[str, int]:
    """Return how many tickets stand in each view. 1 query, kept ten seconds for the reader."""
    key = f"queue-counts:{actor.ref}"
    found = cache.get(key)
    if found is None:
        rows = Ticket.objects.visible_to(actor).filter(state__in=words.OPEN)
        figures = {name: Count("pk", filter=Q(state__in=held) & q) for name, (held, q) in _views(actor).items()}
        found = rows.aggregate(**figures)
        cache.set(key, found, KEEP_SECONDS)
    return found


def narrowed(rows: QuerySet[Ticket], data: dict[str, Any]) -> QuerySet[Ticket]:
    """Apply the filters of a valid `FilterForm`. A number finds exactly, words find beginnings."""
    for name in ("state", "priority", "kind", "category", "team"):
        if data.get(name):
            rows = rows.filter(**{name: data[name]})
    for name in ("segment", "region"):
        if data.get(name):
            rows = rows.filter(**{f"organisation__{name}": data[name]})
    if data.get("organisation"):
        rows = rows.filter(organisation__uuid=data["organisation"])
    if text := data.get("q", ""):
        start = Q(title__istartswith=text) | Q(organisation__name__istartswith=text)
        rows = rows.filter(Q(number__iexact=text) | start | Q(service__service_id__istartswith=text))
    return rows


def page_of(rows: QuerySet[Ticket], after: str, limit: int = PER_PAGE) -> Page:
    """Return the page after the cursor: due soonest first, tickets without a due time last. 1 query (2 at the seam)."""
    rows = rows.select_related(*RELATED)
    due, key = _read(after)
    found: list[Ticket] = []
    if not after or due is not None:
        dated = rows.filter(next_due_at__isnull=False).order_by("next_due_at", "pk")
        if due is not None:
            dated = dated.filter(Q(next_due_at__gt=due) | Q(next_due_at=due, pk__gt=key))
        found = list(dated[: limit + 1])
    if len(found) <= limit:
        rest = rows.filter(next_due_at=None).order_by("pk")
        if after and due is None:
            rest = rest.filter(pk__gt=key)
        found += list(rest[: limit + 1 - len(found)])
    more = len(found) > limit
    return Page(found[:limit], _write(found[limit - 1]) if more else "")


def _write(ticket: Ticket) -> str:
    due = ticket.next_due_at.isoformat() if ticket.next_due_at else ""
    return base64.urlsafe_b64encode(json.dumps([due, ticket.number]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime | None, int]:
    """Return (due, key) of a cursor; a bad one begins anew."""
    if not cursor:
        return None, 0
    try:
        due, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = Ticket.objects.filter(number=str(number)).values_list("pk", flat=True).first() or 0
        return (datetime.fromisoformat(due) if due else None), key
    except (ValueError, TypeError, binascii.Error):
        return None, 0
