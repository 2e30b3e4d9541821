"""Planned work is told to each customer alone, runs in its window and says how it ended (C-29)."""

from datetime import timedelta

import pytest

from channels.outbound.letter import render
from channels.topics import TOPICS
from ledger.models import Entry, OutboxMessage
from tests.refusals import refused
from tests.tickets.windows import HOUR
from tickets.commands import maintenance_notice, maintenance_run
from tickets.models import Maintenance

pytestmark = pytest.mark.django_db
start, finish = maintenance_run.start_maintenance, maintenance_run.finish_maintenance
CANARY = "KANARIENVOGEL"


def letters() -> list[tuple[str, str]]:
    """Every letter that waits: address, and subject, text and page as one."""
    rows = OutboxMessage.objects.filter(topic="mail.maintenance").order_by("pk")
    made = [render(draft, "<id@x>") for row in rows for draft in TOPICS[row.topic](row)]
    return [(letter.to.address, f"{letter.subject}\n{letter.text}\n{letter.html}") for letter in made]


@pytest.mark.rule("C-29")
def test_customers_are_told_each_of_its_own_services_in_its_own_language(windows, cast):
    for row, name in ((cast.service, "A-LINE"), (cast.other_service, "B-LINE")):
        row.name = f"{CANARY}-{name}"
        row.save()
    cast.dee.language = "zh-hans"
    cast.dee.save()
    window = windows.noticed()
    assert window.state == "noticed"
    told = dict(letters())
    assert set(told) == {"ada@northgate.example", "dee@calder.example"}
    ada, dee = told["ada@northgate.example"], told["dee@calder.example"]
    assert f"{CANARY}-A-LINE" in ada and "EPL-30112" in ada
    for foreign in ("B-LINE", "EPL-30277", "Calder", "dee@"):
        assert foreign not in ada
    assert f"{CANARY}-B-LINE" in dee
    for foreign in ("A-LINE", "EPL-30112", "Northgate", "ada@"):
        assert foreign not in dee
    assert "30 June 2026, 00:00" in ada and "Hello" not in dee


@pytest.mark.rule("C-29")
def test_a_customer_sees_a_window_only_once_told(windows, cast):
    window = windows.approved()
    seen = Maintenance.objects.visible_to
    assert not seen(cast.ada_actor).exists()
    maintenance_notice.send_notices(maintenance_id=window.pk, actor=cast.bo_actor, at=windows.at)
    assert seen(cast.ada_actor).get() == window
    assert seen(cast.dee_actor).get() == window


def test_late_notices_need_a_reason_and_somebody_to_tell(windows, cast):
    window = windows.approved()
    late = {"maintenance_id": window.pk, "actor": cast.bo_actor, "at": window.starts_at - HOUR}
    with refused("short_notice"):
        maintenance_notice.send_notices(**late)
    cast.dee.active = False
    cast.dee.save()
    with refused("nobody_to_tell"):
        maintenance_notice.send_notices(**(late | {"at": windows.at}))
    cast.dee.active = True
    cast.dee.save()
    done = maintenance_notice.send_notices(**late, lead_reason="The approval came late from the vendor")
    assert Entry.objects.get(name="maintenance.noticed").data["late"] and done.lead_reason


@pytest.mark.rule("V-21")
def test_work_starts_only_in_its_window_and_only_after_notice(windows, cast):
    approved = windows.approved()
    by = {"actor": cast.bo_actor}
    with refused("wrong_state"):
        start(maintenance_id=approved.pk, at=approved.starts_at, **by)
    window = maintenance_notice.send_notices(maintenance_id=approved.pk, at=windows.at, **by)
    with refused("too_early"):
        start(maintenance_id=window.pk, at=window.starts_at - HOUR, **by)
    with refused("past_window"):
        start(maintenance_id=window.pk, at=window.ends_at, **by)
    assert start(maintenance_id=window.pk, at=window.starts_at - timedelta(minutes=10), **by).state == "running"


def test_the_outcome_reaches_those_who_were_told(windows, cast):
    window = windows.running()
    OutboxMessage.objects.all().delete()
    end = {"maintenance_id": window.pk, "actor": cast.bo_actor, "at": window.starts_at + HOUR}
    with refused("placeholder"):
        finish(result="done", outcome="done", **end)
    longer = window.ends_at + HOUR
    maintenance_run.extend_maintenance(ends_at=longer, reason="The card boots slowly", **end)
    finish(result="failed", outcome="The new card did not come up; the old one serves again.", **end)
    told = [text for address, text in letters() if address.startswith("ada")]
    assert "takes longer" in told[0] and "the old one serves again" in told[1]


def test_cancelling_and_moving_reach_only_those_who_were_told(windows, cast):
    drafted, noticed = windows.draft(), windows.noticed()
    OutboxMessage.objects.all().delete()
    why = {"reason": "The vendor has no card left", "actor": cast.cy_actor, "at": windows.at}
    assert maintenance_run.cancel_maintenance(maintenance_id=drafted.pk, **why).state == "cancelled"
    assert not letters()
    later = noticed.starts_at + timedelta(days=7)
    maintenance_run.move_maintenance(maintenance_id=noticed.pk, starts_at=later, ends_at=later + HOUR, **why)
    maintenance_run.cancel_maintenance(maintenance_id=noticed.pk, **why)
    subjects = [text.splitlines()[0] for address, text in letters() if address.startswith("ada")]
    assert ["put off" in subjects[0], "cancelled" in subjects[1]] == [True, True]
    with refused("wrong_state"):
        maintenance_run.cancel_maintenance(maintenance_id=noticed.pk, **why)
