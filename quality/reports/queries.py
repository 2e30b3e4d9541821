"""What pages read of fault reports: one version whole, for us or for the customer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _t

from accounts.models import User
from ledger.actor import Actor
from quality.reports import figures, people, runs
from quality.reports.figures import Figures
from quality.reports.models import Edition
from tickets.models import Participant, Suspension, Ticket, WorkItem

SHOWN = 160
FULL = ("report__ticket__organisation", "report__ticket__reporter", "report__ticket__service",
        "report__ticket__site", "report__ticket__verification", "written_by", "filed_by", "released_by")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """One line of "what happened". record: number of the fact in the ledger."""

    at: datetime
    text: str
    who: str
    record: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureRow:
    """One measure with the state of its step now: open, done, skipped, or "" while it is no step yet."""

    title: str
    owner: str
    due_on: date | None
    state: str
    done_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """One version for one kind of reader. parts: part in words → people in words; inside: with internal words."""

    edition: Edition
    ticket: Ticket
    inside: bool
    figures: Figures
    events: tuple[EventRow, ...]
    pauses: tuple[Suspension, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    measures: tuple[MeasureRow, ...]

    @property
    def interrupted(self) -> timedelta | None:
        """How long it lasted, None where nobody said."""
        began, ended = self.edition.began_at, self.edition.ended_at
        return ended - began if began and ended else None


def editions() -> Any:
    """Return editions with everything a page of one names; narrow with `visible_to` first."""
    return Edition.objects.select_related(*FULL)


def released(ticket: Ticket, actor: Actor) -> Edition | None:
    """Return the newest version of a ticket's report that its customer may read, None without one. 1 query."""
    rows: Any = editions().visible_to(actor).filter(report__ticket=ticket, released_at__isnull=False)
    found: Edition | None = rows.order_by("-report__run_no", "-number").first()
    return found


def report_view(edition: Edition, *, inside: bool) -> ReportView:
    """Return one version as it is read. inside False: public facts and words only. About 20 queries."""
    ticket = edition.report.ticket
    run = runs.run_of(ticket, edition.report.run_no, through=edition.through_seq)
    return ReportView(
        edition=edition, ticket=ticket, inside=inside, figures=figures.of(edition, ticket),
        events=tuple(_event(item, plain=not inside) for item in runs.events(ticket, run, inside=inside)),
        pauses=tuple(runs.pauses(ticket, run)), parts=_parts(edition, inside=inside), measures=_measures(edition),
    )  # fmt: skip


def _event(item: Any, *, plain: bool) -> EventRow:
    text = str(item.label)
    words = item.body or item.texts.get("outcome", "") or item.texts.get("reason", "")
    if words and (item.body or not plain):
        said = Truncator(" ".join(words.split())).chars(SHOWN)
        text = said if item.body else _t("%(what)s: %(words)s") % {"what": text, "words": said}
    return EventRow(at=item.at, text=text, who=item.who, record=item.seq or 0)


def _parts(edition: Edition, *, inside: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    listed = people.from_json(edition.people)
    known = people.names(listed)
    found: dict[str, list[str]] = {}
    for person in listed:
        name = known.get(person.user or person.contact or person.team, "") or person.label
        if name:
            said = f"{name} ({person.note})" if person.note and inside else name
            found.setdefault(person.part, []).append(said)
    labels = dict(Participant.Part.choices)
    return tuple((str(labels[part]), tuple(found[part])) for part in people.ORDER if part in found)


def _measures(edition: Edition) -> tuple[MeasureRow, ...]:
    rows: list[dict[str, str]] = edition.measures
    items = WorkItem.objects.in_bulk([UUID(r["item"]) for r in rows if r.get("item")], field_name="uuid")
    owners = dict(
        User.objects.filter(uuid__in=[r["owner"] for r in rows if r.get("owner")]).values_list("uuid", "name")
    )
    made = []
    for row in rows:
        item = items.get(UUID(row["item"])) if row.get("item") else None
        made.append(
            MeasureRow(
                title=row["title"],
                owner=owners.get(UUID(row["owner"]), "") if row.get("owner") else "",
                due_on=parse_date(row["due_on"]) if row.get("due_on") else None,
                state=item.state if item else "",
                done_at=item.done_at if item else None,
            )  # fmt: skip
        )
    return tuple(made)
