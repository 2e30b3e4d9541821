"""The small world of the model: seven customers, each with its zone and working week, and one centre."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from accounts.models import Organisation, Team, User
from catalogue.models import Calendar, Entitlement, Holiday, OpeningHours
from escalation.shipped import POLICIES
from escalation.simulator.shapes import version_of
from escalation.simulator.windows import Windows, us

FIRST, LAST = date(2025, 12, 1), date(2028, 1, 31)
NINE_TO_FIVE, NIGHT = (time(9), time(17)), (time(0, 30), time(4))
WEEK = (*((NINE_TO_FIVE,),) * 5, (), (NIGHT,))
HOLIDAY = date(2026, 10, 5)
# zone → instants near which its clocks change (those without a change have a plain week)
ZONES = {
    "UTC": ["2026-06-15T09:00"],
    "Europe/Brussels": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "Australia/Melbourne": ["2026-04-04T16:00", "2026-10-03T16:00"],
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    "Asia/Shanghai": ["2026-06-14T16:30"],
    "Asia/Kathmandu": ["2026-06-13T18:45"],
}
CHANGES = {zone: [us(datetime.fromisoformat(s).replace(tzinfo=UTC)) for s in said] for zone, said in ZONES.items()}
ROLES = (
    "supervisor", "duty_manager", "centre_director", "deputy_gm", "account_manager", "director_support",
    "vp_customer_experience", "ceo", "service_delivery_manager", "technical_account_manager", "regional_manager",
    "executive_support", "quality",
)  # fmt: skip


@dataclass(slots=True)
class Customer:
    """One customer, and the table of its calendar as the auditor has it."""

    organisation: Organisation
    calendar: Calendar
    windows: Windows
    zone: str


@dataclass(slots=True)
class World:
    """What every example begins with; examples roll back what they did to it."""

    customers: list[Customer]
    team: Team
    people: list[User]


def shapes() -> dict[str, dict]:
    """The shipped policies by key, as data."""
    return {shape["key"]: shape for shape in POLICIES}


def first_versions() -> dict:
    """Version 1 of every shipped policy, as the auditor has it."""
    return {key: version_of(shape) for key, shape in shapes().items()}


def make_world() -> World:
    """Create customers, one team and five people who hold no role: only the roster says who is on call."""
    team = Team.objects.create(name="Model L1", tier="l1", email="l1@model.example")
    people = [
        User.objects.create(
            email=f"p{n}@model.example", name=f"Person {n}", kind="staff", password="!", time_zone="UTC"
        )
        for n in range(5)
    ]
    return World([_customer(n, zone) for n, zone in enumerate(ZONES)], team, people)


def _customer(number: int, zone: str) -> Customer:
    calendar = Calendar.objects.create(name=f"Week {zone}", time_zone=zone)
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=day, opens=opens, closes=closes)
        for day, openings in enumerate(WEEK)
        for opens, closes in openings
    )
    Holiday.objects.create(calendar=calendar, on=HOLIDAY, name="Holiday")
    organisation = Organisation.objects.create(
        name=f"Customer {zone}", account_number=f"M-{number}", service_category="enterprise", segment="premium",
        region="", time_zone=zone, production=number % 2 == 0, created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    Entitlement.objects.create(organisation=organisation, plan="Model", calendar=calendar, valid_from=FIRST)
    return Customer(organisation, calendar, Windows(zone, WEEK, {HOLIDAY}, FIRST, LAST), zone)
