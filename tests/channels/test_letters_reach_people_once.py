"""The outbox: leased, at least once outside, once inside, one Message-ID per receiver for ever."""

from datetime import timedelta

import pytest

from channels import letters
from channels.failures import SendFailed
from channels.models import DeliveryAttempt
from ledger import outbox
from ledger.clock import real_now
from ledger.models import OutboxMessage
from tests.channels.parts import make_ticket, queue, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_deliveries")]


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


def make_due() -> None:
    """Let every lease and every backoff be over."""
    past = real_now() - timedelta(seconds=1)
    OutboxMessage.objects.filter(state="pending").update(due_at=past)
    OutboxMessage.objects.filter(state="sending").update(lease_until=past)


def test_a_row_is_sent_once_and_its_try_is_on_record(cast, sent):
    tell(make_ticket(cast), "ticket.resolved", code="fixed", cause_code="hardware")

    assert letters.send_outbox() == 2
    assert letters.send_outbox() == 0

    assert [letter.to.address for letter in sent.letters] == ["ada@northgate.example"]
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.outcome, attempt.n, attempt.recipient) == ("sent", 1, "ada@northgate.example")
    assert attempt.provider_ref and attempt.ended_at >= attempt.started_at
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_killed_between_sending_and_the_record_it_is_sent_again_under_the_same_message_id(cast, sent, monkeypatch):
    tell(make_ticket(cast), "ticket.verified", method="pin")

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("channels.attempts.end", die)
        with pytest.raises(Killed):
            letters.send_outbox()
    assert letters.send_outbox() == 0, "the lease of the dead sender still holds"
    make_due()
    assert letters.send_outbox() == 1

    first, second = sent.letters
    assert first.message_id == second.message_id
    assert list(DeliveryAttempt.objects.order_by("n").values_list("outcome", flat=True)) == ["lost", "sent"]


def test_killed_between_the_record_and_settling_nothing_is_sent_twice(cast, sent, monkeypatch):
    tell(make_ticket(cast), "ticket.verified", method="pin")

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "settle_sent", die)
        with pytest.raises(Killed):
            letters.send_outbox()
    make_due()
    letters.send_outbox()

    assert len(sent.letters) == 1
    assert OutboxMessage.objects.get().state == "sent"


def test_a_fault_that_may_pass_is_tried_again_after_5_15_45_and_60_seconds(cast, sent):
    tell(make_ticket(cast), "ticket.verified", method="pin")
    sent.refuse["ada@northgate.example"] = SendFailed("451 later")
    waits = []
    for _try in range(4):
        letters.send_outbox()
        row = OutboxMessage.objects.get()
        waits.append(round((row.due_at - real_now()).total_seconds()))
        assert row.state == "pending" and row.last_error == "451 later"
        make_due()
    assert waits == [5, 15, 45, 60]
    sent.refuse.clear()
    letters.send_outbox()
    assert OutboxMessage.objects.get().state == "sent"


def test_a_final_refusal_buries_the_row_at_once(cast, sent):
    tell(make_ticket(cast), "ticket.verified", method="pin")
    sent.refuse["ada@northgate.example"] = SendFailed("550 no such user", final=True)

    letters.send_outbox()

    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("dead", 1, "550 no such user")


def test_one_bad_receiver_of_many_does_not_keep_the_others_waiting(cast, sent):
    for user in (cast.cy, cast.mo):
        user.role_grants.create(role="security_lead")
    queue("mail.lock_notice", entry=tell(make_ticket(cast), "verification.failed", proof="pin"))
    sent.refuse["cy@desk.example"] = SendFailed("451 later")

    letters.send_outbox()
    assert [letter.to.address for letter in sent.letters] == ["mo@desk.example"]
    make_due()
    sent.refuse.clear()
    letters.send_outbox()

    assert [letter.to.address for letter in sent.letters] == ["mo@desk.example", "cy@desk.example"]
    assert OutboxMessage.objects.get().state == "sent"


def test_a_row_that_cannot_be_rendered_does_not_stop_the_queue(cast, sent, monkeypatch):
    ticket = make_ticket(cast)
    monkeypatch.setitem(letters.TOPICS, "mail.bad", lambda message: 1 / 0)
    queue("mail.bad")
    queue("mail.unheard_of")
    tell(ticket, "ticket.verified", method="pin")

    letters.send_outbox()

    assert len(sent.letters) == 1
    states = dict(OutboxMessage.objects.values_list("topic", "state"))
    assert states == {"mail.bad": "pending", "mail.unheard_of": "dead", "mail.acknowledgement": "sent"}


def test_a_restored_copy_sends_nothing_and_keeps_its_rows(cast, sent, settings):
    settings.OUTBOUND = "off"
    tell(make_ticket(cast), "ticket.verified", method="pin")

    assert letters.send_outbox() == 0
    assert OutboxMessage.objects.get().state == "pending" and sent.letters == []
