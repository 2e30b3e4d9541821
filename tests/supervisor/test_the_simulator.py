import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from escalation.commands.draft import begin_draft
from escalation.commands.fire import fire_all
from escalation.commands.simulate import run_waiting
from escalation.models import Firing, Simulation
from tests.factories.clocks import MINUTE
from tests.factories.policies import drafted
from tests.tickets.path import Path

KEY = "fault_handling"


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


def address() -> str:
    return reverse("supervisor:simulator", args=[KEY])


def asked(client, path, **more):
    days = {"first": path.now.date().isoformat(), "last": path.now.date().isoformat()}
    said = {"old": "1", "new": "draft", "source": "tickets"} | days | more
    return client.post(address(), said)


def test_a_draft_is_simulated_over_stored_tickets_and_the_difference_shown(path, signed_in, desk_time):
    ticket = path.triaged(urgency="high", impact="high")
    path.tick(60)
    desk_time(path.now)
    drafted(KEY, path.cast.cy_actor, path.now, T_4={"offset_s": 900})
    client = signed_in(path.cast.cy)

    answer = asked(client, path)
    waiting = client.get(answer.headers["Location"])
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert run_waiting(at=path.now) == 1
    page = client.get(answer.headers["Location"]).content.decode()

    assert answer.status_code == 303
    assert "The draft against version 1" in page
    assert "1 more" in page and ticket.number in page
    found = Simulation.objects.get()
    assert (found.state, found.done, found.found["added"]) == ("done", 1, 1)
    rows = list(csv.reader(io.StringIO(client.get(answer.headers["Location"] + "cases.csv").content.decode())))
    assert rows[1][:4] == [ticket.number, "added", "T-4", "1"]
    json = client.get(answer.headers["Location"] + "found.json").json()
    assert (json["versions"], json["differences"][0]["case"]) == (["1", "draft"], ticket.number)


def test_nothing_is_fired_and_nobody_told_by_a_simulation(path, signed_in, desk_time):
    path.triaged()
    desk_time(path.now + 60 * MINUTE)
    client = signed_in(path.cast.cy)
    begin_draft(key=KEY, actor=path.cast.cy_actor, at=path.now)

    asked(client, path)
    run_waiting(at=path.now + 60 * MINUTE)

    assert not Firing.objects.exists()


def test_only_tickets_its_requester_may_see_are_simulated(path, signed_in, desk_time, cast):
    ticket = path.triaged(urgency="high", impact="high")
    ticket.restricted = True
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True)
    desk_time(path.now + 60 * MINUTE)
    drafted(KEY, path.cast.cy_actor, path.now, T_4={"offset_s": 900})

    asked(signed_in(path.cast.mo), path)
    run_waiting(at=path.now + 60 * MINUTE)

    assert Simulation.objects.get().found["cases"] == 0


def test_a_made_up_storm_needs_no_tickets(path, signed_in, desk_time):
    desk_time(path.now)
    client = signed_in(path.cast.cy)

    answer = asked(client, path, new="1", source="storm")
    run_waiting(at=path.now)

    assert "500 cases, run by both versions" in client.get(answer.headers["Location"]).content.decode()


def test_one_ticket_is_simulated_by_its_number(path, signed_in, desk_time):
    path.triaged(urgency="high", impact="high")
    ticket = path.triaged(urgency="high", impact="high")
    desk_time(path.tick(60))
    client = signed_in(path.cast.cy)

    answer = asked(client, path, new="1", source="ticket", ticket=ticket.number.lower())
    run_waiting(at=path.now)

    assert Simulation.objects.get().done == 1
    assert ticket.number in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("wrong", [{"new": "9"}, {"source": "ticket"}, {"source": "ticket", "ticket": "SD-999999"},
                                   {"source": "rain"}, {"first": "2026-06-20", "last": "2026-06-01"}])  # fmt: skip
def test_what_cannot_be_simulated_is_refused_in_place(path, signed_in, desk_time, wrong):
    desk_time(path.now)

    answer = asked(signed_in(path.cast.cy), path, **({"new": "1"} | wrong))

    assert answer.status_code == 422
    assert not Simulation.objects.exists()


def test_an_agent_does_not_find_the_simulator_nor_others_results(path, signed_in, desk_time):
    desk_time(path.now)
    asked(signed_in(path.cast.cy), path, new="1")
    made = Simulation.objects.get()
    where = reverse("supervisor:simulation", args=[KEY, made.uuid])

    assert signed_in(path.cast.bo).get(address()).status_code == 404
    assert signed_in(path.cast.mo).get(where).status_code == 404
    assert signed_in(path.cast.cy).get(where).status_code == 200


def test_a_ticket_shows_who_is_called_next_if_nobody_acts(path, signed_in, desk_time):
    ticket = path.triaged(urgency="high", impact="high")
    fire_all(ticket.dispatched_at + 6 * MINUTE)
    desk_time(ticket.dispatched_at + 7 * MINUTE)
    client = signed_in(path.cast.cy)
    where = reverse("supervisor:ticket-timeline", args=[ticket.number])

    page = client.get(where).content.decode()

    assert "What happens next if nobody acts" in page
    assert "Ivan Petrov" in page  # the director of the response centre, at 120 minutes
    assert "Grace Muir" in page
    assert 'data-mark="planned"' in page and 'data-mark="fired"' in page or 'data-mark="late"' in page
    assert client.get(where, {"hours": "1"}).content.decode().count("Ivan Petrov") == 0
    assert client.get(where, {"hours": "7"}).status_code == 400


def test_a_strangers_ticket_is_not_found(path, signed_in, desk_time):
    desk_time(path.now + timedelta(minutes=1))
    ticket = path.triaged()
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True)

    assert signed_in(path.cast.mo).get(reverse("supervisor:ticket-timeline", args=[ticket.number])).status_code == 404
