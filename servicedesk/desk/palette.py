"""What the command palette offers: commands on the ticket at hand, places to go, and what is found for some words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.queries import find_customers
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.workspace import HEAD, MORE, Workspace
from servicedesk.web.navigation import LOG_CALL, groups, links
from tickets.models import Ticket
from tickets.queries_search import search_tickets

TICKETS, CUSTOMERS, PEOPLE = 6, 5, 4
KEYS = {"note": "n"}  # the composer's, which stands on the ticket's page
KINDS = {">": "commands", "#": "tickets", "@": "people"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One line. key  pressed on the page it belongs to where the page has it; else `url` is opened."""

    label: str
    icon: str
    url: str
    hint: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading. kind  commands, go, tickets or people."""

    kind: str
    title: str
    options: tuple[Option, ...]


def offered(ticket: Ticket | None, actor: Actor, at: datetime, path: str) -> list[Group]:
    """Return what needs no words: the commands allowed on the ticket at hand (none for None), and where one may go."""
    made = []
    if ticket is not None:
        title = _("On %(number)s") % {"number": ticket.number}
        made.append(Group("commands", title, tuple(_commands(ticket, actor, at))))
    go = [*links([LOG_CALL], roles=actor.roles, path=path),
          *(link for _title, found in groups(roles=actor.roles, path=path) for link in found)]  # fmt: skip
    made.append(Group("go", _("Go"), tuple(
        Option(label=str(link.label), icon=link.icon, url=link.url, key=link.key) for link in go
    )))  # fmt: skip
    return [group for group in made if group.options]


def _commands(ticket: Ticket, actor: Actor, at: datetime) -> Iterable[Option]:
    space = Workspace(ticket, actor, at)
    slugs = dict.fromkeys((*HEAD[ticket.state], "note", *MORE))
    for slug in slugs:
        button = space.buttons.get(slug)
        if button is not None and button.off is None and slug not in space.apart:
            url = reverse(f"desk:ticket-{slug}", args=[ticket.number])
            yield Option(
                label=str(button.form.title), icon=button.form.icon, url=url, key=KEYS.get(slug, button.form.key)
            )


def found_for(typed: str, actor: Actor, at: datetime) -> list[Group]:
    """Return tickets, customers and people for `typed`; "#" and "@" before it choose. At most 9 queries."""
    kind, words = KINDS.get(typed[:1], ""), typed.lstrip(">#@ ").strip()
    if len(words) < 2 or kind == "commands":
        return []
    made = []
    if kind != "tickets":
        made += _customers(words, actor) + (_colleagues(words, actor) if kind == "people" else [])
    if kind != "people":
        made += _tickets(words, actor, at)
    title = _("Found for “%(words)s”") % {"words": words}
    all_of = Option(label=_("Search everything for “%(words)s”") % {"words": words}, icon="search",
                    url=f"{reverse('desk:search')}?{urlencode({'q': words})}")  # fmt: skip
    return [Group("found", title, (*made, all_of))]


def _customers(words: str, actor: Actor) -> list[Option]:
    return [
        Option(
            label=f"{match.name} · {match.organisation}" if match.name else match.organisation,
            icon="user" if match.name else "building", hint=match.service or match.account_number,
            url=reverse("desk:customer", args=[match.organisation_uuid]),
        )
        for match in find_customers(words, actor, CUSTOMERS)
    ]  # fmt: skip


def _colleagues(words: str, actor: Actor) -> list[Option]:
    """Staff, by what they have in hand."""
    rows = User.objects.filter(kind="staff", is_active=True, name__icontains=words).order_by("name")
    search = reverse("desk:search")
    return [
        Option(label=name, icon="user-check", hint=_("their open tickets"),
               url=f"{search}?{urlencode({'q': f'is:open owner:{quoted(name)}'})}")
        for name in rows.values_list("name", flat=True)[:PEOPLE]
    ]  # fmt: skip


def quoted(name: str) -> str:
    """Return a name as one value of a filter."""
    return '"' + name.replace('"', "") + '"'


def _tickets(words: str, actor: Actor, at: datetime) -> list[Option]:
    digits = words.upper().removeprefix("SD-")
    rows: list[Any] = []
    if digits.isascii() and digits.isdigit() and len(digits) <= 9:
        rows = list(Ticket.objects.visible_to(actor).filter(number=f"SD-{int(digits):06d}"))
    try:
        page = search_tickets(words, actor, at, limit=TICKETS, excerpts=False)
        rows += [found.ticket for found in page.rows]
    except Refused:  # half a filter: the sentence stands on the page of the search
        pass
    return [
        Option(label=f"{row.number} {row.title}", icon="ticket", hint=f"{row.priority}, {row.get_state_display()}",
               url=reverse("desk:ticket", args=[row.number]))
        for row in rows[:TICKETS]
    ]  # fmt: skip
