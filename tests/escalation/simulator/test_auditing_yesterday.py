from datetime import timedelta

import pytest

from escalation.commands.audit import audit_day
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Alarm, Audit, Clock, Firing, Timer
from ledger.models import Entry
from tests.factories.clocks import MINUTE
from tests.tickets.path import Path
from tickets.commands import note, resolve, suspend, tier, work
from tickets.commands.resume import resume


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


def pass_time(path: Path, minutes: int) -> None:
    """Let minutes pass one by one, with an engine that looks at each."""
    for _minute in range(minutes):
        fire_all(path.tick())
    seal_firings()


def lived_a_day(path: Path):
    ticket = path.triaged(urgency="high", impact="high")
    pass_time(path, 17)
    work.sign_for(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())
    pass_time(path, 20)
    work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=path.cast.bo_actor, at=path.tick())
    note.add_progress(ticket_id=ticket.pk, body="Tracing", public=True, actor=path.cast.bo_actor, at=path.tick())
    pass_time(path, 40)
    tier.escalate_tier(
        ticket_id=ticket.pk, tried="Reset the port, no light", criteria=["specialist"], actor=path.cast.bo_actor,
        at=path.tick(),
    )  # fmt: skip
    pass_time(path, 130)
    return ticket


def test_a_day_worked_by_the_real_commands_holds_no_difference(path):
    ticket = lived_a_day(path)
    work.sign_for(ticket_id=ticket.pk, actor=path.cast.sam_actor, at=path.tick())
    resolve.resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="our_network", cause="Loose port on the switch",
        resolution="Port replaced", participants_confirmed=True, actor=path.cast.sam_actor, at=path.tick(),
    )  # fmt: skip
    pass_time(path, 5)

    kept = audit_day(on=path.now.date(), at=path.now)

    assert kept.differences == []
    assert (kept.tickets, kept.found) == (1, 0)
    assert kept.firings == Firing.objects.count() > 10
    assert not Alarm.objects.filter(kind="audit").exists()
    assert Entry.objects.filter(chain="audit", name="audit.done").count() == 1


def test_a_suspension_is_audited_too(path):
    ticket, asked = path.asked_to_suspend()
    for actor, function in ((path.cast.mo_actor, "monitoring"), (path.cast.cy_actor, "customer_service")):
        suspend.decide_suspension(suspension_id=asked.pk, function=function, approved=True, actor=actor, at=path.tick())
    pass_time(path, 60)
    resume(ticket_id=ticket.pk, reason="The clinic is open", actor=path.cast.bo_actor, at=path.tick())
    pass_time(path, 100)

    assert audit_day(on=path.now.date(), at=path.now).differences == []


def test_a_firing_the_log_knows_no_reason_for_raises_an_alarm_that_names_it(path, nine):
    ticket = lived_a_day(path)
    clock = Clock.objects.get(ticket=ticket, kind="fault_handling")
    fired = Firing.objects.get(clock=clock, rule_code="T-4")
    extra = Timer.objects.create(
        clock=clock, rule=fired.rule, rule_code="T-4", occurrence=2, state="fired", at_us=0, nominal_at=nine
    )
    at = nine + 90 * MINUTE
    Firing.objects.create(
        timer=extra, clock=clock, rule=fired.rule, rule_code="T-4", occurrence=2, due_at=at, fired_at=at,
        outcome="paged", cause="due", engine_id="nobody",
    )  # fmt: skip

    kept = audit_day(on=path.now.date(), at=path.now)

    assert [(one["code"], one["occurrence"], one["what"]) for one in kept.differences] == [("T-4", 2, "extra")]
    alarm = Alarm.objects.get(kind="audit")
    assert ticket.number in alarm.detail
    assert "T-4/2 extra" in alarm.detail


def test_a_firing_that_never_came_raises_an_alarm(path):
    ticket = path.triaged(urgency="high", impact="high")
    path.tick(60)  # no engine looked

    kept = audit_day(on=path.now.date(), at=path.now)

    assert {one["what"] for one in kept.differences} == {"missing"}
    assert {"T-1", "T-1D", "T-3"} <= {one["code"] for one in kept.differences}
    assert Alarm.objects.get(kind="audit").detail.startswith(f"{path.now.date()}: ")
    assert ticket.number in Alarm.objects.get(kind="audit").detail


def test_a_day_is_audited_once(path):
    path.triaged()
    yesterday, at = path.now.date(), path.now + timedelta(days=1)
    first = audit_day(on=yesterday, at=at)

    assert audit_day(on=yesterday, at=at + MINUTE).pk == first.pk
    assert Audit.objects.count() == 1
    assert Entry.objects.filter(chain="audit").count() == 1
