"""A cast with fixed parts: Ada the customer, Bo the agent, Cy the supervisor, Dee from another organisation."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from accounts.actors import actor_for, contact_actor
from accounts.models import (
    AccountTeamMember,
    Contact,
    ContactPhone,
    Organisation,
    RoleGrant,
    Team,
    TeamMembership,
    User,
)
from catalogue.models import Calendar, Entitlement, Service, Site
from ledger.actor import Actor
from tests.kept_rows import KeptRows

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Cast:
    """Everyone and everything a ticket needs. `*_actor` are ready to pass to commands."""

    northgate: Organisation
    other: Organisation
    ada: Contact
    al: Contact
    dee: Contact
    bo: User
    cy: User
    mo: User
    sam: User
    l1: Team
    l2: Team
    l3: Team
    noc: Team
    calendar: Calendar
    site: Site
    service: Service
    other_service: Service
    people: dict[str, User]

    @property
    def bo_actor(self) -> Actor:
        return actor_for(User.objects.get(pk=self.bo.pk))

    @property
    def cy_actor(self) -> Actor:
        return actor_for(User.objects.get(pk=self.cy.pk))

    @property
    def mo_actor(self) -> Actor:
        return actor_for(User.objects.get(pk=self.mo.pk))

    @property
    def sam_actor(self) -> Actor:
        return actor_for(User.objects.get(pk=self.sam.pk))

    @property
    def ada_actor(self) -> Actor:
        return contact_actor(self.ada, self.ada.user)

    @property
    def dee_actor(self) -> Actor:
        return contact_actor(self.dee, self.dee.user)


def staff(email: str, name: str, *roles: str, teams: tuple[Team, ...] = (), password: str | None = None) -> User:
    """Create one member of staff with roles (every region) and teams."""
    user = User.objects.create_user(email, password, name=name, kind="staff", time_zone="UTC")
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    TeamMembership.objects.bulk_create(TeamMembership(user=user, team=team) for team in teams)
    return user


def contact(organisation: Organisation, name: str, email: str, number: str, **fields) -> Contact:
    """Create one contact with a stored number and a portal sign-in."""
    user = User.objects.create_user(email, None, name=name, kind="contact")
    made = Contact.objects.create(
        organisation=organisation, name=name, email=email, user=user, created_at=JANUARY, **fields
    )
    ContactPhone.objects.create(contact=made, number=number)
    return made


LADDER = {
    "account_manager": "Daniel Hartley",
    "service_delivery_manager": "Sena Dlamini",
    "technical_account_manager": "Tara Moss",
    "regional_manager": "Rui Gomes",
    "executive_support": "Eve Stone",
}
COMPANY = {
    "director_support": "Ruth Adeyemi",
    "vp_customer_experience": "Marcus Vaile",
    "ceo": "Helen Strand",
    "centre_director": "Ivan Petrov",
    "deputy_gm": "Grace Muir",
}


def make_cast() -> Cast:
    """Create the cast. Mo approves for monitoring and is duty manager; Cy approves for customer service; Sam is L2."""
    l1, l2, l3 = (
        Team.objects.create(name=f"Data {t.upper()}", tier=t, email=f"{t}@desk.example") for t in ("l1", "l2", "l3")
    )
    always = {"time_zone": "UTC", "round_the_clock": True}
    noc = Team.objects.create(
        name="Network operations", tier="function", function="network_operations", email="noc@desk.example"
    )
    calendar, _new = Calendar.objects.get_or_create(name="24×7", defaults=always)  # shipped on every install
    northgate = Organisation.objects.create(
        name="Northgate Health Alliance", account_number="A-100001", service_category="government", segment="premium",
        region="au", time_zone="Australia/Melbourne", production=True, created_at=JANUARY,
    )  # fmt: skip
    other = Organisation.objects.create(
        name="Calder Mutual Bank",
        account_number="A-207751",
        service_category="enterprise",
        region="eu",
        created_at=JANUARY,
    )
    for org in (northgate, other):
        Entitlement.objects.create(
            organisation=org, plan="Premium", calendar=calendar, production=org.production, valid_from=date(2026, 1, 1)
        )
    site = Site.objects.create(organisation=northgate, name="Sunbury clinic", time_zone="Australia/Melbourne")
    service = Service.objects.create(
        service_id="EPL-30112", organisation=northgate, type="network", name="Ethernet line", site=site, complete=True
    )
    other_service = Service.objects.create(
        service_id="EPL-30277", organisation=other, type="network", name="Ethernet line", complete=True
    )
    people = {}
    for role, name in LADDER.items():
        people[role] = staff(f"{role}@desk.example", name)
        AccountTeamMember.objects.create(organisation=northgate, role=role, user=people[role])
    for role, name in COMPANY.items():
        people[role] = staff(f"{role}@desk.example", name)
        AccountTeamMember.objects.create(role=role, user=people[role])
    every = {"may_report": True, "may_change": True, "may_approve": True, "may_escalate": True}
    return Cast(
        northgate=northgate, other=other,
        ada=contact(northgate, "Ada Lund", "ada@northgate.example", "+61355500142", **every),
        al=contact(northgate, "Al Ortiz", "al@northgate.example", "+61355500143"),
        dee=contact(other, "Dee Farouk", "dee@calder.example", "+61355500177", **every),
        bo=staff("bo@desk.example", "Bo Raman", "agent", teams=(l1,)),
        cy=staff("cy@desk.example", "Cy Lindqvist", "supervisor", "approver_service", teams=(l1, l2, l3)),
        mo=staff("mo@desk.example", "Mo Tan", "duty_manager", "approver_monitoring"),
        sam=staff("sam@desk.example", "Sam Okafor", "agent", teams=(l2,)),
        l1=l1, l2=l2, l3=l3, noc=noc, calendar=calendar, site=site, service=service, other_service=other_service,
        people=people,
    )  # fmt: skip


def calendars() -> frozenset[tuple[int, str]]:
    """The calendars that are there already: the cast and the shipped policies build upon each other's."""
    return frozenset(Calendar.objects.values_list("pk", "name"))


_KEPT = KeptRows(make_cast, calendars)


def kept_cast() -> Cast:
    """Return what `make_cast` makes, with the same keys every time, put back by one statement."""
    return _KEPT.put()
