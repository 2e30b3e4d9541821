"""The web process is killed in the middle of commands, and Redis goes away: each command happens once, work goes on."""

import threading
import time

import pytest
import requests

from tests.journeys.people import Person, Robot
from tests.witness import until

pytestmark = pytest.mark.launcher
MANY, KILLS, SLOWEST_S = 24, 2, 2.0  # beside other tests; who waits for a Redis that is away waits longer
WRITES = "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'web' AND backend_xid IS NOT NULL"


def ask(desk, key: str) -> requests.Response:
    """Log one ticket under an idempotency key."""
    body = {
        "title": f"Alarm {key}", "description": "Ping lost", "organisation": desk.cast["organisation"],
        "contact": desk.cast["ada"], "service": desk.cast["service"],
    }  # fmt: skip
    return Robot(desk.base, desk.cast["token"]).api("POST", "tickets/", body, Idempotency_Key=key)


def insist(desk, key: str, given: dict[str, list[int]]) -> None:
    """Ask again under the same key until the ticket is there; keep every status seen, 0 = the line broke."""

    def answered() -> bool:
        try:
            given[key].append(ask(desk, key).status_code)
        except requests.RequestException:
            given[key].append(0)
        return given[key][-1] not in (0, 409)

    until(answered, seconds=120, says=f"{key} is answered")


@pytest.mark.fault  # beside the plan: the web process
def test_requests_cut_off_by_a_kill_are_done_once_when_repeated(desk):
    given: dict[str, list[int]] = {f"alarm-{n}": [] for n in range(MANY)}
    threads = [threading.Thread(target=insist, args=(desk, key, given)) for key in given]
    for number, thread in enumerate(threads):
        thread.start()
        if number % (MANY // KILLS) == MANY // KILLS - 1:
            until(lambda: desk.sql(WRITES)[0][0], seconds=30, says="a command is half-way")
            desk.kill("web")
            desk.start("web")
            desk.until_web_is_ready()
    for thread in threads:
        thread.join()

    assert any(0 in statuses for statuses in given.values()), "no request was cut off"
    assert {s for statuses in given.values() for s in statuses} <= {0, 201, 409}
    made = desk.sql("SELECT title, count(*) FROM tickets_ticket WHERE title LIKE 'Alarm %%' GROUP BY title")
    assert dict(made) == {f"Alarm {key}": 1 for key in given}
    logged = "SELECT count(*) FROM ledger_entry WHERE name = 'ticket.logged'"
    assert desk.sql(logged) == [(MANY,)]
    desk.manage("verify_ledger")


def timed(act) -> tuple[int, float]:
    """The status of a request and how long it took, in seconds."""
    began = time.monotonic()
    status = act().status_code
    return status, time.monotonic() - began


@pytest.mark.fault("F4")
def test_with_redis_away_people_sign_in_read_reply_and_command_without_waiting(desk):
    number = ask(desk, "before-redis").json()["number"]
    Person(desk.base, "bo@desk.example").get("/desk/")
    desk.kill_redis()
    try:
        began = time.monotonic()
        bo = Person(desk.base, "bo@desk.example")
        signing_in = time.monotonic() - began
        ada = Person(desk.base, "ada@northgate.example")
        seen = {
            "queue": timed(lambda: bo.get("/desk/")),
            "ticket": timed(lambda: bo.get(f"/desk/tickets/{number}/")),
            "portal": timed(lambda: ada.get("/portal/")),
            "reply": timed(lambda: ada.post(f"/portal/tickets/{number}/reply/", body="Still dead", once="once-1")),
            "note": timed(lambda: bo.api("POST", "notes/", {"ticket": number, "body": "We look", "public": True})),
            "command": timed(lambda: bo.attempt(number, "triage", **TRIAGE, service=desk.cast["service"])),
        }
    finally:
        desk.start_redis()

    print({name: f"{took * 1000:.0f} ms" for name, (_status, took) in seen.items()}, f"{signing_in:.2f} s to sign in")
    assert {name: status for name, (status, _took) in seen.items()} == {
        "queue": 200, "ticket": 200, "portal": 200, "reply": 303, "note": 201, "command": 200,
    }  # fmt: skip
    assert {name: took for name, (_status, took) in seen.items() if took >= SLOWEST_S} == {}
    assert signing_in < 2 * SLOWEST_S  # two requests
    until(lambda: desk.mail("ada@northgate.example"), seconds=60, says="the engine sends letters without Redis too")


TRIAGE = {
    "kind": "fault", "category": "network_interruption", "impact": "medium", "urgency": "medium", "scope": "single",
}  # fmt: skip
