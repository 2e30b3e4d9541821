"""Planned work waits for its approvals and its notices by a clock, and its outcome is owed (C-29)."""

from datetime import timedelta

import pytest

from escalation.commands.fire import fire_due
from escalation.models import Clock, Firing, Timer
from tests.tickets.windows import HOUR, Windows
from tickets.commands import maintenance_approve, maintenance_run

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C-29")]


@pytest.fixture
def windows(cast, policies, nine) -> Windows:
    return Windows(cast, nine)


def fired(window) -> list[str]:
    rows = Firing.objects.filter(clock__subject_kind="maintenance", clock__subject_id=window.pk).order_by("fired_at")
    return list(rows.values_list("rule_code", flat=True))


def test_an_owner_is_reminded_a_day_before_customers_must_be_told_and_a_miss_is_a_breach(windows):
    window = windows.requested()
    fire_due(at=window.notice_by - timedelta(days=1))
    assert fired(window) == ["G-1"]
    fire_due(at=window.notice_by)
    assert fired(window) == ["G-1", "G-1D"]
    assert Clock.objects.get(subject_kind="maintenance").people == {"owner": window.owner_id}


def test_work_told_in_time_is_silent_and_owes_its_outcome_within_a_day(windows, cast):
    window = windows.noticed()
    fire_due(at=window.starts_at)
    assert fired(window) == []
    maintenance_run.start_maintenance(maintenance_id=window.pk, actor=cast.bo_actor, at=window.starts_at)
    fire_due(at=window.starts_at + timedelta(days=1))
    assert fired(window) == ["G-2"]


def test_an_outcome_a_decline_and_a_move_end_the_wait(windows, cast):
    ended = windows.running()
    said = {"result": "done", "outcome": "The card is replaced", "actor": cast.bo_actor, "at": ended.starts_at + HOUR}
    maintenance_run.finish_maintenance(maintenance_id=ended.pk, **said)
    declined = windows.requested(service_ids=[cast.other_service.pk])
    windows.decide(declined, "technical", cast.cy_actor, approved=False, reason="No way back was tried")
    clocks = Clock.objects.filter(subject_kind="maintenance")
    assert {clock.stop_reason for clock in clocks} == {"ended", "declined"}
    maintenance_approve.request_maintenance(maintenance_id=declined.pk, actor=cast.bo_actor, at=windows.at)
    again = clocks.get(subject_id=declined.pk, run_no=2)
    assert Timer.objects.filter(clock=again, state="armed").count() == 2


def test_late_work_is_counted_to_its_start(windows, cast):
    window = windows.draft(starts_at=windows.at + 6 * HOUR, ends_at=windows.at + 7 * HOUR)
    why = {"lead_reason": "The card may fail at any hour", "off_peak_reason": "The card may fail at any hour"}
    maintenance_approve.request_maintenance(maintenance_id=window.pk, actor=cast.bo_actor, at=windows.at, **why)
    due = Timer.objects.get(clock__subject_kind="maintenance", rule_code="G-1D").due_at
    assert due == window.starts_at
