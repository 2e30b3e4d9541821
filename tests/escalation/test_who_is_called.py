import pytest

from accounts.models import AccountTeamMember, User
from catalogue.models import Entitlement
from escalation.commands.roster import override
from escalation.models import RosterSlot
from escalation.oncall import OnCall, Scope, who
from tests.factories.rosters import DAY, HOUR, duty_roster, join, lead, week_layer, weeks

SHIFTS = [("APAC", "Australia/Melbourne", "07:00", "15:30"), ("EMEA", "Europe/Dublin", "06:00", "14:30"),
          ("Americas", "America/New_York", "09:00", "14:30"),
          ("Pacific", "America/Vancouver", "11:00", "14:30")]  # fmt: skip


def on(at, role="duty_manager", **where):
    return who(role, at=at, **{"organisation_id": None} | where)


def away(user) -> None:
    User.objects.filter(pk=user.pk).update(available=False)


@pytest.mark.rule("A-04")
def test_the_chain_goes_on_to_the_next_at_once(cast, nine, settings):
    """Override, rotation, base, deputy, manager, duty manager, break-glass."""
    settings.BREAK_GLASS = ["glass@desk.example"]
    role = f"team:{cast.l2.uuid}"
    ruth, tara, rui, eve = (cast.people[r] for r in ("director_support", "technical_account_manager",
                                                     "regional_manager", "executive_support"))  # fmt: skip
    join(cast.l2, ruth, tara)
    User.objects.filter(pk=cast.sam.pk).update(manager=eve)
    roster = duty_roster(cast, nine - DAY, cast.mo, role=role, deputy_id=rui.pk)
    week_layer(roster, cast, nine - DAY, cast.sam)
    week_layer(roster, cast, nine - DAY, tara, name="Default", base=True)
    override(role=role, user_id=ruth.pk, from_at=nine, to_at=nine + HOUR, reason="Swap", actor=lead(cast), at=nine)

    asked = []
    for _step in range(7):
        found = on(nine, role)
        asked.append((found.user, found.why))
        if found.user:
            away(found.user)

    assert asked == [
        (ruth, "override"), (cast.sam, "rotation"), (tara, "base"), (rui, "deputy"), (eve, "manager"),
        (cast.mo, "fallback"), (None, "break_glass"),
    ]  # fmt: skip


@pytest.mark.rule("A-04")
def test_the_narrowest_place_wins(cast, nine):
    role = "account_manager"
    holder, deputy = cast.people[role], cast.sam
    AccountTeamMember.objects.filter(role=role).update(deputy=deputy)
    roster = duty_roster(cast, nine, role=role, scope=f"customer:{cast.northgate.pk}")
    week_layer(roster, cast, nine, deputy)

    assert on(nine, role, organisation_id=cast.northgate.pk).user == deputy
    AccountTeamMember.objects.create(organisation=cast.other, role=role, user=holder)
    assert on(nine, role, organisation_id=cast.other.pk).user == holder


@pytest.mark.rule("A-04")
def test_four_shifts_follow_the_sun_and_overlap(cast, nine):
    people = [cast.mo, cast.sam, cast.bo, cast.cy]
    roster = duty_roster(cast, nine - DAY, *people)
    for user, (name, zone, opens, closes) in zip(people, SHIFTS, strict=True):
        windows = [{"weekday": day, "from": opens, "to": closes} for day in range(7)]
        week_layer(roster, cast, nine - DAY, user, name=name, time_zone=zone, windows=windows)

    def both(at):
        slots = OnCall(at, []).slots["duty_manager", "global"]
        return [slot.user for slot in slots]

    assert both(nine) == [cast.sam]  # 10:00 in Dublin
    assert both(nine.replace(hour=5, minute=15)) == [cast.mo, cast.sam]  # 15:15 in Melbourne, 06:15 in Dublin
    assert both(nine.replace(hour=13, minute=15)) == [cast.sam, cast.bo]
    assert on(nine.replace(hour=13, minute=15)).user == cast.sam  # who hands over answers until the end
    assert both(nine.replace(hour=21, minute=15)) == [cast.cy, cast.mo]


@pytest.mark.rule("A-04")
def test_the_weekend_is_for_those_who_bought_it(cast, nine, django_assert_num_queries):
    roster = duty_roster(cast, nine, cast.sam)
    type(cast.mo.role_grants.first()).objects.filter(user=cast.sam).delete()
    RosterSlot.objects.filter(roster=roster).delete()
    join(cast.l1, cast.sam)
    role = f"team:{cast.l1.uuid}"
    week_layer(duty_roster(cast, nine, role=role), cast, nine, cast.sam, entitled_weekend=True)
    Entitlement.objects.filter(organisation=cast.northgate).update(weekend_cover=True)
    saturday = nine + 5 * DAY

    def called(at, organisation):
        found = on(at, role, organisation_id=organisation.pk)
        return found.user, found.why

    assert called(nine, cast.other) == called(nine, cast.northgate) == (cast.sam, "rotation")
    with django_assert_num_queries(6):
        assert called(saturday, cast.northgate) == (cast.sam, "rotation")
    assert called(saturday, cast.other) == (cast.mo, "fallback")
    assert called(saturday + 364 * DAY, cast.northgate) == (cast.sam, "rotation")
    assert called(saturday + 364 * DAY, cast.other) == (cast.mo, "fallback")


@pytest.mark.rule("A-04")
def test_many_subjects_cost_as_much_as_one(cast, nine, django_assert_num_queries):
    weeks(cast, nine, cast.mo, cast.sam)
    scopes = [Scope(organisation_id=pk, region="au") for pk in (cast.northgate.pk, cast.other.pk)] * 50

    with django_assert_num_queries(5):
        desk = OnCall(nine, [scope.organisation_id for scope in scopes])
        assert {desk.who("duty_manager", scope).user for scope in scopes} == {cast.sam}
        assert desk.second("duty_manager", scopes[0], instead_of=cast.mo.pk).user == cast.sam
