"""My day: all that is owed stands there with the way to do it, a promise is moved in time, the day is added up."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from escalation.models import RosterSlot
from servicedesk.desk.today import Today, today_of
from servicedesk.web.shell_facts import _owed
from tickets.commands import interaction, plan
from tickets.models import Commitment

DAY = reverse("desk:my-day")


@pytest.fixture
def owed(path, now):
    """A call-back promised, an item, an unfinished call, and the deadlines of a ticket of Bo's."""
    ticket = path.to("l1")
    bo = path.cast.bo_actor
    plan.promise(ticket_id=ticket.pk, kind="callback", due_at=path.now + timedelta(hours=1), text="Result of the test",
                 actor=bo, at=path.tick())  # fmt: skip
    plan.add_work_item(ticket_id=ticket.pk, title="Order a part", owner_user_id=path.cast.bo.pk, actor=bo,
                       at=path.tick())  # fmt: skip
    call = path.ring()
    interaction.save_draft(user=path.cast.bo, key=f"call:{call.uuid}", data={"find": "x"}, at=path.tick())
    interaction.end_interaction(interaction_id=call.pk, actor=bo, at=path.tick())
    now()
    return ticket


def test_everything_owed_stands_there_with_the_way_to_do_it(bo, owed, path):
    RosterSlot.objects.create(role="agent", user=path.cast.bo, during=(path.now, path.now + timedelta(minutes=30)))

    page = bo.get(DAY).content.decode()

    for words in ("Result of the test", "Order a part", "Call without a ticket", "draft saved", "Line down",
                  "Before ", "After your shift", "shift until", "Cannot keep a promise?"):  # fmt: skip
        assert words in page, words
    assert reverse("desk:ticket-call", args=[owed.number]) in page
    assert "Order a part" not in bo.get(DAY, {"kind": "callback"}).content.decode()
    total = bo.get(DAY).context["total"]
    assert total == _owed(path.cast.bo_actor) >= 4


def test_a_promise_is_moved_here_before_it_is_due(bo, owed, path, now):
    promise = Commitment.objects.get(state="open")
    later = (path.now + timedelta(hours=3)).astimezone(ZoneInfo("UTC"))
    said = {"promise": str(promise.uuid), "due_at": f"{later:%Y-%m-%dT%H:%M}", "explanation": ""}

    refused = bo.post(reverse("desk:my-day-move"), said)
    assert refused.status_code == 422 and Commitment.objects.get(state="open") == promise
    assert bo.post(reverse("desk:my-day-move"), {**said, "explanation": "The test runs on"}).status_code == 303

    assert Commitment.objects.get(state="open").due_at > promise.due_at
    assert Commitment.objects.get(pk=promise.pk).state == "moved"


def test_the_day_is_added_up(path, owed, now):
    bo = path.cast.bo_actor
    promise = Commitment.objects.get(state="open")
    plan.keep_promise(commitment_id=promise.pk, actor=bo, at=path.tick())

    found = today_of(bo, path.now)

    assert isinstance(found, Today) and (found.kept, found.settled) == (1, 1)
    assert found.calls >= 0 and found.solved == 0
    assert today_of(bo, path.now + timedelta(days=1)) == Today(0, 0, 0, 0, 0)


def test_the_day_is_taken_away_as_a_calendar_without_names(bo, owed):
    answer = bo.get(reverse("desk:my-day-calendar"))

    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert len(events) >= 3 and any(owed.number in str(event["summary"]) for event in events)
    assert "Northgate" not in answer.content.decode()
