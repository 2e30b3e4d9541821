"""The acceptance world with canaries in everything that A wrote, loaded once for the package and rolled back after."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import override_settings

from accounts.actors import actor_for
from accounts.models import Contact, Organisation, Team, User
from catalogue.models import Service, Site
from escalation.models import Timer
from ledger import clock
from servicedesk.demo.acceptance.document import document
from servicedesk.demo.acceptance.world import build
from tests.data.conftest import kept_for_the_module
from tests.security.wall.floor import plant_floor
from tests.security.wall.majors import plant_major
from tests.security.wall.on_call import plant_roster
from tests.security.wall.reports import plant_report
from tests.security.wall.shifts import plant_handover
from tests.security.wall.simulations import plant_simulation
from tests.security.wall.world import CANARY, World, outsiders, signed_in, with_token
from tickets.commands.note import add_note
from tickets.commands.plan import add_work_item, promise
from tickets.models import Appointment, Attachment, Interaction, Note, Ticket, WorkItem


@pytest.fixture(scope="package")
def acceptance(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict]:
    """The acceptance world: what tests from outside know of it."""
    folder = tmp_path_factory.mktemp("wall")
    own_keys = {"default": settings.CACHES["default"] | {"KEY_PREFIX": folder.name}}
    with (
        override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media", CACHES=own_keys),
        kept_for_the_module(django_db_blocker),
    ):
        build(clock.now())
        yield document()


@pytest.fixture(autouse=True)
def _fresh_limits():
    """No test answers 429 because of the one before it."""
    cache.clear()


@pytest.fixture(scope="package")
def world(acceptance) -> World:
    """Canaries planted, everybody signed in."""
    a, b = acceptance["organisations"]["A"], acceptance["organisations"]["B"]
    _plant(a["account_number"], a["tickets"]["everything"])
    ids = {**a["objects"], "organisation": a["id"], "contact": a["contacts"]["all"]["id"], "site": a["sites"][0],
           "service": next(iter(a["services"].values())), "number": a["tickets"]["everything"]}  # fmt: skip
    organisation = Organisation.objects.get(uuid=a["id"])
    ids["entitlement"] = str(organisation.entitlements.get().uuid)
    ids["call"] = _unfinished_call(organisation)
    ids["why_clock"], ids["why_code"] = _promise_with_words(ids["number"])
    agent, lead = (User.objects.get(email=f"{box}@acceptance.example") for box in ("agent", "supervisor"))
    ids["appointment"] = _meeting(ids["number"])
    ids |= plant_roster(organisation, agent, lead, f"{CANARY} on call", clock.now())
    ids["simulation"] = plant_simulation(lead, f"{CANARY} case", ids["number"], clock.now())
    ids["report"] = plant_report(Ticket.objects.get(number=ids["number"]), agent, f"{CANARY} report", clock.now())
    ids["major"] = plant_major(organisation, lead, clock.now())
    ids["handover"] = plant_handover(Ticket.objects.get(number=ids["number"]), lead, f"{CANARY} shift", clock.now())
    ids |= plant_floor(organisation, agent, f"{CANARY} window", clock.now())
    far, ladder = outsiders()
    staff, tokens = acceptance["staff"], acceptance["tokens"]
    made = World(ids=ids, own_number=b["tickets"]["everything"])
    made.addresses = (b["contacts"]["all"]["email"], far, ladder)
    made.clients = {
        "customer of B": signed_in(b["contacts"]["all"]["email"]), "agent of another region": signed_in(far),
        "ladder of B": signed_in(ladder), "token of B": with_token(tokens["bound_b"]["token"]),
        "stranger": with_token("x" * 64), "agent": signed_in(staff["agent"]["email"]),
        "supervisor": signed_in(staff["supervisor"]["email"]),
        "approver": signed_in(staff["approver_monitoring"]["email"]),
        "customer of A": signed_in(a["contacts"]["all"]["email"]),
        "token of A": with_token(tokens["bound_a"]["token"]), "token of all": with_token(tokens["all"]["token"]),
    }  # fmt: skip
    del made.clients["stranger"].defaults["HTTP_AUTHORIZATION"]
    return made


def _plant(account: str, number: str) -> None:
    """Put the canary into every text of A: titles, notes, plan, promise, file, people, places, services."""
    organisation, at = Organisation.objects.get(account_number=account), clock.now()
    agent = actor_for(User.objects.get(email="agent@acceptance.example"))
    ticket = Ticket.objects.get(number=number)
    on = {"ticket_id": ticket.pk, "actor": agent, "at": at}
    Interaction.objects.filter(ticket__organisation=organisation).update(ended_at=at, caller_number="+61399KANARIE")
    file = SimpleUploadedFile(f"{CANARY}.txt", f"{CANARY} in the file".encode(), "text/plain")
    add_note(body=f"{CANARY} public", public=True, attachments=[file], **on)
    hidden = SimpleUploadedFile(f"{CANARY}-inner.txt", b"inner", "text/plain")
    add_note(body=f"{CANARY} internal", public=False, attachments=[hidden], **on)
    add_work_item(title=f"{CANARY} item", owner_team_id=Team.objects.first().pk, due_at=None, public=True, **on)
    promise(kind="callback", due_at=at + timedelta(hours=1), text=f"{CANARY} promise", **on)
    marked = Value(f" {CANARY}")
    for rows, column in (
        (Ticket.objects.filter(organisation=organisation), "title"),
        (Ticket.objects.filter(organisation=organisation), "caller_name"),
        (Contact.objects.filter(organisation=organisation), "name"),
        (Site.objects.filter(organisation=organisation), "name"),
        (Service.objects.filter(organisation=organisation), "name"),
        (Organisation.objects.filter(pk=organisation.pk), "name"),
        (WorkItem.objects.filter(ticket__organisation=organisation), "title"),
        (Attachment.objects.filter(ticket__organisation=organisation), "name"),
        (Note.objects.filter(ticket__organisation=organisation, author_contact__isnull=False), "author_name"),
    ):
        rows.update(**{column: Concat(F(column), marked)})


def _unfinished_call(organisation: Organisation) -> str:
    """A call of A that was proved and led to no ticket yet; its public id."""
    agent, at = User.objects.get(email="agent@acceptance.example"), clock.now()
    made = Interaction.objects.create(
        channel="call", direction="in", caller_number="+61399KANARIE", started_at=at, ended_at=at, agent=agent,
        organisation=organisation, contact=organisation.contacts.order_by("pk").first(), verified=True,
    )  # fmt: skip
    return str(made.uuid)


def _meeting(number: str) -> str:
    """A consultation about a ticket of A; its public id."""
    at = clock.now() + timedelta(days=1)
    ticket = Ticket.objects.get(number=number)
    made = Appointment.objects.create(
        ticket=ticket, subject=f"{CANARY} meeting", place=f"{CANARY} place", starts_at=at, made_at=at,
        ends_at=at + timedelta(hours=1),
    )  # fmt: skip
    return str(made.uuid)


def _promise_with_words(number: str) -> tuple[str, str]:
    """A clock of the ticket and the code of a rule on it that customers read too."""
    timers = Timer.objects.filter(clock__ticket__number=number).exclude(rule__customer_label="")
    timer = timers.select_related("clock").latest("pk")
    return str(timer.clock.uuid), timer.rule_code
