"""The floor beside the lanes: what is watched, for whom, and that nobody else learns of it, not even how many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_for
from accounts.models import RoleGrant
from escalation.board_filters import Filters
from escalation.commands.fire import fire_all
from escalation.floor.read import floor
from escalation.models import RosterSlot
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.factories.cast import staff
from tests.factories.clocks import MINUTE, put
from tests.factories.formal import verified_ticket
from tickets.commands.interaction import end_interaction, start_interaction
from tickets.commands.note import add_progress
from tickets.models import Interaction

HX = {"HX-Request": "true"}
SECOND = timedelta(seconds=1)


def ring(cast, at, answered=None, **fields):
    """A call that rings at `at`; answered so many seconds later by Bo."""
    more = {"answered_at": at + answered * SECOND, "agent_id": cast.bo.pk} if answered else {}
    made = start_interaction(channel="call", direction="in", started_at=at, actor=SYSTEM, at=at, **more)
    if fields:
        Interaction.objects.filter(pk=made.pk).update(**fields)
    return made


@pytest.fixture
def far(db):
    """A supervisor of another region."""
    user = staff("far@desk.example", "Far Away")
    RoleGrant.objects.create(user=user, role="supervisor", region="eu")
    return user


@pytest.mark.rule("C-20")
def test_a_fault_without_progress_stands_on_the_floor_until_somebody_writes(cast, rules, nine):
    ticket = verified_ticket(cast, nine, priority="P3", title="Silent one")
    put(ticket, owner=cast.bo)
    fire_all(nine + 31 * MINUTE)
    at = nine + 32 * MINUTE
    assert [row.title for row in floor(cast.cy_actor, at=at).silent.rows] == ["Silent one"]

    add_progress(ticket_id=ticket.pk, body="Port measured, loss falls", public=False, actor=cast.bo_actor, at=at)
    assert floor(cast.cy_actor, at=at + MINUTE).silent.count == 0


@pytest.mark.rule("X-06")
def test_a_customer_without_news_stands_on_the_floor(cast, rules, nine):
    verified_ticket(cast, nine, title="Nobody wrote")
    put(verified_ticket(cast, nine, title="Just told"), last_public_at=nine + 20 * MINUTE)
    verified_ticket(cast, nine, priority="P4", title="Can wait")

    seen = floor(cast.cy_actor, at=nine + 31 * MINUTE).unheard

    assert ([row.title for row in seen.rows], seen.count, seen.more) == (["Nobody wrote"], 1, False)


def test_promises_of_the_next_five_minutes_stand_soonest_first(cast, rules, nine):
    verified_ticket(cast, nine, title="Due at ten past")
    verified_ticket(cast, nine - 2 * MINUTE, title="Due earlier")
    verified_ticket(cast, nine + 30 * MINUTE, title="Due later")

    seen = floor(cast.cy_actor, at=nine + 6 * MINUTE).breaching

    assert [(row.title, row.due_at) for row in seen.rows] == [
        ("Due earlier", nine + 8 * MINUTE), ("Due at ten past", nine + 10 * MINUTE)
    ]  # fmt: skip


@pytest.mark.rule("C-07")
@pytest.mark.rule("P-01")
def test_calls_are_measured_by_their_own_target_and_unfinished_ones_stay(cast, rules, nine):
    ring(cast, nine, answered=10)
    ring(cast, nine, answered=40)
    left = ring(cast, nine, answered=5)
    end_interaction(interaction_id=left.pk, actor=cast.bo_actor, at=nine + MINUTE)
    ring(cast, nine + 90 * SECOND)

    seen = floor(cast.cy_actor, at=nine + 2 * MINUTE).calls

    assert (seen.waiting, seen.longest, seen.in_time) == (1, 30 * SECOND, 50)
    assert (seen.unfinished_count, seen.unfinished[0].agent) == (1, "Bo Raman")


@pytest.mark.rule("A-04")
def test_who_is_on_a_roster_stands_with_their_load(cast, rules, nine):
    RosterSlot.objects.create(role="duty_manager", user=cast.mo, during=(nine - MINUTE, nine + 60 * MINUTE))
    put(verified_ticket(cast, nine), owner=cast.mo)

    mo = next(one for one in floor(cast.cy_actor, at=nine).people if one.name == "Mo Tan")

    assert (mo.load, mo.state) == (1, "free")


def test_another_region_learns_nothing_not_even_counts_nor_that_something_changed(
    cast, rules, nine, far, signed_in, desk_time
):
    desk_time(nine + 40 * MINUTE)
    client = signed_in(far)
    before = client.get("/supervisor/", headers=HX)
    put(verified_ticket(cast, nine, title="KANARIENVOGEL"), owner=cast.bo)
    ring(cast, nine, organisation_id=cast.northgate.pk)
    fire_all(nine + 40 * MINUTE)
    desk_time(nine + 40 * MINUTE)

    after = client.get("/supervisor/", headers=HX)
    seen = floor(actor_for(far), at=nine + 40 * MINUTE)

    assert after.content == before.content and after.headers["ETag"] == before.headers["ETag"]
    assert (seen.breaching.count, seen.silent.count, seen.unheard.count, seen.calls.waiting) == (0, 0, 0, 0)
    assert sum(one.load for one in seen.people) == 0
    assert b"KANARIENVOGEL" in signed_in(cast.cy).get("/supervisor/", headers=HX).content


def test_a_ladder_role_sees_neither_calls_nor_people_and_nobody_a_restricted_ticket(cast, rules, nine):
    put(verified_ticket(cast, nine), restricted=True)
    ring(cast, nine)
    at = nine + 31 * MINUTE

    manager = floor(actor_for(cast.people["account_manager"]), at=at)

    assert (manager.calls, manager.people, manager.unheard.count) == (None, None, 0)
    assert floor(cast.cy_actor, at=at).unheard.count == 0


@pytest.mark.rule("A-01")
def test_filters_narrow_the_whole_floor(cast, rules, nine):
    verified_ticket(cast, nine, title="Here")
    verified_ticket(cast, nine, title="There", organisation=cast.other, reporter=cast.dee)
    at = nine + 31 * MINUTE

    for chosen in (Filters(region="au"), Filters(segment="premium"), Filters(category="government")):
        assert [row.title for row in floor(cast.cy_actor, at=at, filters=chosen).unheard.rows] == ["Here"]


def test_filters_are_kept_for_their_person_and_the_address_says_them(cast, rules, nine, signed_in, desk_time):
    desk_time(nine)
    client = signed_in(cast.mo)

    there = client.post("/supervisor/keep/", {"region": "au", "team": "", "segment": "premium", "category": ""})
    assert there.headers["Location"] == "/supervisor/?region=au&segment=premium"
    assert client.get("/supervisor/").headers["Location"] == "/supervisor/?region=au&segment=premium"
    assert signed_in(cast.cy).get("/supervisor/").status_code == 200
    assert Entry.objects.get(name="view.board_kept").data["narrowed"] == ["region", "segment"]

    client.post("/supervisor/keep/", {"all": "yes"})
    assert client.get("/supervisor/").status_code == 200
    assert signed_in(cast.ada.user).post("/supervisor/keep/", {}).status_code == 404


def test_readers_of_one_scope_cost_one_drawing_and_a_kept_board_few_questions(cast, rules, nine, signed_in, desk_time):
    desk_time(nine)
    RoleGrant.objects.create(user=cast.sam, role="duty_manager")
    first, second = signed_in(cast.mo), signed_in(cast.sam)
    second.get("/supervisor/", headers=HX)
    first.get("/supervisor/", headers=HX)

    with CaptureQueriesContext(connection) as seen:
        assert second.get("/supervisor/", headers=HX).status_code == 200
    assert len(seen) <= 8
    second.get("/supervisor/")
    with CaptureQueriesContext(connection) as page:
        second.get("/supervisor/")
    assert len(page) <= 15
