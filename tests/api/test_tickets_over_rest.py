import pytest

from escalation.models import Shift
from tickets.models import Ticket


def test_a_ticket_posted_waits_in_triage_with_its_gate_passed_by_token(integration, new_ticket):
    answer = integration.post("tickets/", new_ticket)

    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["channel"], body["service"]) == ("triage", "api", "EPL-30112")
    assert answer.headers["Location"] == f"/api/v1/tickets/{body['number']}/"
    assert answer.headers["ETag"] == f'"{body["version"]}"'
    assert Ticket.objects.get(number=body["number"]).verification.proof == "token"


@pytest.mark.django_db
def test_the_same_key_logs_once_and_answers_the_same(integration, new_ticket):
    first = integration.post("tickets/", new_ticket, Idempotency_Key="k-1")
    again = integration.post("tickets/", new_ticket, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_the_same_key_with_another_body_is_refused_and_nothing_is_written(integration, new_ticket):
    integration.post("tickets/", new_ticket, Idempotency_Key="k-1")

    other = integration.post("tickets/", {**new_ticket, "title": "Another matter entirely"}, Idempotency_Key="k-1")

    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Ticket.objects.count() == 1


def test_unknown_fields_and_parameters_are_refused_by_name(integration, new_ticket):
    field = integration.post("tickets/", {**new_ticket, "is_staff": True})
    parameter = integration.get("tickets/", owner__password="x")

    assert (field.status_code, field.json()["field"]) == (400, "is_staff")
    assert (parameter.status_code, parameter.json()["field"]) == (400, "owner__password")


def test_lists_page_by_cursor_and_filter(integration, new_ticket):
    numbers = [
        integration.post("tickets/", {**new_ticket, "title": f"Fault number {n}"}).json()["number"] for n in range(3)
    ]

    page = integration.get("tickets/", limit=2).json()
    rest = integration.http.get(page["next"], headers={"Authorization": f"Bearer {integration.token}"}).json()

    assert [t["number"] for t in page["results"] + rest["results"]] == numbers[::-1]
    assert integration.get("tickets/", state="closed").json()["results"] == []
    assert integration.get("tickets/", organisation="not-a-uuid").status_code == 400


@pytest.mark.rule("A-01")
def test_a_list_is_narrowed_by_what_work_is_seen_by(integration, new_ticket):
    number = integration.post("tickets/", {**new_ticket, "urgent": True}).json()["number"]
    Ticket.objects.update(tags=["vip", "move"])
    Shift.objects.create(name="Always", time_zone="UTC", starts="00:00", ends="00:00")
    found = [
        {"channel": "api"}, {"segment": "premium,managed"}, {"region": "au"}, {"service_category": "government"},
        {"language": "en"}, {"production": "true"}, {"tag": "vip"}, {"urgent": "true"}, {"critical": "false"},
        {"unowned": "true"}, {"unsigned": "true"}, {"shift": "Always"},
    ]  # fmt: skip
    empty = [{"channel": "call"}, {"segment": "channel"}, {"tag": "other"}, {"critical": "true"}, {"overdue": "true"},
             {"escalated": "true"}, {"unowned": "false"}]  # fmt: skip

    assert [
        q for q in found if [t["number"] for t in integration.get("tickets/", **q).json()["results"]] != [number]
    ] == []
    assert [q for q in empty if integration.get("tickets/", **q).json()["results"]] == []
    for wrong in ({"critical": "yes"}, {"overdue": "1"}, {"shift": "None such"}, {"unsigned": "x"}):
        assert integration.get("tickets/", **wrong).status_code == 400, wrong


def test_every_answer_says_how_much_is_left(integration):
    answer = integration.get("tickets/")

    assert answer.headers["RateLimit-Limit"] == "600"
    assert int(answer.headers["RateLimit-Remaining"]) < 600


def test_a_list_of_fifty_costs_the_same_queries_as_a_list_of_one(
    integration, new_ticket, django_assert_max_num_queries
):
    for n in range(12):
        integration.post("tickets/", {**new_ticket, "title": f"Fault number {n}"})

    with django_assert_max_num_queries(8):
        assert len(integration.get("tickets/", limit=50).json()["results"]) == 12
