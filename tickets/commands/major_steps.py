"""Steps of a major incident: those of a playbook, and what keeps it from returning, each owned and followed to done."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import ref
from tickets.commands.major_base import require_state, take_major, tell_major
from tickets.commands.major_impact import OPEN_STATES
from tickets.major_access import require_leads
from tickets.models import MajorIncident, MajorRole, Playbook, WorkItem
from tickets.text import clean_line, require_reason, require_words


@transaction.atomic
def add_prevention(
    *,
    incident_id: int,
    title: str,
    due_at: datetime,
    actor: Actor,
    at: datetime,
    owner_user_id: int | None = None,
    owner_team_id: int | None = None,
) -> WorkItem:
    """Add one prevention action with exactly one owner and a time (V-19). Additive: no version.

    Raises Refused("no_title"), ("no_owner"), ("unknown_owner"), ("past_due"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor)
    require_leads(incident, actor, *MajorRole.Part.values)
    require_state(incident, *OPEN_STATES)
    title = clean_line(title)[:200]
    if not title:
        raise Refused("no_title", _("Say what is to be done."), "title")
    if due_at <= at:
        raise Refused("past_due", _("That time is gone already. Choose a later one."), "due_at")
    item = WorkItem.objects.create(
        major=incident, source=WorkItem.Source.IMPROVEMENT, title=title, due_at=due_at, mandatory=True,
        position=incident.work_items.count() + 1, created_at=at, **_owner(owner_user_id, owner_team_id),
    )  # fmt: skip
    _told("major.step_added", incident, item, actor=actor, at=at)
    return item


@transaction.atomic
def attach_playbook_to_major(*, incident_id: int, key: str, actor: Actor, at: datetime) -> list[WorkItem]:
    """Activate a protocol, such as disaster recovery (V-20): its steps become work items, the commander's.

    Raises Refused("unknown_playbook"), ("attached") when it runs already, ("not_leading").
    """
    incident = take_major(incident_id, actor)
    require_leads(incident, actor)
    require_state(incident, "declared", "restored")
    made = attach_book(incident, key, actor=actor, at=at)
    if made is None:
        raise Refused("unknown_playbook", _("There is no such playbook. Choose another."), "key")
    if not made:
        raise Refused("attached", _("That protocol runs already."), "key")
    return made


def attach_book(incident: MajorIncident, key: str, *, actor: Actor, at: datetime) -> list[WorkItem] | None:
    """Add the steps of the newest active playbook of `key`; None = there is none, [] = it is attached already."""
    book = Playbook.objects.filter(key=key, active=True).order_by("-version").first()
    if book is None:
        return None
    steps = list(book.steps.all())
    if incident.work_items.filter(source="playbook", title__in=[step.title for step in steps]).exists():
        return []
    first = incident.work_items.count() + 1
    items = [
        WorkItem(
            major=incident, source=WorkItem.Source.PLAYBOOK, title=step.title, owner_user=incident.commander,
            due_at=at + timedelta(minutes=step.due_minutes) if step.due_minutes else None, mandatory=step.mandatory,
            position=first + n, created_at=at,
        )
        for n, step in enumerate(steps)
    ]  # fmt: skip
    made = WorkItem.objects.bulk_create(items)
    tell_major(
        "major.protocol_begun", incident, actor=actor, at=at, playbook=book.key, book_version=book.version,
        called=book.name, steps=len(made),
    )  # fmt: skip
    return made


@transaction.atomic
def finish_step(*, item_id: int, evidence: str, actor: Actor, at: datetime) -> WorkItem:
    """Mark a step done; a mandatory one needs evidence in words. Its owner does, or whoever leads.

    Raises Refused("unknown_item"), ("settled"), ("placeholder"), ("not_leading").
    """
    incident, item = _taken(item_id, actor)
    evidence = require_words(evidence, "evidence") if item.mandatory else evidence.strip()
    return _settle(incident, item, "done", evidence, "major.step_done", actor=actor, at=at)


@transaction.atomic
def skip_step(*, item_id: int, reason: str, actor: Actor, at: datetime) -> WorkItem:
    """Leave a step out, with a reason; only whoever leads may. Raises as `finish_step`, and ("no_reason")."""
    incident, item = _taken(item_id, actor)
    require_leads(incident, actor)
    return _settle(incident, item, "skipped", require_reason(reason), "major.step_skipped", actor=actor, at=at)


def _taken(item_id: int, actor: Actor) -> tuple[MajorIncident, WorkItem]:
    visible = MajorIncident.objects.visible_to(actor)
    named = WorkItem.objects.filter(pk=item_id, major__in=visible).values_list("major_id", flat=True).first()
    if named is None:
        raise Refused("unknown_item", _("We do not know that step of the plan. Look at the plan again."))
    incident, item = take_major(named, actor), WorkItem.objects.get(pk=item_id)
    require_state(incident, *OPEN_STATES)
    if item.state != WorkItem.State.OPEN:
        raise Refused("settled", _("That step is settled already. Add a new one if more is to do."))
    if item.owner_user_id != actor.user_id and item.owner_team_id not in actor.team_ids:
        require_leads(incident, actor, *MajorRole.Part.values)
    return incident, item


def _settle(
    incident: MajorIncident, item: WorkItem, state: str, said: str, name: str, *, actor: Actor, at: datetime
) -> WorkItem:
    item.state, item.evidence, item.done_at = state, said, at
    item.save()
    _told(name, incident, item, actor=actor, at=at, texts={"words": said})
    return item


def _told(name: str, incident: MajorIncident, item: WorkItem, *, actor: Actor, at: datetime, **more: Any) -> None:
    tell_major(name, incident, actor=actor, at=at, item=ref(item), source=item.source, **more)


def _owner(user_id: int | None, team_id: int | None) -> dict[str, int]:
    owner = {"owner_user_id": user_id, "owner_team_id": team_id}
    given = {name: pk for name, pk in owner.items() if pk is not None}
    if len(given) != 1:
        raise Refused("no_owner", _("Give every item exactly one owner."), "owner")
    person = User.objects.filter(pk=user_id or 0, kind="staff", is_active=True)
    if not (person if user_id is not None else Team.objects.filter(pk=team_id or 0, active=True)).exists():
        raise Refused("unknown_owner", _("We do not know that person or team. Choose another."), "owner")
    return given
