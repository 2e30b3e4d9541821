"""Fault reports over REST: drafted, saved, filed, amended; bound tokens read what was released and nothing else."""

import pytest

from ledger import clock
from quality.reports.commands.file import release_report
from quality.reports.models import Edition
from tests.api.conftest import ALL, Integration, token
from tests.tickets.path import Path

WORDS = {"summary": "Calls from outside were refused.", "prevention": "Both sides are compared first."}


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


@pytest.fixture
def draft(integration, path):
    """Return the draft of a solved fault, as the API gives it."""
    number = path.resolved().number
    clock.set_demo(demo_now=path.tick(), speed=1.0)
    answer = integration.post(f"tickets/{number}/draft-report/")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.rule("C-26")
@pytest.mark.rule("C-24")
def test_a_report_is_written_and_filed(integration, draft):
    own = f"fault-reports/{draft['id']}/"
    saved = integration.post(f"{own}save/", {**WORDS, "internal": "Not for them"}, If_Match='"1"')
    assert (saved.status_code, saved.headers["ETag"], saved.json()["prevention"]) == (200, '"2"', WORDS["prevention"])

    filed = integration.post(f"{own}file/", {"people_confirmed": True}, If_Match='"2"')

    body = filed.json()
    assert filed.status_code == 200, body
    assert (body["in_time"], len(body["sha256"]), body["internal"]) == (True, 64, "Not for them")
    assert {row["part"] for row in body["participants"]} >= {"Owner", "Reporter"}
    assert [event["record"] for event in body["events"]] == sorted(event["record"] for event in body["events"])
    assert {line["code"] for line in body["clocks"]} >= {"T-3", "T-4"}
    amended = integration.post(f"{own}amend/", {"reason": "The vendor found more"})
    assert (amended.status_code, amended.json()["number"]) == (201, 2)
    assert [row["number"] for row in integration.get("fault-reports/", draft="true").json()["results"]] == [2]


@pytest.mark.rule("C-21")
def test_a_refusal_names_its_field_and_a_stale_save_is_412(integration, draft):
    own = f"fault-reports/{draft['id']}/"

    refused = integration.post(f"{own}file/", {"people_confirmed": True}, If_Match='"1"')
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "placeholder", "prevention")
    assert integration.post(f"{own}save/", WORDS, If_Match='"7"').status_code == 412
    assert integration.post(f"{own}save/", WORDS).status_code == 428
    assert integration.post(f"{own}save/", {"nonsense": 1}, If_Match='"1"').status_code == 400
    two = {"people": [{"part": "worked", "label": "X", "user": draft["id"]}]}
    assert integration.post(f"{own}save/", two, If_Match='"1"').status_code == 400


def test_a_repeat_with_the_same_key_files_once(integration, draft):
    own = f"fault-reports/{draft['id']}/"
    integration.post(f"{own}save/", WORDS, If_Match='"1"')

    answers = [
        integration.post(f"{own}file/", {"people_confirmed": True}, If_Match='"2"', Idempotency_Key="one")
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_a_token_of_the_customer_reads_only_what_was_released(integration, bound, cast, draft, path):
    scopes = [scope for scope in ALL if scope != "notes:internal"]
    own = Integration(token("northgate", scopes, organisation=cast.northgate))
    address = f"fault-reports/{draft['id']}/"
    assert (own.get(address).status_code, bound.get(address).status_code) == (404, 404)
    integration.post(f"{address}save/", {**WORDS, "internal": "Not for them"}, If_Match='"1"')
    integration.post(f"{address}file/", {"people_confirmed": True}, If_Match='"2"')
    assert own.get(address).status_code == 404

    release_report(edition_id=Edition.objects.get().pk, actor=cast.cy_actor, at=clock.now())

    body = own.get(address).json()
    assert (body["internal"], body["prevention"]) == ("", WORDS["prevention"])
    assert bound.get(address).status_code == 404
    assert bound.get("fault-reports/").json()["results"] == []
    number = body["ticket"]
    answers = [own.post(f"{address}release/"), own.post(f"tickets/{number}/draft-report/")]
    assert [answer.json()["code"] for answer in answers] == ["not_your_ticket", "not_your_ticket"]
