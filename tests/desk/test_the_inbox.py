"""The inbox: one's own notices, seen only when one says so."""

import uuid
from datetime import timedelta

from django.urls import reverse

from escalation.commands.fire import fire_all
from escalation.models import Ack, Notification


def notice(user, ticket, at) -> Notification:
    return Notification.objects.create(
        user=user, ticket=ticket, role="agent", why="Sign for it", channel="web", idem_key=uuid.uuid4(),
        created_at=at, next_at=at,
    )  # fmt: skip


def test_reading_marks_nothing_and_the_button_marks_one(bo, path, now, cast):
    ticket = path.to("l1")
    at = now()
    first, second = notice(cast.bo, ticket, at), notice(cast.bo, ticket, at)
    Notification.objects.exclude(pk__in=[first.pk, second.pk]).delete()

    assert ticket.number in bo.get(reverse("desk:inbox")).content.decode()
    assert Notification.objects.filter(seen_at=None).count() == 2
    assert bo.post(reverse("desk:inbox"), {"notice": str(first.uuid)}).status_code == 303
    assert list(Notification.objects.filter(seen_at=None)) == [second]
    bo.post(reverse("desk:inbox"))
    assert not Notification.objects.filter(seen_at=None).exists()


def test_a_page_is_acknowledged_from_the_inbox_once_and_seeing_it_acknowledges_nothing(agent_of, path, now, cast):
    path.triaged(urgency="high", impact="high")
    at = path.now + timedelta(minutes=15)
    fire_all(at)
    now(20)
    manager = agent_of(cast.people["account_manager"])
    page = Notification.objects.get(firing__rule_code="M-1", channel="web")
    assert "Acknowledge</button>" in manager.get(reverse("desk:inbox")).content.decode()

    manager.post(reverse("desk:inbox"), {"notice": str(page.uuid)})
    assert not Ack.objects.exists()
    act = {"notice": str(page.uuid), "act": "acknowledge"}
    assert manager.post(reverse("desk:inbox"), act).status_code == 303
    shown = manager.get(reverse("desk:inbox")).content.decode()
    manager.post(reverse("desk:inbox"), act)

    assert Ack.objects.get().user == cast.people["account_manager"]
    assert "Acknowledge</button>" not in shown and "Acknowledged" in shown


def test_nobody_marks_what_was_sent_to_somebody_else(agent_of, path, now, cast):
    ticket = path.to("l1")
    mine = notice(cast.bo, ticket, now())

    agent_of(cast.sam).post(reverse("desk:inbox"), {"notice": str(mine.uuid)})

    assert Notification.objects.get(pk=mine.pk).seen_at is None


def test_a_restricted_ticket_shows_its_number_only(bo, path, now, cast):
    ticket = path.to("l1")
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True, title="Data breach at the clinic")
    notice(cast.bo, ticket, now())

    page = bo.get(reverse("desk:inbox")).content.decode()

    assert ticket.number in page and "Data breach" not in page
