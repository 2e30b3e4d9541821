"""Staff of every role, contacts of every authority, tokens of every scope."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import (
    AccountTeamMember,
    Contact,
    ContactPhone,
    Organisation,
    RoleGrant,
    ServiceAccount,
    Team,
    TeamMembership,
    User,
)
from accounts.models.staff import LadderRole, Role
from accounts.proofs import argon2
from catalogue.models import Entitlement, Service, Site
from catalogue.seed import ROUND_THE_CLOCK, seed_calendars

DOMAIN = "acceptance.example"
PASSWORD = "acceptance-2026-desk"  # noqa: S105
PIN = "582914"
TIERS = ("l1", "l2", "l3")
COMPANY_WIDE = ("director_support", "vp_customer_experience", "ceo", "centre_director", "deputy_gm")
AUTHORITIES = {
    "all": ("report", "change", "approve", "escalate"), "report": ("report",), "change": ("report", "change"),
    "approve": ("approve",), "escalate": ("report", "escalate"), "none": (),
}  # fmt: skip
EVERYTHING = (
    "tickets:read", "tickets:write", "tickets:restricted", "notes:internal", "customers:read", "escalations:read",
    "escalations:write",
)  # fmt: skip
READING = ("tickets:read", "customers:read", "escalations:read")
# token → scopes, organisation it is bound to (empty = none)
TOKENS = {
    "all": (EVERYTHING, ""), "read_only": (READING, ""), "bound_a": (EVERYTHING, "A"), "bound_b": (EVERYTHING, "B"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tenant:
    """One of the two organisations, as data."""

    key: str
    name: str
    account: str
    region: str
    zone: str
    number: str


TENANTS = (
    Tenant("A", "Acceptance Alpha", "ACC-A-001", "au", "Australia/Melbourne", "+6135550301"),
    Tenant("B", "Acceptance Beta", "ACC-B-001", "eu", "Europe/London", "+4420794603"),
)


def make_staff(password_hash: str) -> None:
    """One member of staff for each role, three teams whose agent is in all of them, everybody on the ladders."""
    teams = Team.objects.bulk_create(
        Team(name=f"Acceptance {tier.upper()}", tier=tier, queue_order=500, email=f"{tier}@{DOMAIN}") for tier in TIERS
    )
    for role in Role.values:
        user = _user(role, Role(role).label, "staff", password_hash, admin=role == Role.ADMINISTRATOR)
        RoleGrant.objects.create(user=user, role=role)
        if role in {Role.AGENT, Role.SUPERVISOR, Role.SECURITY}:
            TeamMembership.objects.bulk_create(TeamMembership(team=team, user=user) for team in teams)
    for role in LadderRole.values:
        user = _user(role, LadderRole(role).label, "staff", password_hash)
        if role in COMPANY_WIDE and not AccountTeamMember.objects.filter(organisation=None, role=role).exists():
            AccountTeamMember.objects.create(role=role, user=user)


def make_tenant(tenant: Tenant, password_hash: str, at: datetime) -> Organisation:
    """Create one organisation with contacts, site, service, entitlement and its account team."""
    since = at - timedelta(days=100)
    organisation = Organisation.objects.create(
        name=tenant.name, account_number=tenant.account, service_category="enterprise", segment="premium",
        region=tenant.region, time_zone=tenant.zone, production=True, created_at=since,
    )  # fmt: skip
    pin = argon2(PIN)
    for n, (word, held) in enumerate(AUTHORITIES.items()):
        label = f"Contact {tenant.key} {word}"
        user = _user(f"{tenant.key.lower()}.{word}", label, "contact", password_hash)
        contact = Contact.objects.create(
            organisation=organisation, name=label, email=user.email, user=user, pin_hash=pin, created_at=since,
            **{f"may_{authority}": authority in held for authority in Contact.AUTHORITIES},
        )  # fmt: skip
        ContactPhone.objects.create(contact=contact, number=f"{tenant.number}{n}")
    Contact.objects.create(
        organisation=organisation, name=f"Contact {tenant.key} inactive", active=False, created_at=since
    )
    site = Site.objects.create(organisation=organisation, name=f"Site {tenant.key}", time_zone=tenant.zone)
    Service.objects.create(
        service_id=f"ACC-{tenant.key}-1",
        organisation=organisation,
        type="network",
        name="Line",
        site=site,
        complete=True,
    )
    Entitlement.objects.create(
        organisation=organisation, plan="Acceptance", calendar=seed_calendars()[ROUND_THE_CLOCK], production=True,
        valid_from=since.date(),
    )  # fmt: skip
    users = {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}", kind="staff")}
    AccountTeamMember.objects.bulk_create(
        AccountTeamMember(organisation=organisation, role=role, user=users[f"{role}@{DOMAIN}"])
        for role in LadderRole.values
    )
    return organisation


def make_integrations(organisations: dict[str, Organisation]) -> None:
    """Create the service accounts of `TOKENS`."""
    for name, (scopes, bound) in TOKENS.items():
        user = _user(f"token.{name}", f"Integration {name}", "service", "!")
        ServiceAccount.objects.create(user=user, scopes=list(scopes), organisation=organisations.get(bound))


def _user(box: str, name: str, kind: str, password_hash: str, *, admin: bool = False) -> User:
    return User.objects.create(
        email=f"{box}@{DOMAIN}", name=f"Acceptance {name}" if kind == "staff" else str(name), kind=kind,
        password=password_hash, phone="+61355503999" if kind == "staff" else "", is_staff=admin, is_superuser=admin,
    )  # fmt: skip
