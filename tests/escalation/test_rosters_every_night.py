import pytest

from accounts.models import RoleGrant
from channels import letters
from channels.fakes import recording
from channels.housekeeping import JOBS
from escalation.commands.roster_leave import hand_over_turns, turns_held
from escalation.commands.roster_swap import ask_swap
from escalation.models import RosterLayer, RosterSlot, RosterSwap
from escalation.oncall import who
from escalation.rosters.fill import horizon
from escalation.rosters.nightly import keep
from ledger.actor import SYSTEM
from ledger.clock import real_now
from ledger.models import Entry, OutboxMessage
from tests.factories.rosters import DAY, HOUR, duty_roster, give, week_layer, weeks

BUT_SUNDAY = [{"weekday": day, "from": "00:00", "to": "00:00"} for day in range(6)]


@pytest.fixture
def sent(settings):
    """What would have gone out."""
    settings.OUTBOUND = "record"
    recording.clear()
    yield recording
    recording.clear()


def post_all() -> None:
    OutboxMessage.objects.filter(state="pending").update(due_at=real_now())
    letters.send_outbox(limit=50)


@pytest.mark.rule("A-04")
def test_turns_grow_day_by_day_and_a_second_telling_changes_nothing(cast, nine):
    assert "escalation.rosters.nightly.keep" in JOBS
    weeks(cast, nine, cast.mo, cast.sam)
    keep(at=nine)
    before = list(RosterSlot.objects.order_by("pk").values_list("pk", "during"))

    assert keep(at=nine) == 0
    assert list(RosterSlot.objects.order_by("pk").values_list("pk", "during")) == before
    later = nine + 8 * DAY
    assert keep(at=later) == 2
    assert max(slot.during.upper for slot in RosterSlot.objects.all()) == horizon(later)
    assert set(before[:7]) <= set(RosterSlot.objects.values_list("pk", "during"))


@pytest.mark.rule("A-04")
def test_gaps_are_mailed_once_a_night_to_who_keeps_rosters_of_that_place(cast, nine, sent):
    roster = duty_roster(cast, nine, cast.mo)
    week_layer(roster, cast, nine, cast.mo, windows=BUT_SUNDAY)
    far = duty_roster(cast, nine, role=f"team:{cast.l2.uuid}", name="Data L2", scope="region:au")
    week_layer(far, cast, nine, cast.sam, windows=BUT_SUNDAY)
    RoleGrant.objects.filter(user=cast.cy).update(region="eu")

    keep(at=nine)
    keep(at=nine + HOUR)
    post_all()

    assert [mail.to.address for mail in sent.letters] == ["cy@desk.example", "mo@desk.example"]
    eu, everywhere = sent.letters
    assert (eu.subject, everywhere.subject) == tuple(f"On call: {n} gaps in the next 14 days" for n in (2, 4))
    assert "Duty managers: Sun 21 June, 00:00 to Mon 22 June, 00:00" in eu.text and "Data L2" not in eu.text
    assert Entry.objects.get(name="roster.gaps_checked").data["found"] == 4


def test_a_night_without_gaps_is_written_down_and_wakes_nobody(cast, nine, sent):
    weeks(cast, nine, cast.mo)

    keep(at=nine)
    post_all()

    assert Entry.objects.get(name="roster.gaps_checked").data["found"] == 0 and sent.letters == []


def test_swaps_are_told_to_who_must_act(cast, nine, sent):
    roster = weeks(cast, nine, cast.mo, cast.sam, starts_on=nine.date())
    ask_swap(roster_id=roster.pk, other_id=cast.sam.pk, from_at=nine + DAY, to_at=nine + 2 * DAY, reason="A wedding",
             actor=cast.mo_actor, at=nine)  # fmt: skip

    post_all()

    assert [(mail.to.address, mail.subject) for mail in sent.letters] == [
        ("sam@desk.example", "Mo Tan asks you to take hours of Duty managers")]  # fmt: skip
    assert "16 June, 09:00" in sent.letters[0].text and "A wedding" in sent.letters[0].text


@pytest.mark.rule("A-04")
def test_the_turns_of_who_leaves_go_to_a_successor_and_the_past_stays(cast, nine):
    roster = weeks(cast, nine, cast.mo, cast.sam, starts_on=nine.date())
    give("duty_manager", cast.bo)
    ask_swap(roster_id=roster.pk, other_id=cast.sam.pk, from_at=nine + 2 * DAY, to_at=nine + 3 * DAY,
             actor=cast.mo_actor, at=nine)  # fmt: skip
    assert turns_held(cast.mo, nine) == ["Duty managers, Weeks"]

    hand_over_turns(cast.mo, cast.bo, SYSTEM, nine + DAY)

    def on(at):
        return who("duty_manager", at=at, organisation_id=None).user

    assert (on(nine), on(nine + DAY), on(nine + 7 * DAY), on(nine + 14 * DAY)) == (cast.mo, cast.bo, cast.sam, cast.bo)
    assert turns_held(cast.mo, nine + DAY) == [] and RosterSwap.objects.get().state == "withdrawn"
    assert RosterLayer.objects.get(to_at=None).members == [cast.bo.pk, cast.sam.pk]
