"""The whole demonstration: people and promises first, then the stories, then what of it was sent long ago."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import override_settings

from accounts.models import Organisation
from catalogue.models import Alert
from escalation.models import Notification
from escalation.seed import seed_policies
from ledger.actor import SYSTEM
from ledger.models import Entry, OutboxMessage
from ledger.record import record
from servicedesk.demo import calendars, centre, clients, director, handovers, kept_views, planned, reach, rosters, sheet
from servicedesk.demo.customers import CLIENTS, PINS
from servicedesk.demo.desk import Desk
from servicedesk.demo.stories import board, ended, gate, hero, major, working
from tickets.models import MajorIncident, Ticket
from tickets.seed import seed_configuration

CHAIN = "demo:world"
STORIES = [*hero.STORIES, *board.STORIES, *gate.STORIES, *working.STORIES, *ended.STORIES, *major.STORIES]
FRESH = timedelta(minutes=30)


def is_there() -> bool:
    """Whether the demonstration was loaded to its end. 1 query."""
    return Entry.objects.filter(chain=CHAIN, name="demo.loaded").exists()


def build(at: datetime) -> int:
    """Load everything as of `at` and return the number of timers that fired on the way.

    May be repeated after an interruption: people are made in one transaction, and a story whose ticket exists is
    not told twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    if not Entry.objects.filter(chain=CHAIN, name="demo.peopled").exists():
        people_it(at)
    desk = demo_desk(at)
    told = {*Ticket.objects.values_list("title", flat=True), *MajorIncident.objects.values_list("title", flat=True)}
    with override_settings(LEDGER_WIRING="servicedesk.demo.quiet"):
        scripts = [script(desk, title) for title, script in STORIES if title not in told]
        fired = director.perform([*scripts, *handovers.scripts(at)], until=at, engine_id="demo")
        planned.make_planned(desk)
    with transaction.atomic():
        _alerts(desk)
        reach.make_ways(desk, at)
        settle_old_mail(at)
        record("demo.loaded", chain=CHAIN, actor=SYSTEM, at=at, stories=len(STORIES))
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
    return fired


def demo_desk(at: datetime) -> Desk:
    """Return the demonstration's people as they stand in the tables."""
    accounts = {row.account_number: row for row in Organisation.objects.all()}
    pins = {client.key: PINS[number % len(PINS)] for number, client in enumerate(CLIENTS)}
    return Desk(at, {client.key: accounts[client.account] for client in CLIENTS}, pins)


@transaction.atomic
def people_it(at: datetime) -> None:
    """Make everything that stands before the first call: configuration, staff, customers, rosters, the token."""
    since = at - timedelta(days=60)
    seed_configuration()
    seed_policies(at=since)
    password = make_password(sheet.PASSWORD)
    teams = centre.make_teams()
    users = centre.make_staff(teams, password)
    organisations = clients.make_clients(calendars.make_calendars(at), password, at)
    centre.make_ladders(users, list(organisations.values()))
    centre.make_routes(teams)
    centre.make_scripts()
    rosters.make_rosters(users, teams, at)
    rosters.swap_a_shift(users, teams, at)
    kept_views.make_views(teams, since)
    sheet.write_sheet(centre.make_integration())
    record("demo.peopled", chain=CHAIN, actor=SYSTEM, at=at)


def settle_old_mail(at: datetime) -> None:
    """Mark what history told people as sent then; only the last half hour, and surveys, go out for real."""
    old = OutboxMessage.objects.filter(state="pending", entry__at__lt=at - FRESH).exclude(topic="mail.survey")
    old.update(state="sent")
    told = Notification.objects.filter(state="pending", created_at__lt=at - FRESH)
    told.update(state="sent", sent_at=F("created_at"), attempts=1)


def _alerts(desk: Desk) -> None:
    """What monitoring says now, and what it said yesterday."""
    said = [
        ("VT-88120", "Inbound answer rate 31%", True, 38, None), ("EPL-91006", "Round trip 142 ms", True, 125, None),
        ("MPLS-8801", "Loss of signal", True, 25, None), ("WDM-7710", "Receive power −27 dBm", True, 53, None),
        ("EPL-30277", "Packet loss 8%", True, 12, None), ("IPT-3301", "Temperature 61 °C", False, 2170, 2050),
    ]  # fmt: skip
    Alert.objects.bulk_create(
        Alert(
            organisation_id=desk.services[ident].organisation_id, service=desk.services[ident],
            key=f"{ident}:{summary}", summary=summary, traffic_affecting=hits, raised_at=desk.ago(since),
            cleared_at=desk.ago(until) if until else None,
        )
        for ident, summary, hits, since, until in said
    )  # fmt: skip
