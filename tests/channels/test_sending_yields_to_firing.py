import pytest

from channels import tasks
from escalation.models import Timer
from ledger.clock import real_now
from ledger.models import OutboxMessage
from tests.channels.parts import make_clock, make_ticket, make_timer, queue

pytestmark = pytest.mark.django_db


def waiting() -> int:
    return OutboxMessage.objects.filter(state="pending").count()


def test_while_a_deadline_is_due_a_worker_sends_only_a_few_and_afterwards_all(cast):
    timer = make_timer(make_clock(make_ticket(cast)), "T-1", state="armed", due_at=real_now())
    for _n in range(3 * tasks.FEW):
        queue("mail.team_test", team=str(cast.noc.uuid))

    tasks.deliver()
    assert waiting() == 2 * tasks.FEW

    Timer.objects.filter(pk=timer.pk).update(state="cancelled")
    tasks.deliver()
    assert waiting() == 0
