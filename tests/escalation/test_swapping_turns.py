import pytest
from django.db import transaction

from escalation.commands.roster import override
from escalation.commands.roster_swap import accept_swap, ask_swap, decline_swap, withdraw_swap
from escalation.models import RosterOverride, RosterSwap
from escalation.oncall import who
from ledger.errors import Refused
from ledger.models import Entry
from tests.concurrency import Elsewhere
from tests.factories.rosters import DAY, HOUR, lead, weeks


def on(at):
    return who("duty_manager", at=at, organisation_id=None).user


@pytest.fixture
def roster(cast, nine):
    """Mo this week, Sam next."""
    return weeks(cast, nine, cast.mo, cast.sam, starts_on=nine.date())


def asked(cast, roster, nine, **more) -> RosterSwap:
    usual = {"other_id": cast.sam.pk, "from_at": nine + DAY, "to_at": nine + 2 * DAY, "actor": cast.mo_actor}
    return ask_swap(roster_id=roster.pk, **usual | {"at": nine} | more)


@pytest.mark.rule("A-04")
def test_a_swap_changes_both_turns_when_the_other_says_yes_and_both_words_are_kept(cast, roster, nine):
    back = {"back_from_at": nine + 8 * DAY, "back_to_at": nine + 9 * DAY}
    swap = asked(cast, roster, nine, reason="A wedding", **back)
    assert (on(nine + DAY), on(nine + 8 * DAY)) == (cast.mo, cast.sam)

    accept_swap(swap_id=swap.pk, actor=cast.sam_actor, at=nine + HOUR)

    assert (on(nine + DAY), on(nine + 2 * DAY), on(nine + 8 * DAY)) == (cast.sam, cast.mo, cast.mo)
    told = Entry.objects.filter(chain=roster.chain, name__startswith="roster.swap").order_by("seq")
    assert [(e.name, e.actor_ref) for e in told] == [
        ("roster.swap_asked", str(cast.mo.uuid)), ("roster.swap_accepted", str(cast.sam.uuid))]  # fmt: skip
    assert set(RosterOverride.objects.values_list("swap", flat=True)) == {swap.pk}


def test_no_leaves_everything_as_it_was(cast, roster, nine):
    swap = asked(cast, roster, nine)

    decline_swap(swap_id=swap.pk, reason="Away", actor=cast.sam_actor, at=nine)

    assert on(nine + DAY) == cast.mo and RosterSwap.objects.get().state == "declined"
    with pytest.raises(Refused) as refusal:
        accept_swap(swap_id=swap.pk, actor=cast.sam_actor, at=nine)
    assert refusal.value.code == "answered_already" and not RosterOverride.objects.exists()


def test_only_who_was_asked_answers_and_only_who_asked_or_a_lead_withdraws(cast, roster, nine):
    swap = asked(cast, roster, nine)

    for command, actor, code in (
        (accept_swap, cast.mo_actor, "not_yours"), (decline_swap, cast.cy_actor, "not_yours"),
        (withdraw_swap, cast.bo_actor, "not_yours"), (accept_swap, cast.ada_actor, "unknown_swap"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            command(swap_id=swap.pk, actor=actor, at=nine)
        assert refusal.value.code == code, (command, actor)
    withdraw_swap(swap_id=swap.pk, actor=cast.cy_actor, at=nine)
    assert RosterSwap.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"from_at": 8, "to_at": 9}, "not_yours"), ({"from_at": 2, "to_at": 1}, "bad_times"),
        ({"from_at": -2, "to_at": -1}, "over_already"), ({"back_from_at": 1, "back_to_at": 2}, "not_theirs"),
        ({"back_from_at": 8}, "bad_times"), ({"back_from_at": 9, "back_to_at": 8}, "bad_times"),
        ({"from_at": 6, "to_at": 9}, "not_yours"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_swapped_are_refused_and_nothing_is_written(cast, roster, nine, change, code):
    with pytest.raises(Refused) as refusal:
        asked(cast, roster, nine, **{key: nine + days * DAY for key, days in change.items()})

    assert refusal.value.code == code
    assert not RosterSwap.objects.exists() and not Entry.objects.filter(name="roster.swap_asked").exists()


def test_people_who_cannot_take_it_are_refused(cast, roster, nine):
    for other, code in ((cast.mo, "same_person"), (cast.bo, "lacks_role")):
        with pytest.raises(Refused) as refusal:
            asked(cast, roster, nine, other_id=other.pk)
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        asked(cast, roster, nine, asker_id=cast.mo.pk, other_id=cast.sam.pk, actor=cast.bo_actor)
    assert refusal.value.code == "not_allowed"
    asked(cast, roster, nine)
    with pytest.raises(Refused) as refusal:
        asked(cast, roster, nine)
    assert refusal.value.code == "asked_already"


def test_a_roster_that_changed_meanwhile_is_not_swapped_blindly(cast, roster, nine):
    swap = asked(cast, roster, nine)
    override(role="duty_manager", user_id=cast.sam.pk, from_at=nine + DAY, to_at=nine + DAY + HOUR, reason="Ill",
             actor=lead(cast), at=nine)  # fmt: skip

    with pytest.raises(Refused) as refusal:
        accept_swap(swap_id=swap.pk, actor=cast.sam_actor, at=nine)

    assert refusal.value.code == "not_yours" and RosterOverride.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kept", [True, False])
def test_of_two_overlapping_overrides_at_once_one_is_refused(cast, nine, kept):
    if kept:
        weeks(cast, nine, cast.mo, cast.sam, starts_on=nine.date())
    facts = {"role": "duty_manager", "user_id": cast.mo.pk, "reason": "Race", "actor": lead(cast), "at": nine}

    with transaction.atomic():
        override(from_at=nine, to_at=nine + 3 * HOUR, **facts)
        other = Elsewhere(override, from_at=nine + HOUR, to_at=nine + 5 * HOUR, **facts)
        assert other.is_waiting()

    with pytest.raises(Refused) as refusal:
        other.result()
    assert refusal.value.code == "overlap"
    assert list(RosterOverride.objects.values_list("to_at", flat=True)) == [nine + 3 * HOUR]
