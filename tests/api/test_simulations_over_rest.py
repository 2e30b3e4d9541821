import pytest

from escalation.commands.simulate import run_waiting
from escalation.models import Simulation
from ledger import clock
from tests.api.conftest import ALL, Integration, token
from tests.factories.clocks import MINUTE, dispatched_ticket
from tests.factories.policies import drafted

KEY = "fault_handling"


@pytest.fixture
def editor(cast, policies) -> Integration:
    return Integration(token("editor", [*ALL, "policies:write"]))


@pytest.fixture
def ticket(cast, nine, policies):
    """A fault of nine o'clock with nobody's hands on it, an hour later; a draft calls the director after 15 minutes."""
    made = dispatched_ticket(cast, nine)
    drafted(KEY, cast.cy_actor, nine + MINUTE, T_4={"offset_s": 900})
    clock.set_demo(demo_now=nine + 60 * MINUTE)
    return made


def asked(who: Integration, **more):
    return who.post("simulations/", {"policy": KEY, **more})


def test_a_draft_is_simulated_over_one_ticket_and_its_result_read(editor, ticket, nine):
    answer = asked(editor, ticket=ticket.number)
    where = answer.headers["Location"].removeprefix("/api/v1/")
    first = editor.get(where).json()
    run_waiting(at=nine + 60 * MINUTE)
    told = editor.get(where).json()

    assert (answer.status_code, answer.json()["old"], answer.json()["new"]) == (202, "1", "draft")
    assert (first["state"], first["result"]) == ("waiting", None)
    assert (told["state"], told["cases_done"], told["source"]["ticket"]) == ("done", 1, ticket.number)
    [one] = told["result"]["differences"]
    assert [(row["rule"], row["due_at"][:16]) for row in one["added"]] == [("T-4", "2026-06-15T09:15")]
    assert one["case"] == ticket.number and told["result"]["new"]["breaches"]["T-4"] == 1
    assert told["result"]["old"]["to_first_s"]["median"] == 300


def test_stored_tickets_and_scenarios_are_simulated_and_listed_without_results(editor, ticket, nine):
    asked(editor)
    asked(editor, scenario="storm", new="1")
    assert run_waiting(at=nine + 60 * MINUTE) == 2

    listed = editor.get("simulations/", state="done").json()["results"]

    assert [row["source"]["scenario"] for row in listed] == ["storm", None]
    assert [row["cases_done"] for row in listed] == [500, 1]
    assert {row["result"] for row in listed} == {None}


def test_asked_twice_under_one_key_it_is_one_simulation(editor, ticket):
    body = {"policy": KEY, "scenario": "night", "new": "1"}
    first = editor.post("simulations/", body, Idempotency_Key="k1")
    again = editor.post("simulations/", body, Idempotency_Key="k1")

    assert again.json() == first.json() and again.headers["Location"] == first.headers["Location"]
    assert Simulation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"policy": "none"}, 422, "unknown_policy"),
        ({"policy": "canary"}, 422, "not_simulated"),
        ({"new": "9"}, 422, "unknown_version"),
        ({"ticket": "SD-999999"}, 404, "unknown_ticket"),
        ({"policy": "telephone_answer", "new": "1", "ticket": "SD-000001"}, 422, "not_on_tickets"),
        ({"first": "2020-01-01T00:00:00Z"}, 422, "bad_times"),
        ({"scenario": "rain"}, 400, None),
        ({"scenario": "storm", "ticket": "SD-000001"}, 400, None),
        ({"colour": "red"}, 400, None),
    ],
)
def test_what_cannot_be_simulated_is_refused(editor, ticket, wrong, status, code):
    answer = asked(editor, **wrong)

    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code
    assert not Simulation.objects.exists()


def test_a_simulation_is_its_requesters_own_and_a_token_of_one_customer_makes_none(cast, editor, ticket):
    made = asked(editor, ticket=ticket.number).json()
    bound = Integration(token("bound", [*ALL, "policies:write"], organisation=cast.northgate))
    colleague = Integration(token("colleague", [*ALL, "policies:write"]))
    without = Integration(token("without", ALL))

    assert asked(bound, scenario="storm", new="1").status_code == 403
    assert asked(without, scenario="storm", new="1").status_code == 403
    for other in (bound, colleague):
        assert other.get(f"simulations/{made['id']}/").status_code == 404
        assert other.get("simulations/").json()["results"] == []
    assert Simulation.objects.count() == 1
