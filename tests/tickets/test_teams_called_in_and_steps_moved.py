"""Other teams engaged from any ticket (P-04), steps moved before they are due (C-10), restriction by hand (V-11)."""

from datetime import timedelta

import pytest

from accounts.models import Team
from escalation.models import Timer
from ledger.models import Entry, OutboxMessage
from tests.refusals import refused
from tickets.commands import engage, plan, settle, share
from tickets.models import Ticket


@pytest.fixture
def ticket(policies, path):
    return path.to("l1")


@pytest.fixture
def other(ticket):
    return Team.objects.create(name="Premise engineering", tier="function", email="premise@desk.example")


@pytest.mark.rule("P-04")
def test_an_engaged_team_gets_a_step_of_its_own_and_hears_by_mail_and_chat_once(path, cast, ticket, other):
    ask = {"ticket_id": ticket.pk, "team_id": other.pk, "actor": cast.bo_actor}

    item = engage.engage(**ask, text="Look at the lift shaft", at=path.tick())

    assert (item.owner, item.title, item.source) == (other, "Look at the lift shaft", "engagement")
    fact = Entry.objects.get(name="ticket.team_engaged")
    topics = set(OutboxMessage.objects.filter(entry=fact).values_list("topic", flat=True))
    assert topics == {"mail.team_engaged", "chat.team_engaged"}
    with refused("already_engaged", "team_id"):
        engage.engage(**ask, text="Again", at=path.tick())
    with refused("own_team", "team_id"):
        engage.engage(**(ask | {"team_id": ticket.team_id}), text="Help", at=path.tick())


@pytest.mark.rule("C-10")
def test_a_step_moves_before_it_is_due_with_a_reason_and_its_clock_with_it(path, cast, ticket):
    due = path.now + timedelta(hours=2)
    item = plan.add_work_item(
        ticket_id=ticket.pk, title="Swap the card", owner_user_id=cast.bo.pk, due_at=due, actor=cast.bo_actor,
        at=path.tick(),
    )  # fmt: skip
    move = {"work_item_id": item.pk, "actor": cast.bo_actor}

    with refused("no_reason"):
        settle.extend_work_item(**move, due_at=due + timedelta(hours=1), reason=" ", at=path.tick())
    with refused("not_later", "due_at"):
        settle.extend_work_item(**move, due_at=due, reason="Parts are late", at=path.tick())
    settle.extend_work_item(**move, due_at=due + timedelta(hours=1), reason="Parts are late", at=path.tick())

    item.refresh_from_db()
    assert item.due_at == due + timedelta(hours=1)
    armed = Timer.objects.filter(clock__subject_kind="work_item", clock__subject_id=item.pk, state="armed")
    assert due + timedelta(hours=1) in set(armed.values_list("due_at", flat=True))
    assert due not in set(armed.values_list("due_at", flat=True))
    with refused("too_late", "due_at"):
        settle.extend_work_item(**move, due_at=due + timedelta(days=1), reason="Late", at=due + timedelta(hours=1))


def test_a_ticket_restricted_by_hand_stays_with_its_owner_and_whoever_restricted_it(path, cast, ticket):
    Ticket.objects.filter(pk=ticket.pk).update(owner=cast.bo)

    share.restrict_ticket(ticket_id=ticket.pk, reason="A person is named", actor=cast.cy_actor, at=path.tick())

    assert Ticket.objects.visible_to(cast.bo_actor).filter(pk=ticket.pk).exists()
    assert Ticket.objects.visible_to(cast.cy_actor).filter(pk=ticket.pk).exists()
    again = {"ticket_id": ticket.pk, "reason": "It is over", "at": path.tick()}
    with refused("nothing_changed"):
        share.restrict_ticket(**again, actor=cast.bo_actor)
    with refused("restricted_stays", "restricted"):
        share.lift_restriction(**again, actor=cast.bo_actor)
