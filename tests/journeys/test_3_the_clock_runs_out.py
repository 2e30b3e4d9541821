"""Journey 3 on the whole desk: a formal escalation runs its 180 minutes, watched on the board and in the mail sink."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Stranger, link_in
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.browser]
FIRST = ("account_manager", "director_support", "vp_customer_experience")


class Ladder:
    """One escalated ticket: what fired, who was written to, whose duty is what."""

    def __init__(self, desk, number: str) -> None:
        self.desk, self.number = desk, number

    def fired(self, code: str) -> int:
        """How often a rule fired on this ticket's clocks."""
        return self.desk.sql(
            "SELECT count(*) FROM esc_firing f JOIN esc_clock c ON c.id = f.clock_id JOIN tickets_ticket t ON"
            " t.id = c.ticket_id WHERE t.number = %s AND f.rule_code = %s", self.number, code,
        )[0][0]  # fmt: skip

    def until_fired(self, code: str, times: int = 1) -> None:
        until(lambda: self.fired(code) >= times, seconds=60, says=f"{code} fires {times} times")

    def letters(self, to: str, words: str = "") -> list:
        """Letters about this ticket to a local part at the desk, whose words hold `words`."""
        found = [m for m in self.desk.mail(f"{to}@desk.example") if self.number in m["Subject"]]
        return [m for m in found if words in m["Subject"] + m.get_body(("plain",)).get_content()]

    def until_told(self, *who: str, words: str = "", more_than: int = 0) -> None:
        for to in who:
            until(lambda to=to: len(self.letters(to, words)) > more_than, seconds=60, says=f"{to} has mail {words!r}")

    def duty(self, role: str) -> tuple[str, str | None]:
        """(uuid, how it was confirmed or "") of a role's first duty."""
        return self.desk.sql(
            "SELECT d.uuid, d.how FROM esc_duty d JOIN esc_escalation e ON e.id = d.escalation_id JOIN tickets_ticket t"
            " ON t.id = e.ticket_id WHERE t.number = %s AND d.role = %s ORDER BY d.stage", self.number, role,
        )[0]  # fmt: skip

    def escalation(self, column: str):
        """One column of the escalation."""
        return self.desk.sql(
            f"SELECT e.{column} FROM esc_escalation e JOIN tickets_ticket t ON t.id = e.ticket_id WHERE t.number = %s",
            self.number,
        )[0][0]


@pytest.mark.rule("X-04")
@pytest.mark.rule("X-05")
@pytest.mark.rule("X-06")
@pytest.mark.rule("A-07")
def test_a_formal_escalation_climbs_to_the_deputy_general_manager_and_is_stood_down(desk, people, raised, enter):
    ladder = Ladder(desk, raised("Imaging stands still in four clinics"))
    board = enter("mo@desk.example")
    board.goto(f"{desk.base}/supervisor/")
    board.wait_for_selector("html[data-ready]")
    asked = people["ada"].post(
        f"/portal/tickets/{ladder.number}/escalate/", reason="Four clinics are closed", once=f"e-{ladder.number}"
    )
    assert asked.status_code == 303
    ladder.until_told(*FIRST, "mo")
    lane = board.locator(f"#lane-{ladder.escalation('uuid')}")
    expect(lane).to_contain_text("Daniel Hartley", timeout=30_000)

    one_confirms_by_link_one_by_a_recorded_call(desk, people, ladder, lane)
    the_third_is_not_reached_and_the_chief_executive_is_told(desk, people, ladder)
    the_duty_manager_reviews_contacts_and_plans(desk, people, ladder)
    desk.jump(minutes=30)
    ladder.until_fired("T-5")
    ladder.until_told("deputy_gm", words="T-5")
    resolved_is_stood_down(desk, people, ladder)
    everything_fired_once_and_is_in_the_ledger(desk, ladder)


def one_confirms_by_link_one_by_a_recorded_call(desk, people, ladder, lane) -> None:
    """The account manager taps, without signing in; the director is called by the duty manager (X-04)."""
    path = link_in(ladder.letters("account_manager")[0], "c")
    phone = Stranger(desk.base)
    shown = phone.get(path)
    assert (shown.status_code, "Imaging" in shown.text) == (200, False)
    assert ladder.duty("account_manager")[1] == ""
    assert "Imaging" in phone.post(path, act="confirm").text
    assert ladder.duty("account_manager")[1] == "link"
    assert phone.post(path, act="confirm").status_code in (403, 410)
    expect(lane.locator(".sd-told")).to_contain_text("Daniel Hartley", timeout=30_000)

    uuid, _how = ladder.duty("director_support")
    call = {"number": "+61355500170", "outcome": "reached", "note": "Ruth knows and takes it on"}
    assert people["mo"].post(f"/supervisor/duties/{uuid}/phone/", **call).status_code == 303
    assert ladder.duty("director_support")[1] == "call"


def the_third_is_not_reached_and_the_chief_executive_is_told(desk, people, ladder) -> None:
    """At ten minutes the deadline fires and stage two begins; the chief executive by minute 30, then everyone."""
    assert ladder.fired("F-2") == 0
    desk.jump(minutes=10)
    ladder.until_fired("F-1D")
    until(lambda: ladder.escalation("stage") == 2, seconds=30, says="stage two begins at the deadline")
    ladder.until_told("deputy.vp_customer_experience", words="F-1D")
    assert ladder.letters("deputy.director_support", words="F-1D") == [], "a confirmed contact was passed over"
    desk.jump(minutes=10)
    ladder.until_fired("D-1")
    assert ladder.fired("F-2") == 0
    desk.jump(minutes=10)
    ladder.until_told("ceo", words="F-2")
    told_within = desk.sql(
        "SELECT max(f.fired_at - c.started_at) < interval '31 minutes' FROM esc_firing f JOIN esc_clock c"
        " ON c.id = f.clock_id JOIN tickets_ticket t ON t.id = c.ticket_id WHERE t.number = %s AND rule_code = 'F-2'",
        ladder.number,
    )
    assert told_within == [(True,)]
    ladder.until_fired("D-1D")
    desk.jump(minutes=30)
    ladder.until_told("account_manager", "director_support", "vp_customer_experience", "ceo", words="F-3")
    desk.jump(minutes=30)
    ladder.until_fired("F-3", times=2)


def the_duty_manager_reviews_contacts_and_plans(desk, people, ladder) -> None:
    """Late, but on record; the plan has an hour, is missed, then agreed and shown to the customer (A-07, A-08)."""
    mo, there = people["mo"], f"/supervisor/escalations/{ladder.escalation('uuid')}"
    assert mo.post(f"{there}/review/", text="Fibre cut at the exchange").status_code == 303
    contact = {"contact": desk.cast["ada"], "number": "+61355500142", "text": "Crew on site at noon"}
    assert mo.post(f"{there}/contact/", **contact).status_code == 303
    desk.jump(minutes=30)
    ladder.until_fired("T-4")
    ladder.until_told("centre_director", words="T-4")
    assert ladder.fired("D-2") == 0
    desk.jump(minutes=30)
    ladder.until_fired("D-2")
    item = {"title": "Splice the fibre", "owner": f"team:{desk.cast['noc']}"}
    assert mo.post(f"{there}/item/", **item).status_code == 303
    assert mo.post(f"{there}/plan/").status_code == 303
    assert "Splice the fibre" in people["ada"].get(f"/portal/tickets/{ladder.number}/").text


def resolved_is_stood_down(desk, people, ladder) -> None:
    """Solving it stops every clock and tells everyone who was told; only the report of the fault is owed (C-26)."""
    people["bo"].run(ladder.number, "sign-for")
    people["bo"].run(ladder.number, "record-contact", outcome="reached", text="Told of the splice")
    before = {to: len(ladder.letters(to)) for to in (*FIRST, "ceo", "centre_director", "deputy_gm")}
    people["bo"].run(
        ladder.number, "resolve", resolution_code="fixed", cause_code="hardware", cause="Fibre cut",
        resolution="Fibre spliced", participants_confirmed=True,
    )  # fmt: skip
    for to, count in before.items():
        ladder.until_told(to, more_than=count)
        assert "Stand down" in ladder.letters(to)[-1]["Subject"]
    armed = (
        "SELECT count(*) FROM esc_timer x JOIN esc_clock c ON c.id = x.clock_id JOIN tickets_ticket t ON"
        " t.id = c.ticket_id WHERE t.number = %s AND x.state = 'armed' AND x.rule_code"
    )
    assert desk.sql(f"{armed} NOT IN ('R-1', 'R-1D')", ladder.number) == [(0,)]
    assert desk.sql(f"{armed} = 'R-1D'", ladder.number) == [(1,)]


def everything_fired_once_and_is_in_the_ledger(desk, ladder) -> None:
    """No rule fired twice for one occurrence; all is sealed; the whole ledger holds."""
    assert {code: ladder.fired(code) for code in ("F-1D", "F-2", "D-1", "D-1D", "D-2", "T-4", "T-5")} == dict.fromkeys(
        ("F-1D", "F-2", "D-1", "D-1D", "D-2", "T-4", "T-5"), 1
    )
    assert desk.sql("SELECT count(*) - count(DISTINCT (clock_id, rule_code, occurrence)) FROM esc_firing") == [(0,)]
    assert desk.sql("SELECT count(*) FROM esc_firing WHERE fired_at < due_at") == [(0,)]
    until(lambda: desk.sql("SELECT count(*) FROM esc_unsealed") == [(0,)], seconds=60, says="every firing is sealed")
    assert "The ledger holds" in desk.manage("verify_ledger")
