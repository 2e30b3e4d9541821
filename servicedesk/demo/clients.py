"""Customers with contacts, secrets, sites, services and entitlements, as rows."""

from datetime import date, datetime, timedelta

from accounts.models import Contact, ContactPhone, Organisation, SecurityQuestion, User
from accounts.proofs import argon2, normal_answer
from catalogue.models import Calendar, Entitlement, Service, Site
from catalogue.seed import ROUND_THE_CLOCK
from servicedesk.demo.customers import ALL, ANSWERS, CLIENTS, PINS, QUESTION, QUESTION_ZH, Client, Who

LETTERS = dict(zip(ALL, ("report", "change", "approve", "escalate"), strict=True))
TARGETS = {
    "P1": {"respond": 15, "resolve": 240}, "P2": {"respond": 30, "resolve": 1440},
    "P3": {"respond": 120, "resolve": 1440}, "P4": {"respond": 1440, "resolve": 2880},
}  # fmt: skip
PLANS = {"premium": "Premium, any hour", "managed": "Managed", "general": "Standard", "channel": "Channel partner"}


def make_clients(calendars: dict[str, Calendar], password_hash: str, at: datetime) -> dict[str, Organisation]:
    """Create all of `customers.CLIENTS`; return organisations by key. `calendars` by name."""
    since = at - timedelta(days=400)
    pins, answers = [argon2(pin) for pin in PINS], [argon2(normal_answer(answer)) for answer in ANSWERS]
    made = {}
    for number, client in enumerate(CLIENTS):
        organisation = _organisation(client, since)
        made[client.key] = organisation
        _entitle(client, organisation, calendars, at)
        contacts = [_contact(who, client, organisation, since, password_hash) for who in client.people]
        for contact in contacts:
            contact.pin_hash = pins[number % len(pins)]
        Contact.objects.bulk_update(contacts, ["pin_hash"])
        question = QUESTION_ZH if client.language != "en" else QUESTION
        SecurityQuestion.objects.bulk_create(
            SecurityQuestion(contact=contact, question=question, answer_hash=answers[number % len(answers)])
            for contact in contacts
        )
        _register(client, organisation)
    return made


def _organisation(client: Client, since: datetime) -> Organisation:
    return Organisation.objects.create(
        name=client.name, account_number=client.account, service_category=client.category, segment=client.segment,
        region=client.region, time_zone=client.zone, language=client.language, production=client.production,
        created_at=since,
    )  # fmt: skip


def _entitle(client: Client, organisation: Organisation, calendars: dict[str, Calendar], at: datetime) -> None:
    """Premium counts every hour; the others their office hours."""
    name = ROUND_THE_CLOCK if client.segment == "premium" and client.region != "au" else client.calendar
    Entitlement.objects.create(
        organisation=organisation, plan=PLANS[client.segment], calendar=calendars[name], targets=TARGETS,
        weekend_cover=client.segment == "premium", production=client.production,
        valid_from=date(at.year - 1, 7, 1), valid_to=date(at.year + 2, 6, 30),
    )  # fmt: skip


def _contact(who: Who, client: Client, organisation: Organisation, since: datetime, password_hash: str) -> Contact:
    email = f"{who.box}@{client.key}.example"
    user = None
    if who.portal:
        user = User.objects.create(
            email=email, name=who.name, kind="contact", time_zone=client.zone, language=client.language,
            password=password_hash,
        )  # fmt: skip
    contact = Contact.objects.create(
        organisation=organisation, name=who.name, job_title=who.job, email=email, preferred_channel=who.prefers,
        language=client.language, user=user, created_at=since,
        **{f"may_{word}": letter in who.may for letter, word in LETTERS.items()},
    )  # fmt: skip
    ContactPhone.objects.create(contact=contact, number=who.number, label="direct")
    return contact


def _register(client: Client, organisation: Organisation) -> None:
    """Write the registry: sites, services, what feeds what (A-09, A-10)."""
    sites = {
        name: Site.objects.create(
            organisation=organisation, name=name, time_zone=client.zone, region=client.region, address=name
        )
        for name in client.sites
    }
    services: dict[str, Service] = {}
    for what in client.services:
        services[what.ident] = Service.objects.create(
            service_id=what.ident, organisation=organisation, type=what.type, name=what.name, site=sites[what.site],
            state=what.state, criticality=what.criticality, complete=what.complete, segment=f"{client.region}-core",
            monitoring_keys=[f"{what.ident}:link", f"{what.ident}:loss"] if what.complete else [],
            remote_access=f"ssh via bastion {client.region}1" if what.complete else "",
            upstream=services.get(what.upstream),
        )  # fmt: skip
