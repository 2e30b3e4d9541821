"""Which acts on a report the reader is offered: the same rules as the commands'."""

from dataclasses import dataclass

from ledger.actor import Actor
from ledger.errors import Refused
from quality.reports.commands.base import RELEASERS, require_may_write, require_reportable
from quality.reports.models import Edition
from tickets.models import Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class May:
    """What is offered on one version."""

    edit: bool
    amend: bool
    release: bool


def off(ticket: Ticket, actor: Actor) -> Refused | None:
    """Return why no report can be begun on this ticket by this reader, None where it can."""
    try:
        require_may_write(ticket, actor)
        require_reportable(ticket)
    except Refused as refusal:
        return refusal
    return None


def may(edition: Edition, newest: Edition, actor: Actor) -> May:
    """Return what the reader may do with a version. newest: of the same report."""
    try:
        require_may_write(edition.report.ticket, actor)
    except Refused:
        return May(edit=False, amend=False, release=False)
    reads = actor.has_role(*RELEASERS) and actor.user_id is not None and actor.user_id != edition.filed_by_id
    return May(
        edit=not edition.filed,
        amend=edition.filed and newest.pk == edition.pk,
        release=edition.filed and edition.released_at is None and reads,
    )
