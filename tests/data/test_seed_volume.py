"""A desk in bulk is filled in a database of its own, whole: chains verify, words are found, the driver stays out."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.actors import actor_for
from accounts.models import User
from ledger import clock
from ledger.apart import is_apart
from ledger.verify import verify
from servicedesk.demo.replay.database import Neighbour
from tickets.models import Note, Ticket, TicketWords
from tickets.queries_search import search_tickets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inside():
    """Point this connection at the bulk's database; back and gone in the end."""
    neighbour = Neighbour("volume")
    home = neighbour.settings["NAME"]

    def enter() -> None:
        connection.close()
        connection.settings_dict["NAME"] = neighbour.name(0)

    yield enter
    connection.close()
    connection.settings_dict["NAME"] = home
    neighbour.drop(neighbour.name(0))


def test_a_small_bulk_is_whole(inside):
    out = io.StringIO()
    call_command("seed_volume", tickets=400, notes=2000, contacts=200, live=1, keep=True, stdout=out)
    assert "2,000 notes" in out.getvalue()

    inside()

    assert is_apart()
    bulk = Ticket.objects.filter(pk__lte=400)
    assert (bulk.count(), Note.objects.filter(ticket__in=bulk).count()) == (400, 2000)
    assert 10 <= bulk.open().count() <= 40
    assert TicketWords.objects.count() == Ticket.objects.count()
    report = verify(at=clock.now())
    assert report.holds and report.entries > 2400, report.broken[:3]
    agent = actor_for(User.objects.get(email="agent0@desk.example"))
    found = search_tickets("ballarat CHG-", agent, clock.now()).rows
    assert found and all("Ballarat" in one.ticket.title + one.ticket.problem_where for one in found)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone()[0] == 0


def test_it_is_refused_in_production(settings):
    settings.ENV = "production"
    with pytest.raises(CommandError, match="refused"):
        call_command("seed_volume", tickets=20, notes=20)
