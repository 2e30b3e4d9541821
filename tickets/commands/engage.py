"""Other teams called in on a ticket: by e-mail and chat, with its number, on record (P-04)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import ref, take, tell
from tickets.commands.participants import take_part
from tickets.models import Ticket, WorkItem
from tickets.text import clean_line


@transaction.atomic
def engage(*, ticket_id: int, team_id: int, text: str, actor: Actor, at: datetime) -> WorkItem:
    """Ask a team for help: a step it owns, a participant, mail and chat with the number. Additive: no version.

    text  what is asked of them, the step's title. Restricted: they hear the number only and see nothing more by it.
    Raises Refused("unknown_team"), ("own_team"), ("no_title"), ("already_engaged").
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "plan", actor)
    text = clean_line(text)[:200]
    team = Team.objects.visible_to(actor).filter(pk=team_id, active=True).first()
    if team is None:
        raise Refused("unknown_team", _("Choose a team."), "team_id")
    if team.pk == ticket.team_id:
        raise Refused("own_team", _("That team has the ticket already. Add a step to the plan instead."), "team_id")
    if not text:
        raise Refused("no_title", _("Say what you ask of the team."), "text")
    _require_new(ticket, team)
    item = WorkItem.objects.create(
        ticket=ticket, source=WorkItem.Source.ENGAGEMENT, title=text, owner_team=team, created_at=at,
        position=ticket.work_items.count() + 1,
    )  # fmt: skip
    take_part(ticket, "engaged", at=at, team_id=team.pk)
    tell("ticket.team_engaged", ticket, actor=actor, at=at, texts={"text": text}, team=ref(team), item=ref(item))
    return item


def _require_new(ticket: Ticket, team: Team) -> None:
    open_ones = ticket.work_items.filter(source=WorkItem.Source.ENGAGEMENT, state=WorkItem.State.OPEN)
    if open_ones.filter(owner_team=team).exists():
        message = _("This team is engaged already. Add a step to the plan instead.")
        raise Refused("already_engaged", message, "team_id")
