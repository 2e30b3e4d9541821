"""Send a test to a team: its mailbox and its chat, each told on its own (domain.md, "Send a test" per channel)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from ledger.actor import Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from ledger.record import record

LEADS = ("supervisor", "duty_manager", "administrator")
MAIL, CHAT = "mail.team_test", "chat.team_test"
FACT = "team.tested"
PAUSE = timedelta(seconds=30)


@transaction.atomic
def send_team_test(*, team_id: int, actor: Actor, at: datetime) -> list[OutboxMessage]:
    """Queue one message for each way the team has. Their rows say what became of each.

    Raises Refused: not_allowed, unknown_team, no_way, just_tested (once in 30 s).
    """
    if not (actor.is_staff and actor.has_role(*LEADS)):
        raise Refused("not_allowed", _("A supervisor, duty manager or administrator tests a team's ways."))
    team = Team.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=team_id, active=True).first()
    if team is None:
        raise Refused("unknown_team", _("Choose a team."), field="team")
    topics = [topic for topic, way in ((MAIL, team.email), (CHAT, team.chat_url)) if way]
    if not topics:
        raise Refused("no_way", _("This team has neither mailbox nor chat. An administrator sets them."), field="team")
    chain = f"team:{team.uuid}"
    last = OutboxMessage.objects.filter(entry__chain=chain, entry__name=FACT).order_by("-due_at").first()
    if last is not None and real_now() - last.due_at < PAUSE:
        raise Refused("just_tested", _("A test went out a moment ago. Wait half a minute."))
    entry = record(FACT, chain=chain, actor=actor, at=at, team=str(team.uuid), ways=len(topics))
    return [_queued(entry, topic, team) for topic in topics]


def _queued(entry: Entry, topic: str, team: Team) -> OutboxMessage:
    payload = {"team": str(team.uuid)}
    return OutboxMessage.objects.create(entry=entry, topic=topic, payload=payload, priority=1, due_at=real_now())
