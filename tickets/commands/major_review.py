"""The post-incident review, and the end of an incident when all its prevention is settled (V-19, C-21)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.major_base import fresh_major, require_state, store_major, take_major, tell_major
from tickets.major_access import require_leads
from tickets.models import MajorIncident, WorkItem
from tickets.text import require_words
from tickets.words import Cause


@transaction.atomic
def begin_review(*, incident_id: int, actor: Actor, at: datetime, version: int | None = None) -> MajorIncident:
    """Begin to look into what happened. Raises Refused("not_leading"), ("wrong_state")."""
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor)
    require_state(incident, "restored")
    incident.begin_review()
    incident.review_begun_at = at
    store_major(incident)
    tell_major("major.review_begun", incident, actor=actor, at=at)
    return fresh_major(incident)


@transaction.atomic
def save_review(
    *,
    incident_id: int,
    summary: str,
    cause_code: str,
    cause: str,
    went_well: str,
    went_badly: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> MajorIncident:
    """Save the words of the review; as a draft they may be short. Raises Refused("bad_code"), ("reviewed")."""
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor, "technical")
    require_state(incident, "review")
    if incident.reviewed_at is not None:
        raise Refused("reviewed", _("The review is done; it is not changed any more."))
    if cause_code and cause_code not in Cause.values:
        raise Refused("bad_code", _("Choose the cause from the list."), "cause_code")
    incident.review_summary, incident.cause_code, incident.cause = summary.strip(), cause_code, cause.strip()
    incident.review_went_well, incident.review_went_badly = went_well.strip(), went_badly.strip()
    store_major(incident)
    tell_major("major.review_saved", incident, actor=actor, at=at, texts={"summary": summary.strip()})
    return fresh_major(incident)


@transaction.atomic
def complete_review(*, incident_id: int, actor: Actor, at: datetime, version: int | None = None) -> MajorIncident:
    """Sign the review: summary and cause in true words, and at least one prevention action with an owner (V-19).

    Raises Refused("placeholder"), ("bad_code"), ("no_prevention"), ("reviewed"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor)
    require_state(incident, "review")
    if incident.reviewed_at is not None:
        raise Refused("reviewed", _("The review is done; it is not changed any more."))
    require_words(incident.review_summary, "summary")
    if not incident.cause_code:
        raise Refused("bad_code", _("Choose the cause from the list."), "cause_code")
    require_words(incident.cause, "cause")
    if not _prevention(incident).exists():
        message = _("Name at least one thing that keeps it from returning, with an owner and a date.")
        raise Refused("no_prevention", message)
    incident.reviewed_at = at
    store_major(incident)
    tell_major("major.reviewed", incident, actor=actor, at=at, cause_code=incident.cause_code)
    return fresh_major(incident)


@transaction.atomic
def close_major(*, incident_id: int, actor: Actor, at: datetime, version: int | None = None) -> MajorIncident:
    """Close it: reviewed, and every prevention action done, or left out with a reason.

    Raises Refused("not_reviewed"), ("open_prevention"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor)
    require_state(incident, "review")
    if incident.reviewed_at is None:
        raise Refused("not_reviewed", _("Complete the review first."))
    left = _prevention(incident).filter(state="open").count()
    if left:
        message = _("%(n)d prevention actions are open. Finish them, or leave them out with a reason.")
        raise Refused("open_prevention", message % {"n": left}, open=left)
    incident.close()
    incident.closed_at = at
    store_major(incident)
    tell_major("major.closed", incident, actor=actor, at=at)
    return fresh_major(incident)


def _prevention(incident: MajorIncident):
    return incident.work_items.filter(source=WorkItem.Source.IMPROVEMENT)
