"""The views of the queue that the demonstration's first line keeps and shares."""

from datetime import datetime

from accounts.actors import actor_for
from accounts.models import Team, User
from tickets.commands.view import save_view

VIEWS = {
    "Key customers": {"view": "all", "filters": {"segment": ["premium", "managed"]}},
    "No news to customer": {"view": "all", "filters": {"quiet": ["60"]}, "order": "quiet"},
}


def make_views(teams: dict[str, Team], at: datetime) -> None:
    """Let the first member of each first-line team share its views with the team."""
    for team in (each for each in teams.values() if each.tier == Team.Tier.L1):
        keeper = User.objects.filter(memberships__team=team, is_active=True).order_by("pk").first()
        if keeper is None:
            continue
        for name, settings in VIEWS.items():
            save_view(name=name, settings=settings, team_id=team.pk, actor=actor_for(keeper), at=at)
