"""Which of several teams gets a ticket: who has the skill, who speaks the language, who has the least to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamMembership, User
from tickets.models import Ticket
from tickets.words import TIERS


@dataclass(frozen=True, slots=True)
class Choice:
    """The team chosen and why, sentence by sentence; `why` is empty where there was nothing to choose."""

    team: Team
    why: tuple[Any, ...] = ()


def with_skill(teams: Sequence[Team], skill: str) -> list[Team]:
    """Return the teams of which somebody active and present has `skill`; all of them for "". 1 query, else none."""
    if not skill or not teams:
        return list(teams)
    members = TeamMembership.objects.filter(team__in=teams, user__is_active=True, user__available=True)
    able = set(members.filter(user__skills__contains=[skill]).values_list("team_id", flat=True))
    return [team for team in teams if team.pk in able]


def best_of(teams: Sequence[Team], language: str) -> Choice:
    """Return the team that gets the work; `teams` in the order of the rule, at least one.

    Those who speak `language` come first, then the fewest open tickets for each active member. 2 queries for several
    teams, none for one.
    """
    if len(teams) == 1:
        return Choice(teams[0])
    why: list[Any] = []
    speaking = [team for team in teams if language and language in team.languages]
    if speaking and len(speaking) < len(teams):
        why.append(_("It speaks the customer's language (%(language)s).") % {"language": language})
    able = speaking or list(teams)
    loads = loads_of(able)
    chosen = min(able, key=lambda team: loads[team.pk])  # the first of equals, as the rule names them
    if len(able) > 1:
        others = ", ".join(f"{team.name} {loads[team.pk]:.1f}" for team in able if team != chosen)
        values = {"load": f"{loads[chosen.pk]:.1f}", "others": others}
        why.append(_("It has the least to do: %(load)s open tickets a person, %(others)s.") % values)
    return Choice(chosen, tuple(why))


def loads_of(teams: Sequence[Team]) -> dict[int, float]:
    """Return open tickets in work for each member who is here and on no break, by team id; a team of nobody counts as
    one. 2 queries."""
    held = Ticket.objects.filter(team__in=teams, state__in=TIERS).values("team_id").annotate(n=Count("pk"))
    open_tickets = {row["team_id"]: row["n"] for row in held}
    members = TeamMembership.objects.filter(team__in=teams, user__is_active=True, user__available=True)
    resting = User.objects.filter(breaks__from_at__isnull=False, breaks__to_at=None)
    members = members.exclude(user__in=resting)
    people = {row["team_id"]: row["n"] for row in members.values("team_id").annotate(n=Count("pk"))}
    return {team.pk: open_tickets.get(team.pk, 0) / max(people.get(team.pk, 0), 1) for team in teams}
