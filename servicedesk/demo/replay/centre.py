"""The small centre a log is replayed in: its people by first name, nine teams, one customer."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from accounts.actors import actor_for, contact_actor
from accounts.models import AccountTeamMember, Contact, Organisation, RoleGrant, Team, TeamMembership, User
from catalogue.models import Calendar, Entitlement, OpeningHours, Service
from escalation.models import Policy
from escalation.seed import seed_policies
from ledger.actor import SYSTEM, Actor
from servicedesk.demo.people import COMPANY
from tickets.replay_map import (
    CUSTOMER,
    CUSTOMER_SERVICE,
    LOG_ZONE,
    MONITORING,
    TEAMS_PER_TIER,
    TIERS,
    Step,
    memberships,
)
from tickets.replay_map import SYSTEM as OLD_DESK
from tickets.seed import seed_configuration

BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
ROLES = {
    MONITORING: ("approver_monitoring",), CUSTOMER_SERVICE: ("approver_service",), "@supervisor": ("supervisor",),
    "@duty_manager": ("duty_manager",),
}  # fmt: skip
CUSTOMER_NAME = "Replayed customer"


def seed(cases: dict[str, list[Step]], policy: str | None) -> None:
    """Make the centre in which these cases can be worked. `policy` None = every shipped policy, else only that one.

    The log says no priority and no calendar: tickets are P3, counted on office hours of the log's own zone.
    """
    seed_configuration()
    seed_policies(at=BEGINNING)
    if policy:
        Policy.objects.exclude(key=policy).update(current=None)
    steps = [step for plan in cases.values() for step in plan]
    teams = {f"{tier}-{letter}": tier for tier in TIERS for letter in "abcdefghij"[:TEAMS_PER_TIER]}
    rows = Team.objects.bulk_create(Team(name=name, tier=tier) for name, tier in sorted(teams.items()))
    by_name = {team.name: team for team in rows}
    names = sorted({name for step in steps for name in (step.params["by"], step.params.get("to", "")) if name})
    names = [name for name in names if name not in {OLD_DESK, CUSTOMER, *ROLES, *COMPANY}]
    users = _users([*names, *ROLES, *COMPANY])
    RoleGrant.objects.bulk_create(RoleGrant(user=users[name], role="agent") for name in names)
    RoleGrant.objects.bulk_create(RoleGrant(user=users[n], role=role) for n, held in ROLES.items() for role in held)
    AccountTeamMember.objects.bulk_create(AccountTeamMember(role=role, user=users[role]) for role in COMPANY)
    TeamMembership.objects.bulk_create(
        TeamMembership(user=users[name], team=by_name[team]) for name, team in sorted(memberships(steps))
    )
    _customer()


def _users(names: list[str]) -> dict[str, User]:
    made = User.objects.bulk_create(
        User(email=f"person{n}@replay.example", name=name, kind="staff", password="!")  # noqa: S106
        for n, name in enumerate(names)
    )
    return {user.name: user for user in made}


def _customer() -> None:
    hours = Calendar.objects.create(name="Office hours of the log", time_zone=str(LOG_ZONE))
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=hours, weekday=day, opens=time(8), closes=time(18)) for day in range(5)
    )
    organisation = Organisation.objects.create(
        name=CUSTOMER_NAME, account_number="REPLAY-1", service_category="enterprise", time_zone=str(LOG_ZONE),
        created_at=BEGINNING,
    )  # fmt: skip
    Contact.objects.create(
        organisation=organisation, name="Replayed contact", may_change=True, may_approve=True, may_escalate=True,
        created_at=BEGINNING,
    )  # fmt: skip
    Service.objects.create(
        service_id="REPLAY-1", organisation=organisation, type="network", name="Everything", complete=True
    )
    Entitlement.objects.create(
        organisation=organisation, plan="Replay", calendar=hours, valid_from=(BEGINNING - timedelta(days=1)).date()
    )


@dataclass(slots=True)
class Centre:
    """Keys and actors of the seeded centre, read once."""

    organisation_id: int
    service_id: int
    teams: dict[str, int]
    users: dict[str, User]
    actors: dict[str, Actor]

    def actor(self, name: str) -> Actor:
        """Return who acts under a name of the log."""
        if name not in self.actors:
            self.actors[name] = actor_for(self.users[name])
        return self.actors[name]


def read_centre() -> Centre:
    """Return the centre of the connected database."""
    organisation = Organisation.objects.get(name=CUSTOMER_NAME)
    return Centre(
        organisation_id=organisation.pk,
        service_id=organisation.services.get().pk,
        teams=dict(Team.objects.values_list("name", "pk")),
        users={user.name: user for user in User.objects.filter(kind="staff")},
        actors={OLD_DESK: SYSTEM, CUSTOMER: contact_actor(organisation.contacts.get())},
    )
