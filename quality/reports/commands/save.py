"""Keep what was typed so far, and gather people anew. A draft may be unfinished: only filing asks for all of it."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Team, User
from ledger.actor import Actor
from ledger.errors import Refused
from quality.reports import checks, runs
from quality.reports import people as who
from quality.reports.commands.base import require_draft, take_edition, tell
from quality.reports.content import Content, Measure
from quality.reports.models import Edition
from quality.reports.people import Person
from tickets.models import Ticket
from tickets.text import clean_line

__all__ = ["Content", "Measure", "gather_people", "save_report"]

LINES = {"title": 200, "effect_name": 40, "effect_value": 20}


@transaction.atomic
def save_report(
    *, edition_id: int, content: Content, actor: Actor, at: datetime, version: int | None = None
) -> Edition:
    """Store the draft as it stands, however unfinished.

    Raises Refused("unknown_report"), ("not_your_ticket"), ("stale"), ("filed"), ("bad_text"), ("too_long"),
    ("too_many"), ("unknown_person").
    """
    ticket, edition = take_edition(edition_id, actor, version)
    require_draft(edition)
    changed = [name for name, value in _values(content, ticket, edition).items() if _set(edition, name, value)]
    if changed:
        _store(edition, actor, at)
        tell("report.saved", ticket, edition, actor=actor, at=at, parts=sorted(changed))
    return edition


@transaction.atomic
def gather_people(*, edition_id: int, actor: Actor, at: datetime, version: int | None = None) -> Edition:
    """Add whoever the records name by now and the draft does not list; nobody is taken off (C-24)."""
    ticket, edition = take_edition(edition_id, actor, version)
    require_draft(edition)
    since = runs.run_of(ticket, edition.report.run_no).since
    listed = who.merged(who.from_json(edition.people), who.gathered(ticket, since=since))
    if _set(edition, "people", [person.as_json() for person in listed]):
        _store(edition, actor, at)
        tell("report.saved", ticket, edition, actor=actor, at=at, parts=["people"])
    return edition


def _values(content: Content, ticket: Ticket, edition: Edition) -> dict[str, Any]:
    given = {f.name: getattr(content, f.name) for f in fields(content)}
    found = {name: value for name, value in given.items() if value is not None}
    for name, value in found.items():
        if isinstance(value, str):
            found[name] = _text(name, value)
    if content.people is not None:
        found["people"] = _people(content.people, ticket)
    if content.measures is not None:
        found["measures"] = _measures(content.measures, edition)
    return found


def _text(name: str, value: str) -> str:
    if "\x00" in value:
        raise Refused("bad_text", _("The text holds a character that cannot be stored. Remove it."), name)
    cleaned = clean_line(value) if name in LINES else value.strip()
    if len(cleaned) > LINES.get(name, checks.MOST_TEXT):
        raise Refused("too_long", _("The text is too long. Shorten it."), name)
    return cleaned


def _people(rows: Sequence[Person], ticket: Ticket) -> list[dict[str, str]]:
    if len(rows) > checks.MOST_PEOPLE:
        raise Refused("too_many", _("That is more than a report can list."), "people")
    kept = list({row.key: row for row in rows}.values())
    _require_known(kept, ticket)
    return [row.as_json() for row in kept]


def _require_known(rows: Sequence[Person], ticket: Ticket) -> None:
    """Contacts only of the ticket's customer, staff and teams of ours."""
    for kind, known in (
        ("user", User.objects.filter(kind="staff")), ("team", Team.objects.all()),
        ("contact", Contact.objects.filter(organisation=ticket.organisation)),
    ):  # fmt: skip
        ids = {getattr(row, kind) for row in rows if getattr(row, kind)}
        if ids and known.filter(uuid__in=ids).count() != len(ids):
            raise Refused("unknown_person", _("We do not know one of these people."), "people")


def _measures(rows: Sequence[Measure], edition: Edition) -> list[dict[str, str]]:
    opened = {row["item"] for row in edition.measures if row.get("item")}
    if len(rows) > checks.MOST_MEASURES:
        raise Refused("too_many", _("That is more than a report can list."), "measures")
    owners = {row.owner for row in rows if row.owner}
    if owners and User.objects.filter(uuid__in=owners, kind="staff", is_active=True).count() != len(owners):
        raise Refused("no_owner", _("Give every measure an owner."), "measures")
    made = (replace(row, title=clean_line(row.title)[:200]) for row in rows)
    return [(row if str(row.item) in opened else replace(row, item=None)).as_json() for row in made]


def _set(edition: Edition, name: str, value: Any) -> bool:
    if getattr(edition, name) == value:
        return False
    setattr(edition, name, value)
    return True


def _store(edition: Edition, actor: Actor, at: datetime) -> None:
    edition.version += 1
    edition.changed_at, edition.written_by_id = at, actor.user_id or edition.written_by_id
    edition.save()
