import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escalation.commands.start import Start, start_clocks
from escalation.models import Clock, Policy, Segment, Timer
from escalation.seed import publish
from escalation.shipped import WORK_ITEMS
from escalation.subjects import Subject, start_subject, start_subjects, stop_subject
from tests.factories.clocks import MINUTE
from tests.tickets.path import Path
from tickets.models import Ticket, WorkItem


def queries(act):
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


@pytest.mark.parametrize("many", [1, 40])
def test_clocks_start_in_three_statements_however_many(rules, nine, many):
    def begin():
        start_clocks(
            [
                Start(version=rules["handover"], subject_kind="handover", subject_id=n, started_at=nine)
                for n in range(many)
            ],
            at=nine,
        )

    rules["handover"].rules.count()
    start_clocks([Start(version=rules["handover"], subject_kind="handover", subject_id=99, started_at=nine)], at=nine)

    assert queries(begin) == 3
    assert Clock.objects.count() == Segment.objects.count() == Timer.objects.count() == many + 1


def test_a_plan_of_thirty_steps_costs_the_queries_of_one(rules, nine):
    def steps(first, count):
        due = {"source": "plan", "due_at": nine + 60 * MINUTE}
        subjects = [Subject(kind="work_item", id=n, facts=due, started_at=nine) for n in range(first, first + count)]
        return lambda: start_subjects(subjects, at=nine)

    steps(0, 1)()

    assert queries(steps(100, 30)) == queries(steps(1, 1))
    assert Timer.objects.count() == 2 * 32


def test_a_subject_already_running_is_left_alone_and_nothing_starts_without_a_policy(rules, nine):
    due = {"source": "plan", "due_at": nine + 60 * MINUTE}
    start_subject("work_item", 1, facts=due, started_at=nine, at=nine)

    assert start_subject("work_item", 1, facts=due, started_at=nine + MINUTE, at=nine + MINUTE) == []
    assert start_subject("message", 1, facts={}, started_at=nine, at=nine) == []
    stop_subject("work_item", 1, "done", at=nine + 2 * MINUTE)
    (again,) = start_subject("work_item", 1, facts=due, started_at=nine + 3 * MINUTE, at=nine + 3 * MINUTE)

    assert again.run_no == 2


def test_steps_of_a_playbook_are_watched_where_a_version_asks_for_them(cast, policies, nine):
    every = WORK_ITEMS | {"conditions": {"source": ["plan", "playbook"]}}
    publish(Policy.objects.get(key="work_items"), every, at=nine)

    ticket = Path(cast, nine).triaged()

    steps = WorkItem.objects.filter(ticket=ticket, source="playbook", due_at__isnull=False)
    found = Timer.objects.filter(clock__kind="work_items", rule_code="W-1D", state="armed").values_list(
        "due_at", flat=True
    )
    assert steps.count() > 0
    assert sorted(found) == sorted(steps.values_list("due_at", flat=True))
    assert Ticket.objects.get(pk=ticket.pk).next_due_at is not None
