"""Planned work: its impact over the service graph, its approvals, its lead times and hours (C-29, V-21)."""

from datetime import timedelta

import pytest

from catalogue.queries import downstream_of
from ledger.models import Entry
from tests.refusals import refused
from tests.tickets.windows import HOUR
from tickets.commands import maintenance_approve, maintenance_impact, maintenance_run
from tickets.models import Maintenance, NoticeLead

pytestmark = pytest.mark.django_db
request, decide = maintenance_approve.request_maintenance, maintenance_approve.decide_maintenance


@pytest.mark.rule("C-29")
def test_the_impact_is_computed_over_the_service_graph(windows, cast):
    window = windows.draft()
    rows = {row.service.service_id: row.cause for row in window.impacts.select_related("service")}
    assert rows == {"EPL-30112": "direct", "EPL-30277": "upstream"}
    assert window.number.startswith("MW-")
    assert Entry.objects.get(chain=window.chain).name == "maintenance.planned"


def test_a_circle_in_the_service_graph_comes_to_an_end(windows, cast):
    cast.service.upstream = cast.other_service
    cast.service.save()
    assert set(downstream_of([cast.service.pk])) == {cast.service.pk, cast.other_service.pk}


@pytest.mark.rule("C-29")
def test_impact_is_put_right_by_hand_with_a_reason(windows, cast):
    window, third = windows.draft(), windows.third()
    by = {"maintenance_id": window.pk, "actor": cast.bo_actor, "at": windows.at}
    row = window.impacts.get(service=cast.other_service)
    with refused("no_reason"):
        maintenance_impact.leave_out(impact_uuid=str(row.uuid), reason=" ", **by)
    maintenance_impact.leave_out(impact_uuid=str(row.uuid), reason="Runs over the second core", **by)
    maintenance_impact.add_affected(service_id=third.pk, reason="Shares the power of the rack", **by)
    with refused("affected_already"):
        maintenance_impact.add_affected(service_id=third.pk, reason="Shares the power of the rack", **by)
    window = maintenance_impact.recompute_impact(**by)
    left = {row.service.service_id for row in window.impacts.filter(left_out=False).select_related("service")}
    assert left == {"EPL-30112", "EPL-91006"}


@pytest.mark.rule("C-29")
def test_every_function_approves_and_all_people_are_distinct(windows, cast):
    window = windows.requested(international=True)
    assert window.needed == ["technical", "key_customers", "cutover", "international"]
    approvers = windows.approvers()
    with refused("no_role"):
        windows.decide(window, "international", cast.mo_actor)
    windows.decide(window, "technical", approvers["technical"])
    with refused("decided"):
        windows.decide(window, "technical", cast.cy_actor)
    windows.decide(window, "key_customers", cast.cy_actor)
    window = windows.decide(window, "cutover", approvers["cutover"])
    assert window.state == "requested"
    window = windows.decide(window, "international", approvers["international"])
    assert window.state == "approved" and window.approved_at == windows.at


@pytest.mark.rule("C-29")
def test_nobody_approves_their_own_work_or_twice(windows, cast):
    window = windows.draft(owner_id=cast.mo.pk)
    request(maintenance_id=window.pk, actor=cast.cy_actor, at=windows.at)
    for function, actor in (("technical", cast.cy_actor), ("cutover", cast.mo_actor)):
        with refused("same_person"):
            windows.decide(window, function, actor)
    other = windows.requested()
    windows.decide(other, "technical", cast.cy_actor)
    with refused("same_person"):
        windows.decide(other, "key_customers", cast.cy_actor)


def test_ordinary_customers_need_no_review_and_a_decline_begins_a_new_round(windows, cast):
    window = windows.requested(service_ids=[cast.other_service.pk])
    assert window.needed == ["technical", "cutover"]
    with refused("no_reason"):
        windows.decide(window, "technical", cast.cy_actor, approved=False)
    window = windows.decide(window, "technical", cast.cy_actor, approved=False, reason="The way back was never tried")
    assert window.state == "draft"
    window = request(maintenance_id=window.pk, actor=cast.bo_actor, at=windows.at)
    assert window.round_no == 2
    assert windows.decide(window, "technical", cast.cy_actor).state == "requested"


@pytest.mark.rule("V-21")
def test_a_window_in_working_hours_of_a_customer_needs_a_reason(windows, cast):
    noon = windows.at + timedelta(days=14, hours=-7)  # Monday 29 June, noon in Melbourne
    window = windows.draft(starts_at=noon, ends_at=noon + HOUR)
    assert not window.off_peak
    with refused("on_peak"):
        request(maintenance_id=window.pk, actor=cast.bo_actor, at=windows.at)
    reason = "The vendor's people are there only by day"
    window = request(maintenance_id=window.pk, off_peak_reason=reason, actor=cast.bo_actor, at=windows.at)
    assert window.state == "requested"
    assert windows.draft().off_peak


@pytest.mark.rule("C-29")
def test_lead_times_count_working_days_of_each_customer(windows, cast):
    NoticeLead.objects.filter(segment="premium").update(working_days=4)
    friday = windows.at + timedelta(days=4, hours=5)  # Friday 19 June: 4 working days from Monday's midnight
    in_time = windows.draft(starts_at=friday + HOUR, ends_at=friday + 2 * HOUR)
    late = windows.draft(starts_at=friday - 23 * HOUR, ends_at=friday - 22 * HOUR)
    assert in_time.notice_by >= windows.at > late.notice_by
    with refused("short_notice"):
        request(maintenance_id=late.pk, actor=cast.bo_actor, at=windows.at)
    said = {"lead_reason": "The card may fail at any hour", "actor": cast.bo_actor, "at": windows.at}
    assert request(maintenance_id=late.pk, **said).state == "requested"


def test_moving_work_voids_its_approvals(windows, cast):
    window = windows.approved()
    later = window.starts_at + timedelta(days=7)
    said = {"starts_at": later, "ends_at": later + HOUR, "reason": "A customer asks for Sunday", "at": windows.at}
    window = maintenance_run.move_maintenance(maintenance_id=window.pk, actor=cast.bo_actor, **said)
    assert (window.state, window.approved_at, window.needed) == ("draft", None, [])
    window = request(maintenance_id=window.pk, actor=cast.bo_actor, at=windows.at)
    assert windows.decide(window, "technical", windows.approvers()["technical"]).state == "requested"


def test_strangers_and_late_savers_are_refused(windows, cast):
    window = windows.draft()
    with refused("stale"):
        request(maintenance_id=window.pk, actor=cast.bo_actor, at=windows.at, version=window.version + 1)
    with refused("not_allowed"):
        request(maintenance_id=window.pk, actor=cast.sam_actor, at=windows.at)
    with refused("unknown_window"):
        request(maintenance_id=window.pk, actor=cast.ada_actor, at=windows.at)
    with refused("past_window"):
        windows.draft(starts_at=windows.at - HOUR, ends_at=windows.at + HOUR)
    assert not Maintenance.objects.visible_to(cast.ada_actor).exists()
