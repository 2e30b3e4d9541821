from datetime import timedelta

import pytest

from escalation.models import Handover, Shift
from ledger import clock
from tests.api.conftest import ALL, Integration, token
from tests.factories.clocks import dispatched_ticket
from tests.factories.shifts import two_shifts

HOUR = timedelta(hours=1)


@pytest.fixture
def keeper(cast, policies, nine) -> Integration:
    """A token that keeps handovers, at 13:00 of a day with two shifts and a case."""
    clock.set_demo(demo_now=nine + 4 * HOUR)
    two_shifts(cast, nine)
    dispatched_ticket(cast, nine + HOUR, title="Calls fail")
    return Integration(token("keeper", [*ALL, "handovers:write"]))


@pytest.mark.rule("A-05")
def test_a_token_drafts_and_notes_a_sheet_that_a_person_signs(cast, keeper, nine):
    evening = two_shifts_of()["Evening"]
    body = {"shift": str(evening.uuid), "starts_at": (nine + 5 * HOUR).isoformat()}
    made = keeper.post("handovers/", body, Idempotency_Key="h1")
    again = keeper.post("handovers/", body, Idempotency_Key="h1")
    assert (made.status_code, again.json()) == (201, made.json()) and Handover.objects.count() == 1
    here, line = f"handovers/{made.json()['id']}", made.json()["lines"][0]
    assert (line["part"], line["title"], line["facts"]["priority"]) == ("hot", "Calls fail", "P1")

    noted = keeper.post(f"{here}/note/", {"line": line["id"], "text": "Call her"})
    assert noted.json()["lines"][0]["note"] == "Call her"
    assert keeper.post(f"{here}/note/", {"text": "x"}).status_code == 400
    assert keeper.post(f"{here}/refresh/").status_code == 428
    tag = keeper.get(f"{here}/").headers["ETag"]
    assert keeper.post(f"{here}/refresh/", If_Match=tag).status_code == 200
    assert keeper.post(f"{here}/refresh/", If_Match=tag).status_code == 412
    tag = keeper.get(f"{here}/").headers["ETag"]
    refused = keeper.post(f"{here}/sign/", If_Match=tag)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_person")
    assert [row["state"] for row in keeper.get("handovers/", state="draft").json()["results"]] == ["draft"]
    assert keeper.get("handovers/", colour="red").status_code == 400


def test_tokens_without_the_scope_or_of_one_customer_keep_no_handover(cast, keeper, nine):
    body = {"shift": str(two_shifts_of()["Evening"].uuid), "starts_at": (nine + 5 * HOUR).isoformat()}
    made = keeper.post("handovers/", body).json()

    reader = Integration(token("reader", ALL))
    assert reader.get(f"handovers/{made['id']}/").status_code == 200
    assert reader.post(f"handovers/{made['id']}/note/", {"part": "hot", "text": "x"}).status_code == 403
    bound = Integration(token("bound", [*ALL, "handovers:write"], organisation=cast.other))
    assert bound.get(f"handovers/{made['id']}/").status_code == 404


def two_shifts_of():
    return {shift.name: shift for shift in Shift.objects.all()}
