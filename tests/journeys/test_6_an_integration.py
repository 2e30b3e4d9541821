"""Journey 6 on the whole desk: a token, the same commands and refusals over REST, filters, cursors, one document."""

import concurrent.futures

import pytest

pytestmark = pytest.mark.launcher


def new(desk, title: str, **more) -> dict:
    who = {"organisation": desk.cast["organisation"], "contact": desk.cast["ada"]}
    return {"title": title, "description": "Ping lost.", **who, **more}


def test_ten_twins_under_one_key_make_one_ticket(desk, people):
    robot, body = people["robot"], new(desk, "Twin alarms")

    def ask(_n: int) -> tuple[int, str]:
        answer = robot.api("POST", "tickets/", body, Idempotency_Key="twins")
        return answer.status_code, answer.json().get("number", "")

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(10)))
    last = robot.api("POST", "tickets/", body, Idempotency_Key="twins")
    other = robot.api("POST", "tickets/", new(desk, "Another"), Idempotency_Key="twins")

    assert {status for status, _number in answers} <= {201, 409}
    assert {number for status, number in answers if status == 201} <= {last.json()["number"]}
    assert last.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert desk.sql("SELECT count(*) FROM tickets_ticket WHERE title = 'Twin alarms'") == [(1,)]


def test_a_ticket_is_worked_to_its_end_with_the_same_guards_as_the_desk(desk, people):
    robot = people["robot"]
    number = robot.api("POST", "tickets/", new(desk, "Worked by a robot", service=desk.cast["service"])).json()[
        "number"
    ]
    early = robot.attempt(number, "resolve", resolution_code="fixed", cause_code="hardware", cause="x", resolution="x",
                          participants_confirmed=True)  # fmt: skip
    blind = robot.api("POST", f"tickets/{number}/sign-for/")
    stale = robot.api("POST", f"tickets/{number}/sign-for/", None, If_Match='"0"')
    assert [answer.status_code for answer in (early, blind, stale)] == [422, 428, 412]

    facts = {"kind": "fault", "category": "network_interruption", "impact": "low", "urgency": "low", "scope": "single"}
    routed = robot.run(number, "triage", **facts, team=desk.cast["l1"], tier="l1")
    assert (routed["state"], routed["team"]["id"]) == ("l1", desk.cast["l1"])
    note = robot.api("POST", "notes/", {"ticket": number, "body": "Probe is red", "public": True})
    assert note.status_code == 201
    assert [n["body"] for n in robot.api("GET", f"tickets/{number}/notes/").json()["results"]] == ["Probe is red"]
    unknown = robot.api("GET", "tickets/SD-999999/")
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (404, "application/problem+json")


def test_lists_are_walked_by_cursor_without_gaps_while_tickets_come_in(desk, people):
    robot = people["robot"]
    for n in range(5):
        robot.api("POST", "tickets/", new(desk, f"Walked {n}"))
    wanted = {row[0] for row in desk.sql("SELECT number FROM tickets_ticket")}
    seen: list[str] = []
    page = robot.api("GET", "tickets/?limit=3").json()
    while True:
        seen += [row["number"] for row in page["results"]]
        if len(seen) == 3:
            robot.api("POST", "tickets/", new(desk, "Came in meanwhile"))
        if not page.get("next"):
            break
        page = robot.http.get(page["next"] if "://" in page["next"] else robot.base + page["next"], timeout=30).json()

    assert len(seen) == len(set(seen))
    assert wanted <= set(seen)
    assert robot.api("GET", "tickets/?colour=red").status_code == 400


def test_without_a_token_nothing_is_told_and_the_document_lists_every_command(desk, people):
    import requests

    from servicedesk.api.v1.commands import COMMANDS

    nobody = requests.get(f"{desk.base}/api/v1/tickets/", timeout=30)
    document = people["robot"].api("GET", "schema/?format=json").json()

    assert (nobody.status_code, nobody.json()["status"]) == (401, 401)
    assert {f"/api/v1/tickets/{{number}}/{name}/" for name in COMMANDS} <= set(document["paths"])
