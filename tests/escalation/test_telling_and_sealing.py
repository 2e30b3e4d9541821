import pytest
from django.db import DatabaseError, IntegrityError, transaction

from channels import dispatch
from channels.fakes import recording
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Firing, Notification, Sealed, Unsealed
from ledger.models import Entry
from tests.concurrency import in_another_connection
from tests.factories.clocks import MINUTE, dispatched_ticket, say
from tickets.models import Ticket


@pytest.fixture
def sink(settings):
    """Where mail would go."""
    settings.OUTBOUND = "record"
    recording.clear()
    yield recording
    recording.clear()


@pytest.mark.invariant("I7")
def test_a_page_whose_ticket_is_resolved_before_it_is_sent_is_never_sent(cast, rules, nine, sink):
    ticket = dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)

    say(ticket, "ticket.resolved", nine + 6 * MINUTE)
    dispatch.send_notifications()

    assert sink.letters == []
    assert set(Notification.objects.filter(channel="email").values_list("state", flat=True)) == {"superseded"}


@pytest.mark.invariant("I8")
def test_one_message_goes_out_per_key_and_asking_again_sends_nothing_more(cast, rules, nine, sink):
    dispatched_ticket(cast, nine)
    fire_all(nine + 10 * MINUTE)

    dispatch.send_notifications()
    dispatch.send_notifications()

    keys = [str(key) for key in Notification.objects.filter(channel="email").values_list("idem_key", flat=True)]
    assert len(sink.letters) == len(keys) == 2
    assert all(any(key in letter.message_id for letter in sink.letters) for key in keys)


@pytest.mark.invariant("I8")
def test_the_database_refuses_a_second_notification_with_the_same_key(cast, rules, nine):
    dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)
    key = Notification.objects.filter(channel="email").get().idem_key

    with pytest.raises(IntegrityError, match="idem_key"), transaction.atomic():
        Notification.objects.create(
            role="x", user=cast.bo, channel="email", idem_key=key, created_at=nine, next_at=nine
        )


def test_firings_are_sealed_into_the_tickets_chain_once_and_the_queue_shows_the_next_due(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    fire_all(nine + 10 * MINUTE)

    assert seal_firings() == 2
    assert seal_firings() == 0

    entries = Entry.objects.filter(chain=ticket.chain, name="timer.fired").order_by("seq")
    assert [(e.data["rule"], e.data["occurrence"], e.data["outcome"]) for e in entries] == [
        ("T-1", 1, "paged"),
        ("T-1D", 1, "paged"),
    ]
    assert entries[0].data["people"] == [str(cast.cy.uuid)]
    assert Sealed.objects.count() == Firing.objects.count() == 2
    assert not Unsealed.objects.exists()
    assert Ticket.objects.get(pk=ticket.pk).next_due_code == "M-1"


@pytest.mark.django_db(transaction=True)
def test_two_drivers_sealing_at_once_write_each_entry_once(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    fire_all(nine + 10 * MINUTE)

    with transaction.atomic():
        assert seal_firings() == 2
        assert in_another_connection(seal_firings) == 0
    assert seal_firings() == 0

    assert Entry.objects.filter(chain=ticket.chain, name="timer.fired").count() == 2


def test_a_firing_can_be_neither_changed_nor_deleted(cast, rules, nine):
    dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Firing.objects.update(outcome="moot")
