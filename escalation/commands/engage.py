"""Bring a team into a formal escalation, on the record and by mail and chat (X-02, X-05, P-04)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Team, User
from escalation.commands.locked import locked_escalation
from escalation.models import Escalation
from escalation.oncall import LAYERS, who
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets import words
from tickets.models import Participant, RoutingRule, Ticket, WorkItem

JOIN = gettext_noop("Join the escalation as senior of the third line")  # stored in English, translated where read


@transaction.atomic
def engage_team(*, escalation_id: int, team_id: int, text: str, actor: Actor, at: datetime) -> WorkItem:
    """Engage one team: a work item it owns, a participant, and mail plus chat with the ticket number.

    text  what is asked of them; becomes the item's title.

    Raises Refused: unknown_escalation, closed, not_verified, not_staff, unknown_team, text_missing, already_engaged.
    Rules: X-05, P-04.
    """
    escalation = locked_escalation(escalation_id, actor)
    if not actor.is_staff:
        raise Refused("not_staff", _("Only staff engage teams."))
    team = Team.objects.visible_to(actor).filter(pk=team_id, active=True).first()
    if team is None:
        raise Refused("unknown_team", _("Choose a team."), field="team")
    if not text.strip():
        raise Refused("text_missing", _("Say what you ask of the team."), field="text")
    if _open_engagement(escalation.ticket, team):
        raise Refused("already_engaged", _("This team is engaged already. Add a work item instead."), field="team")
    return _engage(escalation, team, None, text.strip(), actor, at)


def engage_on_call_senior(escalation: Escalation, *, actor: Actor, at: datetime) -> WorkItem | None:
    """Engage the third line's on-call senior at once, the team itself if nobody is on call (X-02, decisions 15).

    None where no third-line team exists or it is engaged already.
    """
    ticket = escalation.ticket
    team = _third_line(ticket)
    if team is None or _open_engagement(ticket, team):
        return None
    region = ticket.organisation.region if ticket.organisation else ""
    found = who(f"team:{team.uuid}", at=at, organisation_id=ticket.organisation_id, region=region)
    senior = found.user if found.why in LAYERS.values() else None
    return _engage(escalation, team, senior, JOIN, actor, at)


def _third_line(ticket: Ticket) -> Team | None:
    if ticket.team is not None and ticket.team.tier == Team.Tier.L3:
        return ticket.team
    routes = RoutingRule.objects.filter(active=True, tier=words.Tier.L3, category__in=["", ticket.category])
    route = routes.filter(kind__in=["", ticket.kind]).select_related("team").order_by("position").first()
    return route.team if route else Team.objects.filter(tier=Team.Tier.L3, active=True).first()


def _open_engagement(ticket: Ticket, team: Team) -> bool:
    """Whether the team, or a person of it, already holds an open engagement."""
    engaged = WorkItem.objects.filter(ticket=ticket, source=WorkItem.Source.ENGAGEMENT, state=WorkItem.State.OPEN)
    if engaged.filter(owner_team=team).exists():
        return True
    took_part = Participant.objects.filter(ticket=ticket, part=Participant.Part.ENGAGED, team=team).exists()
    return took_part and engaged.filter(owner_user__memberships__team=team).exists()


def _engage(escalation: Escalation, team: Team, person: User | None, text: str, actor: Actor, at: datetime) -> WorkItem:
    ticket = escalation.ticket
    item = WorkItem.objects.create(
        ticket=ticket,
        source=WorkItem.Source.ENGAGEMENT,
        title=text[:200],
        owner_user=person,
        owner_team=None if person else team,
        created_at=at,
    )
    Participant.objects.get_or_create(
        ticket=ticket, part=Participant.Part.ENGAGED, user=person, team=team, contact=None, label="",
        defaults={"since": at},
    )  # fmt: skip
    if ticket.restricted and person is not None:
        ticket.need_to_know.add(person)
    record(
        "escalation.team_engaged",
        chain=ticket.chain,
        actor=actor,
        at=at,
        about=escalation,
        texts={"text": text},
        escalation=str(escalation.uuid),
        team=str(team.uuid),
        person=str(person.uuid) if person else None,
        item=str(item.uuid),
    )
    return item
