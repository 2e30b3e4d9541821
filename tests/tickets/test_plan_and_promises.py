"""The plan and the promises of a ticket (A-08, C-04, C-09, C-10)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.refusals import refused
from tickets.commands import housekeeping, plan
from tickets.models import Commitment, WorkItem

pytestmark = pytest.mark.django_db


@pytest.mark.rule("A-08")
def test_a_step_without_an_owner_is_refused_by_command_and_database(path, cast):
    ticket = path.signed()
    with refused("no_owner"):
        plan.add_work_item(ticket_id=ticket.pk, title="Ring the supplier", actor=cast.bo_actor, at=path.tick())
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkItem.objects.create(ticket=ticket, source="plan", title="Ring the supplier", created_at=path.now)


def test_a_step_is_done_once_and_a_mandatory_one_with_evidence(path, cast):
    item = plan.add_work_item(
        ticket_id=path.signed().pk, title="Ring the supplier", owner_user_id=cast.bo.pk, mandatory=True,
        actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    with refused("placeholder", "evidence"):
        plan.finish_work_item(work_item_id=item.pk, actor=cast.bo_actor, at=path.tick())
    plan.finish_work_item(work_item_id=item.pk, evidence="Part ships today", actor=cast.bo_actor, at=path.tick())
    with refused("settled"):
        plan.skip_work_item(work_item_id=item.pk, reason="Not needed now", actor=cast.bo_actor, at=path.tick())


@pytest.mark.rule("C-09")
@pytest.mark.rule("C-10")
def test_a_promise_moves_before_it_is_due_with_words_and_never_after(path, cast):
    ticket, due = path.signed(), path.now + timedelta(hours=1)
    made = plan.promise(ticket_id=ticket.pk, kind="next_update", due_at=due, actor=cast.bo_actor, at=path.tick())
    later = {"due_at": due + timedelta(hours=1), "explanation": "The part comes later", "actor": cast.bo_actor}
    moved = plan.move_promise(commitment_id=made.pk, at=path.tick(), **later)
    assert Commitment.objects.get(pk=made.pk).moved_to == moved
    with refused("too_late", "due_at"):
        plan.move_promise(commitment_id=moved.pk, at=moved.due_at, **(later | {"due_at": due + timedelta(days=1)}))


@pytest.mark.rule("C-04")
def test_a_promise_is_kept_in_time_or_broken_by_time(path, cast):
    ticket, due = path.signed(), path.now + timedelta(hours=1)
    first, second = (
        plan.promise(ticket_id=ticket.pk, kind="callback", due_at=due, actor=cast.bo_actor, at=path.tick())
        for _n in "ab"
    )
    plan.keep_promise(commitment_id=first.pk, actor=cast.bo_actor, at=due)
    assert housekeeping.break_overdue(at=due) == 0
    assert housekeeping.break_overdue(at=due + timedelta(seconds=1)) == 1
    assert [Commitment.objects.get(pk=p.pk).state for p in (first, second)] == ["kept", "broken"]
