"""F7: the database's clock and the machine's differ; leases hold, pauses last, nothing new waits."""

from datetime import timedelta

import pytest

from channels import leases
from ledger import outbox
from ledger.clock import real_now
from ledger.models import OutboxMessage
from tests.channels.parts import make_ticket, page, queue

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F7")]
BACKOFF_OVER = timedelta(seconds=6)


class Machine:
    """The clock of the machine that sends, `off` from the database's."""

    def __init__(self, off: timedelta) -> None:
        self.off = off

    def __call__(self):
        return real_now() + self.off


@pytest.fixture(params=[timedelta(hours=-2), timedelta(seconds=90)], ids=["database +2 h", "database -90 s"])
def machine(request, monkeypatch):
    made = Machine(request.param)
    for module in (leases, outbox):
        monkeypatch.setattr(module, "real_now", made)
    return made


def test_a_page_is_sent_by_one_sender_and_rests_as_long_as_it_should(cast, machine):
    page(make_ticket(cast), cast.cy, next_at=machine())

    token, row = leases.claim()
    assert leases.rendered(token)
    assert leases.claim()[1] is None, "the renewed lease holds"
    assert leases.put_back(row, token, "451 later")
    assert leases.claim()[1] is None, "it rests"
    machine.off += BACKOFF_OVER

    assert leases.claim()[1] == row


def test_a_letter_is_sent_by_one_sender_and_rests_as_long_as_it_should(db, machine):
    row = queue("mail.any")
    OutboxMessage.objects.update(due_at=machine())

    token, rows = outbox.claim(1)
    assert rows == [row]
    assert outbox.renew(row.pk, token)
    assert outbox.claim(1)[1] == [], "the renewed lease holds"
    assert outbox.settle_failed(rows[0], token, "451 later")
    assert outbox.claim(1)[1] == [], "it rests"
    machine.off += BACKOFF_OVER

    assert outbox.claim(1)[1] == [row]
    assert outbox.renew(row.pk, token) is False, "the first sender's lease is gone"
