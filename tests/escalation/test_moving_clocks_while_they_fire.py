import pytest
from django.db import transaction

from escalation.commands.fire import fire_all, fire_due
from escalation.commands.migrate_policy import continue_moves, migrate_clocks
from escalation.commands.publish import publish_policy
from escalation.models import Clock, Firing, PolicyDraft, PolicyMove, PolicyVersion, Timer
from escalation.moving_batch import move_clocks
from escalation.seed import seed_policies
from ledger.errors import Refused
from ledger.verify import verify
from tests.concurrency import Elsewhere
from tests.factories.cast import make_cast
from tests.factories.clocks import MINUTE, dispatched_ticket
from tests.factories.policies import compared, drafted, published, read
from tickets.models import Ticket

KEY = "fault_handling"


@pytest.fixture
def cast(transactional_db, nine):
    made = make_cast()
    seed_policies(at=nine)
    return made


def begun(cast, at, **rules) -> PolicyVersion:
    version = published(KEY, cast.cy_actor, at, **rules)
    migrate_clocks(key=KEY, version_n=version.n, fire=[], actor=cast.cy_actor, at=at)
    return version


@pytest.mark.invariant("I1")
def test_an_engine_in_mid_firing_is_waited_for_and_its_firing_stands(cast, nine):
    ticket = dispatched_ticket(cast, nine)
    version = begun(cast, nine + 4 * MINUTE, T_1={"offset_s": 420}, T_4={"offset_s": 5400})
    due = nine + 5 * MINUTE

    with transaction.atomic():
        assert fire_due(due) >= 1  # T-1 is claimed, its firing not committed
        other = Elsewhere(continue_moves, due)
        assert other.is_waiting()

    assert other.result() == 1
    fire_all(nine + 8 * MINUTE)
    assert Firing.objects.filter(rule_code="T-1").count() == 1
    clock = Clock.objects.get(ticket=ticket, kind=KEY)
    assert clock.version == version
    live = Timer.objects.filter(clock=clock, state__in=["armed", "held"])
    assert set(live.values_list("rule__version", flat=True)) == {version.pk}


@pytest.mark.invariant("I4")
def test_what_is_being_moved_is_left_alone_by_the_engine_and_fires_afterwards_once(cast, nine):
    ticket = dispatched_ticket(cast, nine)
    version = begun(cast, nine + 4 * MINUTE, T_1D={"offset_s": 1200})
    clock = Clock.objects.get(ticket=ticket, kind=KEY)
    due = nine + 5 * MINUTE

    with transaction.atomic():
        move_clocks([clock.pk], version, fire=[], at=due)
        assert Elsewhere(fire_due, due).result() == 0  # T-1 is due, and locked by the move

    fire_all(due)
    fire_all(nine + 19 * MINUTE)
    mine = Firing.objects.filter(clock=clock).order_by("due_at")
    assert list(mine.values_list("rule_code", "rule__version")) == [("T-1", version.pk)]
    fire_all(nine + 21 * MINUTE)
    assert list(mine.values_list("rule_code", "rule__version")) == [("T-1", version.pk), ("T-1D", version.pk)]


def test_a_ticket_in_somebodys_hands_waits_for_the_next_round_and_holds_nobody_up(cast, nine):
    busy, free = dispatched_ticket(cast, nine), dispatched_ticket(cast, nine)
    version = begun(cast, nine + MINUTE, T_4={"offset_s": 5400})

    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True).get(pk=busy.pk)
        assert Elsewhere(continue_moves, nine + MINUTE, batches=4).result() == 1

    assert Clock.objects.get(ticket=free, kind=KEY).version == version
    assert PolicyMove.objects.get().state == "running"
    assert continue_moves(nine + 2 * MINUTE) == 1
    done = PolicyMove.objects.get()
    assert (done.state, done.moved, done.left) == ("done", 2, 0)
    assert verify(at=nine + 3 * MINUTE).holds


def test_of_two_publishers_one_wins_and_the_other_is_told(cast, nine):
    drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 5400})
    compared(KEY, cast.cy_actor, nine)
    draft = read(KEY, cast.cy_actor, nine)
    ask = {"key": KEY, "version": draft.version, "note": "Earlier", "actor": cast.cy_actor, "at": nine}

    with transaction.atomic():
        publish_policy(**ask)
        other = Elsewhere(publish_policy, **ask)
        assert other.is_waiting()

    with pytest.raises(Refused) as refusal:
        other.result()
    assert refusal.value.code == "no_draft"
    assert list(PolicyVersion.objects.filter(policy__key=KEY).values_list("n", flat=True)) == [1, 2]
    assert not PolicyDraft.objects.exists()
