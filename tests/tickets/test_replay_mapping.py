from datetime import UTC, datetime

import pytest

from tickets.replay_map import LogEvent, Step, cases_of, log_event, memberships, plan_case

OPENED = ["log", "begin_verification", "verify", "triage"]
SUSPENDED = ["request_suspension", "consent", "approve", "approve"]


def case_of(*rows: tuple[str, str, str]) -> list[LogEvent]:
    """One case from (local time, activity, first name)."""
    fields = ({"case": "7", "timestamp": at, "activity": what, "resource": who} for at, what, who in rows)
    return next(cases_of(fields))


def commands(steps: list[Step], row: int) -> list[str]:
    return [step.command for step in steps if step.source_row == row]


def params(steps: list[Step], row: int, command: str) -> dict[str, str]:
    return next(step.params for step in steps if step.source_row == row and step.command == command)


def test_a_case_solved_in_the_call_is_opened_signed_resolved_confirmed_and_closed() -> None:
    events = case_of(
        ("2012-04-24T09:07:07", "Accepted+In Progress", "Guy"),
        ("2012-04-24T09:08:10", "Accepted+In Progress", "Guy"),
        ("2012-05-02T12:24:27", "Completed+In Call", "Guy"),
    )

    steps = list(plan_case(events))

    assert commands(steps, 1) == [*OPENED, "sign_for"]
    assert commands(steps, 2) == ["add_progress"]
    assert commands(steps, 3) == ["resolve", "confirm", "close"]
    assert params(steps, 1, "verify") == {"by": "Guy", "method": "internal"}
    assert params(steps, 3, "confirm") == {"by": "Guy", "how": "customer"}


def test_a_case_that_climbs_waits_and_is_closed_by_the_old_desk_itself() -> None:
    events = case_of(
        ("2011-11-14T09:47:32", "Accepted+In Progress", "Janice"),
        ("2011-11-15T02:46:57", "Queued+Awaiting Assignment", "Janice"),
        ("2011-11-29T15:00:39", "Accepted+In Progress", "Brian"),
        ("2011-11-29T15:04:54", "Accepted+Wait - User", "Brian"),
        ("2011-12-01T08:00:00", "Accepted+Wait - User", "Brian"),
        ("2011-12-02T08:00:00", "Accepted+Wait - Vendor", "Brian"),
        ("2012-05-02T20:45:44", "Completed+Resolved", "Brian"),
        ("2012-05-09T23:20:41", "Completed+Closed", "Siebel"),
    )

    steps = list(plan_case(events))

    assert commands(steps, 2) == ["escalate_tier"]
    assert params(steps, 2, "escalate_tier") == {"by": "Janice", "to": "", "tier": "l2", "team": "l2-a"}
    assert commands(steps, 3) == ["sign_for"]
    assert commands(steps, 4) == ["record_contact", *SUSPENDED]
    assert [step.params["by"] for step in steps if step.source_row == 4][2:] == [
        "@customer",
        "@monitoring",
        "@customer_service",
    ]
    assert commands(steps, 5) == ["add_progress"]
    assert commands(steps, 6) == ["resume", *SUSPENDED]
    assert commands(steps, 7) == ["resume", "resolve"]
    assert commands(steps, 8) == ["confirm", "close"]
    assert params(steps, 8, "confirm") == {"by": "Siebel", "how": "no_answer"}


def test_a_case_passed_around_disputed_and_reopened_finds_its_teams_again() -> None:
    events = case_of(
        ("2010-03-31T14:59:42", "Queued+Awaiting Assignment", "Siebel"),
        ("2010-03-31T15:10:00", "Queued+Awaiting Assignment", "Siebel"),
        ("2010-03-31T15:45:48", "Accepted+In Progress", "Ann"),
        ("2010-04-01T09:00:00", "Queued+Awaiting Assignment", "Ann"),
        ("2010-04-01T10:00:00", "Accepted+In Progress", "Eric"),
        ("2010-04-01T11:00:00", "Queued+Awaiting Assignment", "Eric"),
        ("2010-04-02T09:00:00", "Accepted+In Progress", "Ann"),
        ("2010-04-02T09:05:00", "Accepted+Assigned", "Ann"),
        ("2010-04-02T09:30:00", "Accepted+In Progress", "Sarah"),
        ("2010-04-02T10:00:00", "Completed+Resolved", "Sarah"),
        ("2010-04-03T10:00:00", "Accepted+In Progress", "Eric"),
        ("2010-04-03T11:00:00", "Completed+Resolved", "Loic"),
        ("2010-04-10T11:00:00", "Completed+Closed", "Loic"),
        ("2010-04-11T11:00:00", "Queued+Awaiting Assignment", "Loic"),
        ("2010-04-11T12:00:00", "Completed+Cancelled", "Loic"),
    )

    steps = list(plan_case(events))

    assert [commands(steps, row) for row in range(1, 16)] == [
        OPENED,
        ["transfer"],
        ["sign_for"],
        ["escalate_tier"],
        ["sign_for"],
        ["return_tier"],
        ["sign_for"],
        ["assign"],
        ["sign_for"],
        ["resolve"],
        ["dispute", "sign_for"],
        ["assign", "resolve"],
        ["confirm", "close"],
        ["reopen", "triage"],
        ["cancel"],
    ]
    assert params(steps, 6, "return_tier")["team"] == params(steps, 2, "transfer")["team"] == "l1-b"
    assert params(steps, 8, "assign")["to"] == "Sarah"
    assert ("Eric", "l2-a") in memberships(steps)
    assert "Siebel" not in {person for person, _ in memberships(steps)}


def test_a_second_closing_is_still_a_command_for_the_guard_to_refuse() -> None:
    events = case_of(
        ("2012-05-01T09:00:00", "Completed+Resolved", "Guy"),
        ("2012-05-08T09:00:00", "Completed+Closed", "Siebel"),
        ("2012-05-09T09:00:00", "Completed+Closed", "Guy"),
    )

    assert commands(list(plan_case(events)), 3) == ["close"]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2012-01-15T12:00:00", datetime(2012, 1, 15, 11, tzinfo=UTC)),
        ("2012-05-15T12:00:00", datetime(2012, 5, 15, 10, tzinfo=UTC)),
        ("2011-10-30T02:30:00", datetime(2011, 10, 30, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_logs_local_time_is_brussels_and_the_first_of_two(local: str, utc: datetime) -> None:
    assert log_event(1, {"case": "7", "timestamp": local, "activity": "x", "resource": "Guy"}).at == utc


def test_an_activity_the_table_does_not_know_is_named_with_its_row() -> None:
    events = case_of(("2012-05-01T09:00:00", "Accepted+Asleep", "Guy"))

    with pytest.raises(ValueError, match=r"row 1: unknown activity 'Accepted\+Asleep'"):
        list(plan_case(events))
