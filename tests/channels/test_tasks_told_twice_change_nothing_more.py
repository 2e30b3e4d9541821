"""Every registered task, run by two workers at once and once more: the same rows as run once, each message once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from channels import tasks
from channels.fakes import recording
from channels.models import DeliveryAttempt
from escalation.models import Notification
from ledger.clock import real_now
from ledger.models import Anchor, Entry, OutboxMessage
from servicedesk.celery import app
from tests.channels.parts import make_ticket, page, tell
from tests.factories.cast import make_cast
from tickets.models import Commitment, Suspension, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("only_deliveries")]


def ours() -> list[str]:
    """Names of our own tasks, not Celery's."""
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def at_once(name: str, times: int = 2) -> None:
    """Run one task in several threads at the same instant; an error in any of them fails the test."""
    barrier, errors = threading.Barrier(times), []

    def work() -> None:
        barrier.wait()
        try:
            app.tasks[name].run()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def snapshot() -> list:
    """What a task may change, without counters of tries."""
    return [
        list(Entry.objects.order_by("pk").values_list("chain", "seq", "name", "hash")),
        list(OutboxMessage.objects.order_by("pk").values_list("topic", "state")),
        list(Notification.objects.order_by("pk").values_list("pk", "state")),
        list(DeliveryAttempt.objects.order_by("pk").values_list("outbox", "notification", "outcome")),
        list(Ticket.objects.order_by("pk").values_list("state", "version", "acknowledged_at")),
        list(Commitment.objects.order_by("pk").values_list("state", "settled_at")),
        Anchor.objects.count(),
        [(letter.message_id, letter.subject) for letter in recording.letters],
    ]


@pytest.fixture
def work(sent, settings, tmp_path):
    """Something for each task to do."""
    settings.ANCHOR_DIR = tmp_path
    cast = make_cast()
    ticket = make_ticket(cast)
    tell(ticket, "ticket.verified", method="pin")
    tell(ticket, "ticket.resolved", code="fixed", cause_code="hardware")
    for user in (cast.cy, cast.mo, cast.bo):
        page(ticket, user)
    page(ticket, cast.bo, channel="web")
    early = real_now() - timedelta(days=40)
    Commitment.objects.create(ticket=ticket, kind="callback", due_at=early, made_at=early)
    paused = make_ticket(cast, "SD-000102", state="suspended")
    Suspension.objects.create(
        ticket=paused, state="approved", reason_code="parts", reason="x", until=early, requested_at=early,
        consent=True, approved_at=early,
    )  # fmt: skip
    return cast


@pytest.mark.parametrize("name", ours())
def test_twice_at_once_and_again_is_as_once(work, name):
    at_once(name)
    once = snapshot()
    at_once(name)
    assert snapshot() == once


def test_between_them_the_tasks_do_all_there_is_to_do(work):
    for name in ("channels.housekeeping", "channels.anchor", "channels.deliver"):
        at_once(name)

    assert Ticket.objects.get(number="SD-000102").state == "l1"
    assert Commitment.objects.get().state == "broken"
    assert Anchor.objects.count() == 1
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}
    ids = [letter.message_id for letter in recording.letters]
    assert len(ids) == len(set(ids))


def test_our_tasks_are_the_ones_beat_and_the_bell_call():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled | {"channels.deliver"} == set(ours())
    assert tasks.deliver.name == "channels.deliver"
