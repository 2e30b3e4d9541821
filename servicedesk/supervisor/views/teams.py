"""Teams and how they are told: mailbox, chat, the last test of each; a test goes out with one press."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.commands.team_test import CHAT, FACT, LEADS, MAIL, send_team_test
from accounts.models import Team
from ledger import clock
from ledger.errors import Refused
from ledger.models import OutboxMessage
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other

STATES = {"sent": "met", "dead": "breached"}


@require_safe
@role_required(*LEADS)
def index(request: HttpRequest) -> HttpResponse:
    """Every team in work with its ways; a chat's address is a secret and not shown."""
    teams = list(Team.objects.visible_to(request.actor).filter(active=True))
    known = _tests(teams)
    rows = [
        (team, [(way, known[team.pk].get(topic)) for way, topic in ((team.email, MAIL), (team.chat_url, CHAT))])
        for team in teams
    ]
    return render(request, "supervisor/teams.html", {"rows": rows})


@require_POST
@role_required(*LEADS)
def test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a test to the team's mailbox and chat."""
    team = get_object_or_404(Team.objects.visible_to(request.actor), uuid=uuid, active=True)
    try:
        send_team_test(team_id=team.pk, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("A test is on its way to %(name)s") % {"name": team.name})
    return see_other(request, reverse("supervisor:teams"))


def _tests(teams: list[Team]) -> dict[int, dict[str, Any]]:
    """Return the last test of each way, by team: {"at", "state", "error"}. 1 query."""
    by_chain = {f"team:{team.uuid}": team.pk for team in teams}
    rows = OutboxMessage.objects.filter(entry__chain__in=by_chain, entry__name=FACT).select_related("entry")
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows.order_by("entry__chain", "topic", "-due_at").distinct("entry__chain", "topic"):
        if row.entry is not None:
            said = {"at": row.entry.at, "state": STATES.get(row.state, "running"), "error": row.last_error}
            found[by_chain[row.entry.chain]][row.topic] = said
    return found
