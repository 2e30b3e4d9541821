import pytest

from tickets.models import Ticket

TRIAGE = {
    "kind": "fault",
    "category": "network_degradation",
    "impact": "medium",
    "urgency": "medium",
    "scope": "single",
}


@pytest.fixture
def number(integration, new_ticket, cast) -> str:
    from tickets.models import RoutingRule

    for position, team in enumerate((cast.l1, cast.l2, cast.l3), 1):
        RoutingRule.objects.create(position=position, tier=team.tier, team=team)
    return integration.post("tickets/", new_ticket).json()["number"]


def test_a_command_answers_the_ticket_with_its_new_version(integration, number):
    before = integration.get(f"tickets/{number}/").json()["version"]

    answer = integration.run(number, "triage", TRIAGE)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["state"] in {"l1", "l2", "l3"}
    assert answer.json()["version"] > before


def test_without_if_match_a_command_that_changes_state_is_428(integration, number):
    answer = integration.post(f"tickets/{number}/triage/", TRIAGE)

    assert (answer.status_code, answer.json()["code"]) == (428, "version_needed")
    assert Ticket.objects.get(number=number).state == "triage"


def test_a_stale_version_is_412_and_says_the_present_one(integration, number):
    integration.run(number, "triage", TRIAGE)

    answer = integration.post(f"tickets/{number}/cancel/", {"reason": "Not needed any more"}, If_Match='"1"')

    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert answer.json()["version"] == Ticket.objects.get(number=number).version


def test_additive_commands_need_no_version_and_do_not_move_it(integration, number):
    integration.run(number, "triage", TRIAGE)
    before = Ticket.objects.get(number=number).version

    answer = integration.post(
        f"tickets/{number}/add-progress/", {"body": "We measure segment by segment now.", "public": True}
    )

    assert answer.status_code == 200, answer.json()
    assert answer.json()["version"] == before


def test_a_refusal_is_a_problem_document_with_code_and_sentence(integration, number):
    answer = integration.run(number, "confirm", {"how": "customer"})

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "code", "detail", "field"} <= set(answer.json())


def test_a_work_item_of_another_ticket_is_not_reached_through_this_one(integration, number, new_ticket, cast):
    other = integration.post("tickets/", new_ticket).json()["number"]
    integration.run(other, "triage", TRIAGE)
    integration.post(f"tickets/{other}/add-work-item/", {"title": "Measure the line", "owner_team": str(cast.noc.uuid)})
    item = integration.get("work-items/", ticket=other).json()["results"][0]["id"]

    answer = integration.post(
        f"tickets/{number}/finish-work-item/", {"work_item": item, "evidence": "Done and measured"}
    )

    assert answer.status_code == 400
    assert integration.get(f"work-items/{item}/").json()["state"] == "open"


@pytest.mark.rule("P-02")
def test_before_verification_the_api_refuses_like_every_other_door(integration, cast, new_ticket):
    from datetime import UTC, datetime

    from tickets.commands.log import LogTicket, log_ticket

    at = datetime(2026, 6, 15, 9, tzinfo=UTC)
    intake = LogTicket(
        channel="call",
        title="Line is down",
        description="No dial tone since nine.",
        caller_name="Ada Lund",
        caller_organisation="Northgate",
        caller_email="ada@northgate.example",
        caller_phone="+61355500142",
        organisation_id=cast.northgate.pk,
        contact_id=cast.ada.pk,
    )
    ticket = log_ticket(intake, actor=cast.bo_actor, at=at)

    for command, body in {
        "triage": TRIAGE,
        "sign-for": {},
        "add-progress": {"body": "We work on it since nine.", "public": True},
        "promise": {"kind": "next_update", "due_at": "2026-06-15T12:00:00Z"},
        "request-escalation": {"reason": "Nobody answers us", "relation": "customer"},
    }.items():
        answer = integration.run(ticket.number, command, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "not_verified"), (command, answer.json())
