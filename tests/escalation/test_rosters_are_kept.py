from datetime import time

import pytest

from escalation.commands.roster import override, remove_override
from escalation.commands.roster_layer import end_layer
from escalation.commands.roster_plan import change_roster, retire_roster
from escalation.models import RosterLayer, RosterOverride, RosterSlot
from escalation.oncall import who
from escalation.rosters.fill import horizon
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.rosters import DAY, HOUR, duty_roster, give, lead, week_layer, weeks


def on(at, role="duty_manager"):
    return who(role, at=at, organisation_id=None)


@pytest.mark.rule("A-04")
def test_weeks_alternate_and_are_written_out_sixty_days_ahead(cast, nine):
    roster = weeks(cast, nine, cast.mo, cast.sam)

    assert (on(nine).user, on(nine + 7 * DAY).user, on(nine + 14 * DAY).user) == (cast.sam, cast.mo, cast.sam)
    slots = RosterSlot.objects.filter(roster=roster)
    assert max(slot.during.upper for slot in slots) == horizon(nine) > nine + 60 * DAY
    assert [entry.name for entry in Entry.objects.filter(chain=roster.chain)] == ["roster.created", "roster.layer_set"]


@pytest.mark.rule("A-04")
def test_beyond_what_is_written_out_the_answer_is_computed(cast, nine, django_assert_num_queries):
    weeks(cast, nine, cast.mo, cast.sam)

    with django_assert_num_queries(7):
        assert on(nine + 371 * DAY).user == cast.mo
    with django_assert_num_queries(5):
        assert on(nine + 7 * DAY).user == cast.mo


@pytest.mark.rule("A-04")
def test_what_was_true_stays_true_after_an_edit(cast, nine):
    roster = weeks(cast, nine, cast.mo, cast.sam)
    later = nine + 9 * DAY
    before = {day: on(nine + day * DAY).user for day in range(9)}

    week_layer(roster, cast, later, cast.sam, starts_on=later.date())

    assert {day: on(nine + day * DAY).user for day in range(9)} == before
    assert on(later).user == cast.sam
    assert sorted(RosterLayer.objects.values_list("to_at", flat=True), key=str)[0] == later


def test_a_layer_to_come_begins_with_its_first_hand_off(cast, nine):
    roster = weeks(cast, nine, cast.mo)
    give("duty_manager", cast.sam)

    made = week_layer(roster, cast, nine, cast.sam, starts_on=(nine + 3 * DAY).date(), handoff=time(12))

    assert made.from_at == nine + 3 * DAY + 3 * HOUR
    assert (on(made.from_at - HOUR).user, on(made.from_at).user) == (cast.mo, cast.sam)


def test_a_retired_roster_keeps_its_past_and_gives_up_its_future(cast, nine):
    roster = weeks(cast, nine - 2 * DAY, cast.sam, cast.mo)
    retire_roster(roster_id=roster.pk, reason="Merged", accept_gap=True, actor=lead(cast), at=nine)

    assert on(nine - HOUR).why == "rotation" and on(nine).why == "role"
    assert not RosterSlot.objects.filter(during__endswith__gt=nine).exists()
    duty_roster(cast, nine, cast.mo)


def test_ending_the_last_layer_asks_first(cast, nine):
    roster = weeks(cast, nine, cast.mo)
    with pytest.raises(Refused) as refusal:
        end_layer(roster_id=roster.pk, name="Weeks", reason="Over", actor=lead(cast), at=nine)
    assert refusal.value.code == "gap_left"

    end_layer(roster_id=roster.pk, name="Weeks", reason="Over", accept_gap=True, actor=lead(cast), at=nine)
    assert not RosterSlot.objects.filter(during__endswith__gt=nine).exists()


def test_facts_of_a_roster_change_and_say_which(cast, nine):
    roster = weeks(cast, nine, cast.mo)

    change_roster(roster_id=roster.pk, name="Managers", time_zone="Europe/Dublin", calendar_id=None,
                  deputy_id=cast.sam.pk, actor=lead(cast), at=nine)  # fmt: skip

    assert Entry.objects.get(name="roster.changed").data["changed"] == ["deputy_id", "name", "time_zone"]
    type(cast.mo).objects.filter(pk=cast.mo.pk).update(available=False)
    assert (on(nine).user, on(nine).why) == (cast.sam, "deputy")


def test_an_override_comes_first_and_its_past_outlives_its_removal(cast, nine):
    weeks(cast, nine, cast.mo, cast.sam, starts_on=nine.date())
    made = override(role="duty_manager", user_id=cast.sam.pk, from_at=nine - HOUR, to_at=nine + 4 * HOUR,
                    reason="Leave", actor=lead(cast), at=nine)  # fmt: skip
    assert (made.from_at, on(nine).user, on(nine).why) == (nine, cast.sam, "override")

    remove_override(override_id=made.pk, reason="Back", actor=lead(cast), at=nine + HOUR)

    assert (on(nine).user, on(nine + HOUR).user) == (cast.sam, cast.mo)
    assert RosterOverride.objects.get().to_at == nine + HOUR
