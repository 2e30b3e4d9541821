import pytest

from accounts.actors import actor_for
from accounts.models import Absence, AccountTeamMember
from escalation.commands.absence import end_absence, plan_absence
from escalation.commands.roster import override
from escalation.commands.roster_swap import accept_swap, ask_swap
from escalation.coverage import check
from escalation.models import Roster
from escalation.oncall import OnCall, Scope, who
from escalation.rosters.emptied import emptied
from escalation.rosters.gaps import all_gaps
from escalation.rosters.read import alive
from escalation.rosters.rules import gaps_of
from escalation.shipped import rule
from escalation.simulator.history import rosters_between
from escalation.simulator.people import Place
from escalation.simulator.windows import us
from ledger.models import Entry
from tests.factories.rosters import DAY, HOUR, duty_roster, give, join, lead, week_layer, weeks
from tests.refusals import refused

ROLE = "duty_manager"


def on(at, role=ROLE, organisation_id=None):
    return who(role, at=at, organisation_id=organisation_id).user


def away(user, begin, end, actor, *, at, **more) -> Absence:
    return plan_absence(user_id=user.pk, from_at=begin, to_at=end, reason="Leave",
                        **{"accept_turns": True} | more, actor=actor, at=at)  # fmt: skip


@pytest.fixture
def roster(cast, nine) -> Roster:
    """Mo this week, Sam next; Bo beneath both."""
    give(ROLE, cast.bo)
    made = weeks(cast, nine - 7 * DAY, cast.mo, cast.sam, position=2, starts_on=nine.date())
    week_layer(made, cast, nine - 7 * DAY, cast.bo, name="Beneath", position=1)
    return made


@pytest.mark.rule("A-04")
def test_the_layer_beneath_answers_while_somebody_is_away_and_not_before_or_after(cast, roster, nine):
    away(cast.mo, nine + DAY, nine + 2 * DAY, cast.mo_actor, at=nine)

    asked = [on(nine + hours * HOUR) for hours in (0, 24, 47, 48)]
    assert asked == [cast.mo, cast.bo, cast.bo, cast.mo]
    assert on(nine + 400 * DAY) in {cast.mo, cast.sam}


@pytest.mark.rule("A-04")
def test_the_account_team_hands_over_to_the_deputy_who_is_here(cast, nine):
    role, place = "account_manager", cast.northgate.pk
    AccountTeamMember.objects.filter(organisation=place, role=role).update(deputy=cast.sam)
    away(cast.people[role], nine, nine + DAY, cast.cy_actor, at=nine)

    assert (on(nine, role, place), on(nine + DAY, role, place)) == (cast.sam, cast.people[role])
    away(cast.sam, nine, nine + HOUR, cast.sam_actor, at=nine)
    assert on(nine, role, place) == cast.mo  # no manager: the duty manager


@pytest.mark.rule("A-04")
def test_the_owner_of_a_ticket_who_is_away_is_passed_over(cast, nine):
    away(cast.bo, nine, nine + DAY, cast.bo_actor, at=nine)

    found = OnCall(nine, []).who("owner", Scope(organisation_id=None, owner=cast.bo))
    assert found.user == cast.cy


@pytest.mark.rule("A-04")
def test_hours_left_empty_are_a_gap_that_names_who_is_away(cast, nine):
    made = weeks(cast, nine - DAY, cast.mo)
    away(cast.mo, nine + DAY, nine + 2 * DAY, cast.mo_actor, at=nine)

    gap = gaps_of(made, nine)[0]
    assert (gap.from_at, gap.to_at, gap.away) == (nine + DAY, nine + 2 * DAY, (cast.mo.pk,))
    assert len(all_gaps(alive(nine), nine, nine + 14 * DAY)) == 1


@pytest.mark.rule("A-04")
def test_the_coverage_of_policies_sees_it(cast, rules, nine, settings):
    settings.BREAK_GLASS = []
    calls = rule("X-1", "Call", "start", 0, ["ceo"], ["resolved"])
    shape = {"key": "x", "name": "X", "subject": "ticket", "conditions": {}, "rules": [calls]}
    assert check([shape], at=nine) == []
    away(cast.people["ceo"], nine + DAY, nine + 3 * DAY, cast.cy_actor, at=nine)
    assert [(h.severity, h.from_at, h.to_at) for h in check([shape], at=nine)] == [
        ("yellow", nine + DAY, nine + 3 * DAY)]  # fmt: skip


def test_turns_are_told_before_they_are_emptied(cast, roster, nine):
    with refused("turns_held", "accept_turns"):
        away(cast.mo, nine + DAY, nine + 2 * DAY, cast.mo_actor, at=nine, accept_turns=False)
    assert not Absence.objects.exists() and not Entry.objects.filter(name__startswith="staff.").exists()

    (row,) = emptied(cast.mo.pk, nine + DAY, nine + 2 * DAY, nine)
    assert (row.turn.from_at, row.turn.to_at, row.empty) == (nine + DAY, nine + 2 * DAY, [])
    assert [turn.user_id for turn in row.instead] == [cast.bo.pk]


def test_the_hours_can_still_be_swapped_and_an_override_of_somebody_away_is_refused(cast, roster, nine):
    away(cast.mo, nine + DAY, nine + 2 * DAY, cast.mo_actor, at=nine)
    hours = {"from_at": nine + DAY, "to_at": nine + 2 * DAY}

    with refused("person_away", "user"):
        override(role=ROLE, user_id=cast.mo.pk, **hours, reason="x", actor=lead(cast), at=nine)
    swap = ask_swap(roster_id=roster.pk, other_id=cast.sam.pk, **hours, actor=cast.mo_actor, at=nine)
    accept_swap(swap_id=swap.pk, actor=cast.sam_actor, at=nine)

    assert on(nine + DAY) == cast.sam
    assert emptied(cast.mo.pk, nine + DAY, nine + 2 * DAY, nine) == []


def test_ended_early_the_turns_come_back_and_the_past_stays(cast, roster, nine):
    made = away(cast.mo, nine + HOUR, nine + 3 * DAY, cast.mo_actor, at=nine)
    later = nine + DAY
    end_absence(absence_id=made.pk, actor=cast.cy_actor, at=later)

    assert (on(nine + 2 * HOUR), on(later), on(later + HOUR)) == (cast.bo, cast.mo, cast.mo)
    with refused("over_already"):
        end_absence(absence_id=made.pk, actor=cast.cy_actor, at=later + HOUR)
    names = Entry.objects.filter(chain=f"staff:{cast.mo.uuid}").values_list("name", flat=True)
    assert list(names.order_by("seq")) == ["staff.absence_planned", "staff.absence_ended"]


def test_only_oneself_and_leads_enter_an_absence_and_nonsense_is_refused(cast, roster, nine):
    with refused("not_allowed"):
        away(cast.mo, nine, nine + DAY, actor_for(cast.people["ceo"]), at=nine)
    with refused("not_allowed"):
        away(cast.mo, nine, nine + DAY, cast.ada_actor, at=nine)
    with refused("bad_times"):
        away(cast.mo, nine + DAY, nine + HOUR, cast.mo_actor, at=nine)
    with refused("over_already"):
        away(cast.mo, nine - DAY, nine, cast.mo_actor, at=nine)
    with refused("too_long"):
        away(cast.mo, nine, nine + 800 * DAY, cast.mo_actor, at=nine)
    away(cast.mo, nine, nine + DAY, cast.mo_actor, at=nine)
    with refused("away_already", "from_at"):
        away(cast.mo, nine + HOUR, nine + 2 * DAY, cast.mo_actor, at=nine)


def test_the_auditor_passes_over_the_absent_at_the_same_instants(cast, roster, nine):
    join(cast.l1, cast.sam)
    duty_roster(cast, nine, role=f"team:{cast.l1.uuid}", name="L1", deputy_id=cast.sam.pk)
    for user, begin in ((cast.mo, 24), (cast.people["ceo"], 5), (cast.sam, 30)):
        away(user, nine + begin * HOUR, nine + (begin + 20) * HOUR, cast.cy_actor, at=nine)
    known = rosters_between(nine - DAY, nine + 9 * DAY)

    for role in (ROLE, "ceo", f"team:{cast.l1.uuid}"):
        for hour in range(0, 100, 2):
            at = nine + hour * HOUR
            found = on(at, role)
            assert known.who(role, Place(), us(at)) == (str(found.uuid) if found else None), (role, hour)
