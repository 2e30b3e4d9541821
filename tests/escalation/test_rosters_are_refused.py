import pytest

from escalation.commands.roster_plan import create_roster
from escalation.models import Roster, RosterLayer
from escalation.oncall import who
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.rosters import HOUR, duty_roster, week_layer, weeks


def on(at, role="duty_manager"):
    return who(role, at=at, organisation_id=None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"members": []}, "members_missing"), ({"length": 0}, "bad_rotation"), ({"unit": "year"}, "bad_rotation"),
        ({"time_zone": "Mars/Olympus"}, "unknown_zone"), ({"name": " "}, "name_missing"),
        ({"windows": [{"weekday": 0, "from": "09:00", "to": "17:00"}, {"weekday": 0, "from": "16:00", "to": "18:00"}]},
         "bad_windows"),
        ({"windows": [{"weekday": 9, "from": "09:00", "to": "17:00"}]}, "bad_windows"),
        ({"windows": [{"weekday": 0, "from": "soon"}]}, "bad_windows"), ({"members": [0]}, "unknown_person"),
    ],
)  # fmt: skip
def test_a_layer_that_cannot_be_is_refused_and_nothing_is_written(cast, nine, change, code):
    roster = duty_roster(cast, nine, cast.mo)

    with pytest.raises(Refused) as refusal:
        week_layer(roster, cast, nine, cast.mo, **change)

    assert refusal.value.code == code
    assert not RosterLayer.objects.exists() and Entry.objects.filter(chain=roster.chain).count() == 1


def test_people_who_left_or_lack_the_role_are_refused_by_name(cast, nine):
    roster = duty_roster(cast, nine, cast.mo)

    with pytest.raises(Refused) as lacks:
        week_layer(roster, cast, nine, cast.bo)
    type(cast.mo).objects.filter(pk=cast.mo.pk).update(is_active=False)
    with pytest.raises(Refused) as gone:
        week_layer(roster, cast, nine, cast.mo)

    assert (lacks.value.code, gone.value.code) == ("lacks_role", "person_gone")
    assert "Bo Raman" in str(lacks.value.message) and "Mo Tan" in str(gone.value.message)


def test_a_change_that_leaves_a_gap_is_refused_until_somebody_says_it_may(cast, nine):
    roster = weeks(cast, nine, cast.mo)
    office = [{"weekday": day, "from": "09:00", "to": "17:00"} for day in range(5)]

    with pytest.raises(Refused) as refusal:
        week_layer(roster, cast, nine, cast.mo, windows=office)
    assert refusal.value.code == "gap_left" and "15 Jun 17:00" in str(refusal.value.message)
    assert RosterLayer.objects.get().windows == []

    week_layer(roster, cast, nine, cast.mo, windows=office, accept_gap=True)
    assert on(nine + 9 * HOUR).why == "role"


def test_a_second_roster_of_a_role_in_a_place_is_refused(cast, nine):
    duty_roster(cast, nine, cast.mo)

    with pytest.raises(Refused) as refusal:
        duty_roster(cast, nine, cast.mo)

    assert refusal.value.code == "roster_there" and Roster.objects.count() == 1


def test_agents_and_leads_of_another_region_keep_no_rosters(cast, nine):
    facts = {"name": "Duty", "role": "duty_manager", "time_zone": "UTC", "at": nine}
    type(cast.cy.role_grants.first()).objects.filter(user=cast.cy).update(region="eu")

    for actor, scope, code in ((cast.bo_actor, "global", "not_allowed"), (cast.cy_actor, "global", "unknown_scope"),
                               (cast.cy_actor, "region:au", "unknown_scope"),
                               (cast.ada_actor, "global", "not_allowed")):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            create_roster(**facts, scope=scope, actor=actor)
        assert refusal.value.code == code
    assert create_roster(**facts, scope="region:eu", actor=cast.cy_actor).scope == "region:eu"
