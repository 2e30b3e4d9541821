from datetime import timedelta

import pytest
from django.urls import reverse

from escalation.commands.acknowledge import acknowledge
from escalation.commands.fire import fire_all
from escalation.models import Firing, Notification
from tests.factories.clocks import MINUTE
from tests.tickets.path import Path
from tickets.commands import plan
from tickets.commands.resume import resume


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


@pytest.fixture
def where():
    return lambda ticket, name="ticket-timeline": reverse(f"supervisor:{name}", args=[ticket.number])


def paused(path):
    """A fault paused by Mo and Cy for half an hour, looked at an hour later; the engine looked every minute."""
    ticket = path.suspended()
    for _minute in range(30):
        fire_all(path.tick())
    resume(ticket_id=ticket.pk, reason="The clinic is open", actor=path.cast.bo_actor, at=path.tick())
    for _minute in range(30):
        fire_all(path.tick())
    return ticket


def test_a_pause_is_hatched_with_who_approved_it_and_the_table_and_the_data_say_so(path, signed_in, desk_time, where):
    ticket = paused(path)
    desk_time(path.now)
    client = signed_in(path.cast.cy)

    page = client.get(where(ticket)).content.decode()
    data = client.get(where(ticket, "ticket-timeline-json")).json()

    assert 'data-stretch="paused"' in page and page.count("approved by Mo Tan (monitoring)") >= 2
    [clock] = [one for one in data["clocks"] if one["policy"] == "Fault handling"]
    [pause] = [one for one in clock["stretches"] if one["kind"] == "paused"]
    assert set(pause["approved_by"]) == {"Mo Tan (monitoring)", "Cy Lindqvist (customer service)"}
    assert {"armed", "planned"} <= {mark["state"] for mark in clock["marks"]}


def test_every_link_of_the_chain_of_proof_stands_on_its_persons_lane(path, signed_in, desk_time, where):
    ticket = path.triaged(urgency="high", impact="high")
    fire_all(ticket.dispatched_at + 6 * MINUTE)
    at, page = ticket.dispatched_at + 6 * MINUTE, Notification.objects.filter(ticket=ticket, user=path.cast.cy).first()
    second = timedelta(seconds=1)
    proof = {"sent_at": at + second, "receipt_at": at + 2 * second, "receipt": "delivered", "seen_at": at + 9 * second}
    Notification.objects.filter(pk=page.pk).update(state="seen", **proof)
    held = Notification.objects.filter(ticket=ticket, user=path.cast.cy).exclude(pk=page.pk)
    held.update(state="bundled", held_at=at + 3 * second)
    firing = Firing.objects.get(pk=page.firing_id)
    acknowledge(firing_id=firing.pk, actor=path.cast.cy_actor, at=at + 20 * second)
    desk_time(at + MINUTE)
    client = signed_in(path.cast.cy)

    shown = client.get(where(ticket)).content.decode()
    people = client.get(where(ticket, "ticket-timeline-json")).json()["people"]

    told = next(one["told"] for one in people if one["name"] == path.cast.cy.name)
    assert {one["what"] for one in told} >= {"sent", "delivered", "seen", "acknowledged", "bundled"}
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert all(f'data-told="{what}" cx' in shown for what in ("sent", "delivered", "seen", "acknowledged", "bundled"))


def test_who_is_called_if_nobody_acts_by_a_time_is_asked_by_a_plain_form(path, signed_in, desk_time, where):
    ticket = path.triaged(urgency="high", impact="high")
    fire_all(path.tick())
    desk_time(path.now)
    client = signed_in(path.cast.cy)
    begun = ticket.dispatched_at

    def called(minutes: int) -> list[str]:
        by = (begun + minutes * MINUTE).isoformat()
        return client.get(where(ticket, "ticket-timeline-json"), {"by": by}).json()["called"]

    assert "Ivan Petrov" not in called(110)  # the director of the response centre, at 120 minutes
    assert "Ivan Petrov" in called(125)
    page = client.get(where(ticket), {"by": (begun + 125 * MINUTE).isoformat()}).content.decode()
    assert "if nobody acts: " in page and "Ivan Petrov" in page.split("data-ask-said")[1].split("</p>")[0]
    assert len(called(47 * 60)) > len(called(125))  # beyond the four hours: the picture grows to it


@pytest.mark.parametrize("said", ["soon", "2026-13-40T99:00", "2001-01-01T00:00", "2031-01-01T00:00"])
def test_a_time_of_no_use_is_answered_with_a_sentence(path, signed_in, desk_time, where, said):
    ticket = path.triaged()
    desk_time(path.now)

    page = signed_in(path.cast.cy).get(where(ticket), {"by": said})

    assert (page.status_code, "Choose a time after now" in page.content.decode()) == (200, True)


def test_more_promises_cost_no_more_queries(path, signed_in, desk_time, where, django_assert_max_num_queries):
    ticket = path.signed()
    for number in range(6):
        due = path.now + (40 + number) * MINUTE
        plan.promise(ticket_id=ticket.pk, kind="callback", due_at=due, actor=path.cast.bo_actor, at=path.tick())
    for _minute in range(60):
        fire_all(path.tick())
    desk_time(path.now)
    client = signed_in(path.cast.cy)
    client.get(where(ticket))

    with django_assert_max_num_queries(15):
        page = client.get(where(ticket)).content.decode()

    assert page.count("Promises to customers") > 6
