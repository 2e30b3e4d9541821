"""Staff, teams, roles and routes of the demonstration centre, as rows."""

from accounts.models import AccountTeamMember, Organisation, RoleGrant, ServiceAccount, Team, TeamMembership, User
from servicedesk.demo import people
from tickets.models import CallScript, RoutingRule

INTEGRATION = ("Monitoring bridge", "monitoring.bridge@halden.example")


def make_teams() -> dict[str, Team]:
    """Create every team of `people.TEAMS`; return them by name."""
    rows = [
        Team(
            name=g.name, tier=g.tier, function=g.function, queue_order=g.order, languages=list(g.languages),
            email=f"{g.name.lower().replace(' ', '.')}@{people.DOMAIN}", chat_url=people.CHATS.get(g.name, ""),
        )
        for g in people.TEAMS
    ]  # fmt: skip
    return {team.name: team for team in Team.objects.bulk_create(rows)}


def make_staff(teams: dict[str, Team], password_hash: str) -> dict[str, User]:
    """Create staff with roles, memberships and managers; return them by name. One password hash serves all."""
    rows = [
        User(
            email=p.email, name=p.name, kind="staff", time_zone=p.zone, shift=p.shift, skills=list(p.skills),
            languages=["en", *p.languages], password=password_hash, is_staff=p.admin, is_superuser=p.admin,
            language="zh-hans" if p.languages and not p.teams else "en", phone=f"+6135550{2000 + n:04d}",
        )
        for n, p in enumerate(people.STAFF)
    ]  # fmt: skip
    users = {user.name: user for user in User.objects.bulk_create(rows)}
    RoleGrant.objects.bulk_create(RoleGrant(user=users[p.name], role=r) for p in people.STAFF for r in p.roles)
    TeamMembership.objects.bulk_create(
        TeamMembership(user=users[p.name], team=teams[t]) for p in people.STAFF for t in p.teams
    )
    managed = [users[p.name] for p in people.STAFF if p.manager]
    for person in people.STAFF:
        if person.manager:
            users[person.name].manager = users[person.manager]
    User.objects.bulk_update(managed, ["manager"])
    return users


def make_ladders(users: dict[str, User], organisations: list[Organisation]) -> None:
    """Name the account team of every customer and the company-wide roles.

    Northgate has no service delivery manager: the ladder falls to the next rung, and says so.
    """
    rows = [
        AccountTeamMember(role=role, user=users[who], deputy=users.get(deputy))
        for role, (who, deputy) in people.COMPANY.items()
    ]
    for organisation in organisations:
        for role, who in zip(people.RUNGS, people.LADDERS[organisation.region], strict=True):
            if (organisation.account_number, role) != ("A-200418", "service_delivery_manager"):
                rows.append(AccountTeamMember(organisation=organisation, role=role, user=users[who]))
    AccountTeamMember.objects.bulk_create(rows)


def make_routes(teams: dict[str, Team]) -> None:
    """Create the routing rules with their specialists."""
    for position, category, kind, region, tier, team, specialists in people.ROUTES:
        rule = RoutingRule.objects.create(
            position=position, category=category, kind=kind, region=region, tier=tier, team=teams[team]
        )
        rule.specialists.set([teams[name] for name in specialists])


def make_scripts() -> None:
    """Create what the two lines of the centre say first, in both languages."""
    for queue, language, greeting, hint in people.SCRIPTS:
        CallScript.objects.create(queue=queue, language=language, greeting=greeting, hint=hint)


def make_integration() -> User:
    """Create the service account of the monitoring system; its token is made with the sheet."""
    name, email = INTEGRATION
    user = User.objects.create(email=email, name=name, kind="service", password="!")  # noqa: S106
    scopes = ["tickets:read", "tickets:write", "notes:internal", "customers:read", "escalations:read"]
    ServiceAccount.objects.create(user=user, scopes=scopes)
    return user
