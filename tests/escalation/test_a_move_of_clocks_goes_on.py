import pytest

from escalation.commands.fire import fire_all
from escalation.commands.migrate_policy import continue_moves, migrate_clocks, stop_move, to_move
from escalation.commands.seal import seal_firings
from escalation.models import Clock, PolicyMove, Timer
from escalation.moving_batch import Preview, preview
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, say
from tests.factories.policies import moved, published

KEY = "fault_handling"


def test_what_fired_before_the_move_is_sealed_after_it(cast, rules, nine):
    dispatched_ticket(cast, nine)
    fire_all(nine + 6 * MINUTE)
    published(KEY, cast.cy_actor, nine + 7 * MINUTE, T_4={"offset_s": 5400})

    moved(cast.cy_actor, KEY, nine + 8 * MINUTE)

    assert seal_firings() == 1
    assert Entry.objects.get(name="timer.fired").data["rule"] == "T-1"


def test_a_paused_clock_keeps_what_it_has_counted(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    say(ticket, "ticket.suspended", nine + 30 * MINUTE)
    published(KEY, cast.cy_actor, nine + 60 * MINUTE, T_4={"offset_s": 5400})

    moved(cast.cy_actor, KEY, nine + 61 * MINUTE)
    say(ticket, "ticket.resumed", nine + 100 * MINUTE)

    assert armed(rule_code="T-4") == {("T-4", 1): nine + 160 * MINUTE}


def test_the_preview_counts_and_changes_nothing(cast, rules, nine):
    dispatched_ticket(cast, nine)
    version = published(KEY, cast.cy_actor, nine + 20 * MINUTE, T_4={"offset_s": 600}, T_5={"offset_s": 4 * 3600})
    before = list(Timer.objects.order_by("pk").values())

    ids = list(to_move(version, KEY).values_list("pk", flat=True))
    told = preview(ids, version, Preview(to=version, clocks=len(ids)), at=nine + 20 * MINUTE)

    assert (dict(told.by_version), dict(told.past)) == ({1: 1}, {"T-4": 1})
    assert told.moved == {"T-4": 1, "T-5": 1} and not told.ended and not told.added
    assert list(Timer.objects.order_by("pk").values()) == before


def test_a_move_is_refused_for_another_version_twice_and_for_nothing(cast, rules, nine):
    def code(**more) -> str:
        ask = {"key": KEY, "version_n": 2, "fire": [], "actor": cast.cy_actor, "at": nine + 5 * MINUTE} | more
        with pytest.raises(Refused) as refusal:
            migrate_clocks(**ask)
        return refusal.value.code

    published(KEY, cast.cy_actor, nine, T_4={"offset_s": 5400})
    assert code() == "nothing_to_move"
    dispatched_ticket(cast, nine - MINUTE)
    assert (code(version_n=1), code(actor=cast.mo_actor)) == ("not_in_force", "not_allowed")
    migrate_clocks(key=KEY, version_n=2, fire=[], actor=cast.cy_actor, at=nine + 5 * MINUTE)
    assert code() == "moving_already"
    stop_move(key=KEY, actor=cast.cy_actor, at=nine + 6 * MINUTE)
    assert continue_moves(nine + 6 * MINUTE) == 0
    assert [entry.name for entry in Entry.objects.filter(chain=f"policy:{KEY}").order_by("seq")][-2:] == [
        "policy.move_begun", "policy.move_stopped"]  # fmt: skip


def test_a_move_that_was_cut_off_goes_on_where_it_stood(cast, rules, nine):
    tickets = [dispatched_ticket(cast, nine) for _number in range(3)]
    version = published(KEY, cast.cy_actor, nine + MINUTE, T_4={"offset_s": 5400})
    migrate_clocks(key=KEY, version_n=2, fire=[], actor=cast.cy_actor, at=nine + 2 * MINUTE)

    assert continue_moves(nine + 2 * MINUTE, batches=2, size=1) == 2
    half = PolicyMove.objects.get()
    assert (half.state, half.moved, half.total) == ("running", 2, 3)
    assert continue_moves(nine + 5 * MINUTE, size=1) == 1

    assert (PolicyMove.objects.get().state, PolicyMove.objects.get().moved) == ("done", 3)
    assert set(Clock.objects.filter(kind=KEY).values_list("version", flat=True)) == {version.pk}
    assert Entry.objects.filter(name="clock.moved").count() == len(tickets)


@pytest.mark.invariant("I6")
@pytest.mark.parametrize("paused", [(), (10, 25), (31, 44)])
@pytest.mark.parametrize("offset", [1801, 4500, 9000])
def test_a_moved_clock_is_due_when_one_that_began_with_the_version_is(cast, rules, nine, paused, offset):
    moved_one = dispatched_ticket(cast, nine)
    for minute, name in zip(paused, ("ticket.suspended", "ticket.resumed"), strict=False):
        say(moved_one, name, nine + minute * MINUTE)
    published(KEY, cast.cy_actor, nine + 50 * MINUTE, T_4={"offset_s": offset}, T_5={"offset_s": 10_000})

    moved(cast.cy_actor, KEY, nine + 50 * MINUTE, fire=["T-4"])

    rest = paused[1] - paused[0] if paused else 0
    due = armed(clock__ticket=moved_one, rule_code__in=["T-4", "T-5"])
    assert due["T-4", 1] == max(nine + offset / 60 * MINUTE + rest * MINUTE, nine + 50 * MINUTE)
    assert due["T-5", 1] == nine + 10_000 / 60 * MINUTE + rest * MINUTE
