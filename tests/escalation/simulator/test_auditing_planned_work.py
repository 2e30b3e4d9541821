"""The audit of a day with planned work: pages held back and the window's own clocks hold no difference (C-29)."""

from datetime import timedelta

import pytest

from escalation.commands.audit import audit_day
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Clock, Firing
from tests.escalation.test_planned_work_holds_pages_back import alarm
from tests.tickets.windows import HOUR, Windows
from tickets.commands import maintenance_run, resolve, work

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C-29")]
MINUTE = timedelta(minutes=1)


def pass_time(at, until) -> None:
    """An engine that looks every five minutes."""
    while at < until:
        at += 5 * MINUTE
        fire_all(at)
    seal_firings()


def test_a_day_with_pages_held_back_holds_no_difference(cast, policies, nine):
    windows = Windows(cast, nine)
    window = windows.running()
    held, solved = alarm(cast, window.starts_at + MINUTE), alarm(cast, window.starts_at + 2 * MINUTE)
    pass_time(window.starts_at, window.starts_at + HOUR)
    at = window.starts_at + HOUR
    work.sign_for(ticket_id=solved.pk, actor=cast.bo_actor, at=at)
    resolve.resolve(
        ticket_id=solved.pk, resolution_code="fixed", cause_code="our_network", cause="Loose port on the switch",
        resolution="Port replaced", participants_confirmed=True, actor=cast.bo_actor, at=at,
    )  # fmt: skip
    pass_time(at, window.ends_at + 10 * MINUTE)
    said = {"result": "done", "outcome": "The card is replaced", "actor": cast.bo_actor}
    maintenance_run.finish_maintenance(maintenance_id=window.pk, **said, at=window.ends_at + 11 * MINUTE)

    kept = audit_day(on=window.starts_at.date(), at=window.ends_at + 12 * MINUTE)

    assert kept.differences == []
    assert Firing.objects.filter(clock__ticket=held).exists()
    assert Clock.objects.get(subject_kind="maintenance", subject_id=window.pk).stop_reason == "ended"
