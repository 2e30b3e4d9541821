"""A key, a reply, a tap and a receipt at once: one confirmation, no deputy woken after it (X-04, I7)."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from channels import leases, pages, receipts
from channels.fakes import recording
from escalation.commands.answers import confirm_by_keypad, take_reply
from escalation.commands.close import close_escalation
from escalation.commands.confirm import confirm_by_link
from escalation.commands.fire import fire_all
from escalation.models import Notification
from escalation.replies import Check, Reply
from escalation.seed import seed_policies
from ledger.actor import SYSTEM
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import Entry
from tests.concurrency import Elsewhere
from tests.factories.cast import make_cast
from tests.factories.clocks import MINUTE
from tests.factories.formal import duty, escalate, link, verified_ticket


@pytest.fixture
def asked(transactional_db, nine, settings):
    """An unconfirmed duty asked by mail, by voice and with a link, all handed over, committed."""
    settings.OUTBOUND, settings.BREAK_GLASS = "record", ["glass@desk.example"]
    cast = make_cast()
    seed_policies(at=nine)
    made = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    row = duty(made, "account_manager")
    link(row, nine)
    mail = Notification.objects.get(duty=row, channel="email")
    Notification.objects.filter(duty=row).update(state="sent")
    voice = Notification.objects.get(pk=mail.pk)
    voice.pk, voice.channel, voice.uuid, voice.idem_key, voice.state = None, "voice", uuid.uuid4(), uuid.uuid4(), "sent"
    voice.save()
    yield row
    recording.clear()


def of(row, channel: str) -> Notification:
    return Notification.objects.get(duty=row, channel=channel, user=row.person)


def press(row, at) -> str:
    try:
        confirm_by_keypad(reference=of(row, "voice").idem_key, digit="1", call="c", at=at)
    except Refused as refusal:
        return refusal.code
    return "confirmed"


def answer(row, at) -> str:
    sender = row.person.email
    check = Check(method="dkim", domain=sender.partition("@")[2], passed=True)
    return take_reply(
        reply=Reply(
            message_id="<r@x>", senders=(sender,), references=(f"<{of(row, 'email').idem_key}@servicedesk.example>",),
            text="CONFIRM", checks=(check,),
        ),
        at=at,
    )  # fmt: skip


def tap(row, at) -> str:
    try:
        confirm_by_link(token="tok-1", ip=None, user_agent="", at=at)
    except Refused as refusal:
        return refusal.code
    return "confirmed"


def apart(act, row, at) -> str:
    try:
        return act(row, at)
    finally:
        connection.close()


ACTS = (press, answer, tap)


@pytest.mark.rule("X-04")
@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(ACTS, 2)), ids=lambda act: act.__name__)
def test_the_second_waits_for_the_first_and_finds_it_confirmed(asked, nine, first, second):
    with transaction.atomic():
        assert first(asked, nine + MINUTE) == "confirmed"
        other = Elsewhere(second, asked, nine + MINUTE)
        assert other.is_waiting()
    assert other.result() == "already_confirmed"
    assert Entry.objects.filter(name="escalation.confirmed").count() == 1


@pytest.mark.rule("X-04")
def test_of_all_answers_at_once_one_confirms(asked, nine):
    with ThreadPoolExecutor(9) as pool:
        said = list(pool.map(lambda act: apart(act, asked, nine + MINUTE), ACTS * 3))
    assert said.count("confirmed") == 1
    assert set(said) <= {"confirmed", "already_confirmed", "link_used"}
    assert Entry.objects.filter(name="escalation.confirmed").count() == 1


@pytest.mark.rule("X-04")
def test_a_key_pressed_while_the_escalation_ends_confirms_nothing(asked, nine):
    with transaction.atomic():
        close_escalation(
            ticket_id=asked.escalation.ticket_id, reason="resolved", actor=SYSTEM, at=nine + MINUTE
        )  # fmt: skip
        pressed = Elsewhere(press, asked, nine + MINUTE)
        assert pressed.is_waiting()
    assert pressed.result() == "closed"


@pytest.mark.invariant("I7")
def test_whoever_was_asked_instead_is_not_woken_once_somebody_confirmed(asked, nine, settings):
    Notification.objects.filter(pk=of(asked, "voice").pk).update(state="failed")
    receipts.take(reference=of(asked, "email").idem_key, status="undelivered", ref="", at=nine + MINUTE)
    instead = Notification.objects.filter(duty=asked, state="pending").exclude(channel="web")
    assert instead.count() >= 1
    assert press(asked, nine + MINUTE) == "confirmed"
    Notification.objects.filter(state="pending").update(next_at=real_now() - timedelta(seconds=1))
    ids = list(instead.values_list("pk", flat=True))
    pages.send_notifications(200)
    assert set(Notification.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"superseded"}


@pytest.mark.invariant("I8")
def test_of_two_senders_at_once_each_page_is_claimed_by_one(asked):
    Notification.objects.update(state="superseded")
    row = of(asked, "email")
    Notification.objects.filter(pk=row.pk).update(state="pending", next_at=real_now() - timedelta(seconds=1))
    with transaction.atomic():
        _token, mine = leases.claim()
        _other, theirs = Elsewhere(leases.claim).result()
    assert mine is not None and mine.pk == row.pk and theirs is None
