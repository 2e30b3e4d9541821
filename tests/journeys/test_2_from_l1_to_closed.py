"""Journey 2 on the whole desk: signed for, worked, passed on, paused with consent, solved, confirmed, rated, closed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.people import link_in
from tests.witness import until

pytestmark = pytest.mark.launcher


def said(desk, to: str, words: str, number: str):
    """Wait for a letter to `to` about `number` whose text or subject holds `words`, and return it."""

    def found():
        for letter in desk.mail(to):
            text = letter["Subject"] + letter.get_body(("plain",)).get_content()
            if words in text and number in text:
                return letter
        return None

    return until(found, seconds=60, says=f"a letter to {to} with {words!r}")


def due(desk, number: str) -> list[str]:
    """The codes of the armed rules of a ticket."""
    rows = desk.sql(
        "SELECT t.rule_code FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id JOIN tickets_ticket k ON"
        " k.id = c.ticket_id WHERE k.number = %s AND t.state = 'armed' AND c.state = 'running' ORDER BY 1", number,
    )  # fmt: skip
    return [row[0] for row in rows]


@pytest.mark.rule("C-22")
@pytest.mark.rule("C-25")
def test_a_ticket_goes_from_l1_through_l2_and_a_pause_to_closed(desk, people, raised):
    bo, cy, mo, sam, ada = (people[name] for name in ("bo", "cy", "mo", "sam", "ada"))
    number = raised("Loss on the clinic's line")
    assert {"T-1", "T-1D", "T-3", "T-4", "T-5"} <= set(due(desk, number))
    bo.run(number, "sign-for")
    bo.run(number, "record-contact", outcome="reached", text="Ada sees 8 % loss")
    assert "T-1D" not in due(desk, number)
    bo.run(number, "add-progress", body="Loop test shows errors on port 7.", public=True)
    said(desk, "ada@northgate.example", "errors on port 7", number)
    bo.run(number, "escalate-tier", tried="Loop test, port reset", criteria=["specialist"])
    assert sam.run(number, "sign-for")["tier"] == "l2"

    pause(desk, number, asks=sam, consents=ada, approve={"monitoring": mo, "customer_service": cy})
    sam.run(number, "resume", reason="The comms room is open")
    assert {"T-3", "T-4"} <= set(due(desk, number))

    solved = sam.run(
        number, "resolve", resolution_code="fixed", cause_code="hardware", cause="Worn fibre at the port",
        resolution="Fibre replaced and tested", participants_confirmed=True,
    )  # fmt: skip
    assert (solved["state"], due(desk, number)) == ("closure", ["R-1", "R-1D"])
    said(desk, "ada@northgate.example", "Fibre replaced and tested", number)
    assert ada.post(f"/portal/tickets/{number}/confirm/", once=f"yes-{number}").status_code == 303
    rate(desk, ada, number)
    closed = sam.run(number, "close", knowledge_decision="none", follow_up_decision="none")
    assert closed["state"] == "closed"
    desk.manage("verify_ledger", "--chain", f"ticket:{number}")


def pause(desk, number: str, *, asks, consents, approve: dict) -> None:
    """Suspend with the customer's consent and the approval of two functions; the clocks that may pause do."""
    until_at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    asks.run(number, "request-suspension", reason_code="customer_unavailable", reason="Locked room", until=until_at)
    uuid = desk.sql(
        "SELECT s.uuid FROM tickets_suspension s JOIN tickets_ticket t ON t.id = s.ticket_id WHERE t.number = %s",
        number,
    )[0][0]
    early = approve["monitoring"].attempt(number, "approve", suspension=uuid, function="monitoring")
    assert early.status_code == 422, "approved without the customer's consent"
    given = consents.post(f"/portal/tickets/{number}/consent/", suspension=uuid, given="yes", once=f"pause-{number}")
    assert given.status_code == 303
    for function, who in approve.items():
        state = who.run(number, "approve", suspension=uuid, function=function, reason="Opens tomorrow")["state"]
    assert state == "suspended"
    assert not {"T-3", "T-4", "T-5"} & set(due(desk, number))


def rate(desk, ada, number: str) -> None:
    """Ada rates by the link of the survey, once."""
    path = link_in(said(desk, "ada@northgate.example", "/s/", number), "s")
    ada.get(path)
    answer = ada.post(path, rating="5", response_rating="4", comment="Quick")
    assert answer.status_code == 200, answer.text[:500]
    assert ada.get(path).status_code == 410
    rated = "SELECT rating FROM quality_survey s JOIN tickets_ticket t ON t.id = s.ticket_id WHERE t.number = %s"
    assert desk.sql(rated, number) == [(5,)]
