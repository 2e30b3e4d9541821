"""Which team gets a ticket, by the nature of the work, and why (C-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from ledger.errors import Refused
from tickets.models import RoutingRule, Ticket
from tickets.routing_load import Choice, best_of, with_skill


@dataclass(frozen=True, slots=True)
class Route:
    """Where a ticket goes. `why` is a sentence, `why_code` the rule's position ("rule:10"), "chosen" or "tier"."""

    team: Team
    tier: str
    why: Any
    why_code: str
    rule: RoutingRule | None = None


def route(
    *,
    category: str,
    kind: str,
    region: str,
    tier: str | None = None,
    team_id: int | None = None,
    not_team: int = 0,
    language: str = "",
) -> Route:
    """Return the way of a ticket: the team chosen, else the first rule that fits, else the first team of the tier.

    Empty fields of a rule fit anything. A rule that asks for a skill fits only where somebody active of its teams has
    it; of several teams the one that speaks `language`, then the least loaded gets the ticket, and `why` says so.
    Raises Refused("unknown_team"), ("wrong_tier"), ("no_route").
    """
    if team_id is not None:
        return _chosen(team_id, tier)
    sharing = RoutingRule.alternates.through.objects.filter(routingrule_id=OuterRef("pk"))
    rules = RoutingRule.objects.filter(active=True).select_related("team").annotate(shared=Exists(sharing))
    rules = rules.filter(Q(category="") | Q(category=category), Q(kind="") | Q(kind=kind))
    rules = rules.filter(Q(region="") | Q(region=region), Q(language="") | Q(language=language))
    if tier is not None:
        rules = rules.filter(tier=tier)
    for rule in rules:
        sharers = rule.alternates.all() if rule.shared else ()
        teams = [t for t in (rule.team, *sharers) if t.active and t.pk != not_team]
        able = with_skill(teams, rule.skill)
        if able:
            return _by(rule, able, passed_over=[t for t in teams if t not in able], language=language)
    return _first_of(tier or "l1", region, not_team)


def _by(rule: RoutingRule, able: Sequence[Team], *, passed_over: Sequence[Team], language: str) -> Route:
    choice: Choice = best_of(able, language)
    why = _("Rule %(position)s: %(what)s goes to %(team)s.")
    said = [why % {"position": rule.position, "what": _what(rule), "team": choice.team.name}, *choice.why]
    if passed_over:
        names = ", ".join(team.name for team in passed_over)
        said.append(_("Passed over, nobody there has %(skill)s: %(teams)s.") % {"skill": rule.skill, "teams": names})
    return Route(choice.team, rule.tier, " ".join(str(one) for one in said), f"rule:{rule.position}", rule)


def _first_of(wanted: str, region: str, not_team: int) -> Route:
    teams = Team.objects.filter(tier=wanted, active=True).exclude(pk=not_team)
    team = teams.filter(region__in=["", region]).order_by("-region", "queue_order", "pk").first() or teams.first()
    if team is None:
        message = _("No team takes this. Choose a team, or ask an administrator for a routing rule.")
        raise Refused("no_route", message, "team_id")
    return Route(team, wanted, _("No rule fits: first team of %(tier)s.") % {"tier": wanted.upper()}, "tier")


def language_of(ticket: Ticket) -> str:
    """Return the language the customer is spoken to in: the reporter's, else the organisation's, "" unknown."""
    if ticket.reporter is not None:
        return ticket.reporter.language
    return ticket.organisation.language if ticket.organisation is not None else ""


def _chosen(team_id: int, tier: str | None) -> Route:
    team = Team.objects.filter(pk=team_id, active=True).first()
    if team is None:
        raise Refused("unknown_team", _("We do not know that team. Choose another."), "team_id")
    own = None if team.tier == Team.Tier.FUNCTION else team.tier
    if own and tier and own != tier:
        values = {"team": team.name, "own": own.upper(), "tier": tier.upper()}
        raise Refused(
            "wrong_tier", _("%(team)s works at %(own)s, not %(tier)s. Choose another team.") % values, "team_id"
        )
    return Route(team, own or tier or "l1", _("Chosen by hand."), "chosen", _rule_of(team))


def _rule_of(team: Team) -> RoutingRule | None:
    return RoutingRule.objects.filter(_of(team), active=True).first()


def _of(team: Team | None) -> Q:
    """The rules that may send work to `team`, whether it stands first or shares."""
    sharing = RoutingRule.alternates.through.objects.filter(team_id=team.pk if team else 0).values("routingrule_id")
    return Q(team=team) | Q(pk__in=sharing)


def specialists_of(*, category: str, kind: str, region: str, team: Team | None, tier: str) -> list[Team]:
    """Return specialists and contractor of the route this ticket came by, engaged at sign-for (C-19)."""
    rules = RoutingRule.objects.filter(_of(team), active=True, tier=tier)
    rules = rules.filter(Q(category="") | Q(category=category), Q(kind="") | Q(kind=kind))
    rule = rules.filter(Q(region="") | Q(region=region)).first()
    return list(rule.specialists.filter(active=True)) if rule is not None else []


def _what(rule: RoutingRule) -> str:
    parts = [rule.get_category_display() if rule.category else "", rule.get_kind_display() if rule.kind else ""]
    named = [str(p) for p in (*parts, rule.region, rule.language, rule.skill) if p]
    return ", ".join([*named, rule.tier.upper()])
