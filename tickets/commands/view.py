"""Views of the queue: keep one, change it, share it with a team, remove it. Each is a fact about its owner."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets.models import QueueView
from tickets.queries_queue import VIEWS
from tickets.text import clean_line

MOST: Final = 30
_KNOWN: Final = {"view", "filters", "order", "group", "columns"}


@transaction.atomic
def save_view(
    *, name: str, settings: Mapping[str, Any], actor: Actor, at: datetime, team_id: int | None = None
) -> QueueView:
    """Keep a view of the queue under a name (A-01); with `team_id` the members of that team find it too.

    settings  as in `QueueView`. Raises Refused: not_allowed, no_name, known_name, unknown_team, bad_view, too_many.
    """
    if not actor.is_staff or actor.user_id is None:
        raise Refused("not_allowed", _("Only members of staff keep views."))
    if QueueView.objects.filter(owner_id=actor.user_id).count() >= MOST:
        raise Refused("too_many", _("You keep as many views as there may be. Remove one first."), "name")
    view = QueueView(owner_id=actor.user_id, created_at=at)
    return _kept("view.saved", view, name, settings, team_id, actor, at)


@transaction.atomic
def change_view(
    *, view_id: int, name: str, settings: Mapping[str, Any], actor: Actor, at: datetime, team_id: int | None = None
) -> QueueView:
    """Give one's own view another name, team or content. Raises Refused: unknown_view and those of `save_view`."""
    return _kept("view.changed", _own(view_id, actor), name, settings, team_id, actor, at)


@transaction.atomic
def remove_view(*, view_id: int, actor: Actor, at: datetime) -> None:
    """Take one's own view away, from the team too. Raises Refused: unknown_view."""
    view = _own(view_id, actor)
    _tell("view.removed", view, actor, at)
    view.delete()


def _own(view_id: int, actor: Actor) -> QueueView:
    rows = QueueView.objects.visible_to(actor).select_for_update(of=("self",))
    view = rows.filter(pk=view_id, owner_id=actor.user_id).first()
    if view is None:
        raise Refused("unknown_view", _("Only its owner changes a view. Save it under a name of your own."))
    return view


def _kept(
    fact: str,
    view: QueueView,
    name: str,
    settings: Mapping[str, Any],
    team_id: int | None,
    actor: Actor,
    at: datetime,
) -> QueueView:
    view.name = clean_line(name)[:40]
    if not view.name:
        raise Refused("no_name", _("Give the view a name."), "name")
    if team_id is not None and team_id not in actor.team_ids:
        raise Refused("unknown_team", _("Share a view with a team of your own."), "team_id")
    if set(settings) - _KNOWN or settings.get("view", "due") not in VIEWS:
        raise Refused("bad_view", _("Choose a view from the list."), "view")
    view.settings, view.team_id, view.changed_at = dict(settings), team_id, at
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refused("known_name", _("You keep a view of that name already. Choose another name."), "name") from error
    _tell(fact, view, actor, at)
    return view


def _tell(fact: str, view: QueueView, actor: Actor, at: datetime) -> None:
    shared = str(view.team.uuid) if view.team else None
    record(fact, chain=f"staff:{actor.ref}", actor=actor, at=at, view=str(view.uuid), team=shared)
