"""File a report, begin a new version of a filed one, release it to the customer (C-21, C-24, C-26)."""

import hashlib
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import canonical
from quality.reports import checks, figures
from quality.reports.commands.base import (
    RELEASERS,
    require_draft,
    require_reportable,
    take_edition,
    tell,
)
from quality.reports.models import Edition
from quality.reports.recipients import queue
from tickets.commands.base import tell as tell_ticket
from tickets.models import Ticket, WorkItem
from tickets.text import require_reason

COPIED = ("title", "summary", "cause", "repair", "prevention", "confirmation", "internal", "effect_name",
          "effect_value", "began_at", "ended_at", "people", "measures")  # fmt: skip
HASHED = (*COPIED, "why", "number", "in_time", "through_seq", "figures")


@transaction.atomic
def file_report(
    *, edition_id: int, people_confirmed: bool, actor: Actor, at: datetime, version: int | None = None
) -> Edition:
    """Make the draft final: it meets R-1 / R-1D, and from now on the database refuses to change it.

    Every measure becomes a step of the ticket with its owner. Raises Refused("unknown_report"), ("not_your_ticket"),
    ("stale"), ("filed"), ("not_a_fault"), ("not_resolved"), ("other_run") for a run that was reopened since,
    ("participants") (C-24), ("placeholder") (C-21), ("no_times"), ("bad_times"), ("no_owner").
    """
    ticket, edition = take_edition(edition_id, actor, version)
    require_draft(edition)
    require_reportable(ticket)
    if edition.report.run_no != ticket.run_no:
        raise Refused("other_run", _("The fault was reopened since. Report on its present run."))
    for refusal in checks.missing(edition):
        raise refusal
    if people_confirmed is not True:
        message = _("Look through the people who took part, complete the list, then confirm it.")
        raise Refused("participants", message, "people_confirmed")
    edition.measures = [_as_work(ticket, row, actor, at) for row in edition.measures]
    frozen = figures.freeze(ticket, edition, at=at)
    edition.figures, edition.in_time, edition.through_seq = frozen.as_json(), frozen.in_time, frozen.through_seq
    edition.filed_at, edition.filed_by_id, edition.changed_at = at, actor.user_id, at
    edition.version += 1
    edition.salt = secrets.token_hex(16)
    edition.sha256 = content_hash(edition)
    edition.save()
    facts = {"sha256": edition.sha256, "in_time": edition.in_time, "through": edition.through_seq}
    tell("report.filed", ticket, edition, actor=actor, at=at, **facts)
    return edition


@transaction.atomic
def amend_report(*, edition_id: int, reason: str, actor: Actor, at: datetime) -> Edition:
    """Begin the next version of a filed report, with its words; the filed one stays as it is.

    Raises Refused("unknown_report"), ("not_your_ticket"), ("not_filed"), ("not_newest") where a newer one exists,
    ("no_reason"), ("placeholder").
    """
    ticket, edition = take_edition(edition_id, actor)
    if not edition.filed:
        raise Refused("not_filed", _("This version is still a draft. Change it as it is."))
    newest = edition.report.editions.order_by("-number").first()
    if newest is not None and newest.pk != edition.pk:
        raise Refused("not_newest", _("A newer version has been begun already."))
    made = Edition.objects.create(
        report=edition.report, number=edition.number + 1, why=require_reason(reason)[:400],
        written_by_id=actor.user_id, created_at=at, changed_at=at, **{name: getattr(edition, name) for name in COPIED},
    )  # fmt: skip
    tell("report.amended", ticket, made, actor=actor, at=at)
    return made


@transaction.atomic
def release_report(*, edition_id: int, actor: Actor, at: datetime) -> Edition:
    """Show a filed version to the customer, without its internal words, once a second person has read it; the
    customer and everyone who took part get it by mail, as PDF (C-24, C-26).

    Repeated, it changes nothing. Raises Refused("unknown_report"), ("not_allowed") for whoever is no supervisor, duty
    manager or quality reviewer, ("same_person") for whoever filed it, ("not_filed").
    """
    ticket, edition = take_edition(edition_id, actor)
    if not edition.filed:
        raise Refused("not_filed", _("File the report first."))
    if not actor.has_role(*RELEASERS):
        raise Refused("not_allowed", _("A supervisor, a duty manager or a quality reviewer releases a report."))
    if actor.user_id is None or actor.user_id == edition.filed_by_id:
        raise Refused("same_person", _("Somebody else has to read it first. Ask a second person."))
    if edition.released_at is None:
        edition.released_at, edition.released_by_id = at, actor.user_id
        edition.save(update_fields=["released_at", "released_by"])
        entry = tell("report.released", ticket, edition, actor=actor, at=at, public=True)
        queue(entry, ticket, edition)
    return edition


def content_hash(edition: Edition) -> str:
    """Return the salted SHA-256 of all a filed version says, hex."""
    values = {name: getattr(edition, name) for name in HASHED}
    said = canonical({n: v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v for n, v in values.items()})
    return hashlib.sha256(f"{edition.salt}\n{said}".encode()).hexdigest()


def _as_work(ticket: Ticket, row: dict[str, str], actor: Actor, at: datetime) -> dict[str, str]:
    """Open the step of a measure, once: a later version keeps the step of the earlier one."""
    if row.get("item"):
        return row
    owner = User.objects.filter(uuid=row["owner"], is_active=True).first()
    if owner is None:
        raise Refused("no_owner", _("Give every measure an owner."), "measures")
    item = WorkItem.objects.create(
        ticket=ticket, source=WorkItem.Source.IMPROVEMENT, title=row["title"], owner_user=owner,
        due_at=_due(ticket, row.get("due_on")), created_at=at,
    )  # fmt: skip
    tell_ticket("work_item.added", ticket, actor=actor, at=at, item=str(item.uuid))
    return {**row, "item": str(item.uuid)}


def _due(ticket: Ticket, due_on: Any) -> datetime | None:
    """The end of that day where the customer is."""
    day = parse_date(due_on) if due_on else None
    if day is None:
        return None
    zone = ZoneInfo(ticket.organisation.time_zone if ticket.organisation else "UTC")
    return datetime.combine(day + timedelta(days=1), time(), zone)
