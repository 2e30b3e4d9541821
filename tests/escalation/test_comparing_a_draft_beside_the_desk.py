from datetime import timedelta

import pytest

from escalation.commands import compare
from escalation.commands.compare import request_comparison, run_comparisons, stop_comparison
from escalation.commands.draft import save_draft
from escalation.models import PolicyComparison, PolicyDraft
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, dispatched_ticket
from tests.factories.policies import drafted, with_rule

KEY = "fault_handling"


@pytest.fixture
def asked(cast, rules, nine) -> PolicyComparison:
    """A draft of fault handling, and a comparison of it that waits."""
    for number in range(3):
        dispatched_ticket(cast, nine + number * MINUTE)
    drafted(KEY, cast.cy_actor, nine + 60 * MINUTE, T_4={"offset_s": 5400})
    return request_comparison(key=KEY, version=None, actor=cast.cy_actor, at=nine + 60 * MINUTE)


def test_a_comparison_waits_for_a_worker_and_its_answer_goes_to_the_draft(cast, asked, nine):
    assert (asked.state, asked.total, PolicyDraft.objects.get().comparison) == ("waiting", 3, None)
    assert request_comparison(key=KEY, version=None, actor=cast.cy_actor, at=nine + 61 * MINUTE) == asked

    assert run_comparisons(at=nine + 62 * MINUTE) == 1
    assert run_comparisons(at=nine + 62 * MINUTE) == 0

    made, draft = PolicyComparison.objects.get(), PolicyDraft.objects.get()
    assert (made.state, made.done, made.ended_at) == ("done", 3, nine + 62 * MINUTE)
    assert (draft.compared_sha, draft.compared_by) == (made.sha256, cast.cy)
    assert draft.comparison is not None and draft.comparison["cases"] == 3
    told = Entry.objects.get(name="policy.compared")
    assert (told.actor_ref, told.data["comparison"]) == (str(cast.cy.uuid), str(made.uuid))


def test_one_that_is_stopped_while_it_runs_answers_nothing(cast, asked, nine, monkeypatch):
    def slow(*_args, progress, **_more):
        progress(1)
        stop_comparison(key=KEY, actor=cast.cy_actor, at=nine + 61 * MINUTE)
        progress(2)

    monkeypatch.setattr(compare, "compare_shapes", slow)

    assert run_comparisons(at=nine + 61 * MINUTE) == 0

    made = PolicyComparison.objects.get()
    assert (made.state, made.done, PolicyDraft.objects.get().comparison) == ("stopped", 1, None)
    with pytest.raises(Refused) as refusal:
        stop_comparison(key=KEY, actor=cast.cy_actor, at=nine + 62 * MINUTE)
    assert refusal.value.code == "not_comparing"


def test_one_that_fails_is_kept_as_failed_and_may_be_asked_for_again(cast, asked, nine, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(compare, "compare_shapes", lambda *_args, **_more: 1 / 0)
        assert run_comparisons(at=nine + 61 * MINUTE) == 0
    assert PolicyComparison.objects.get().state == "failed"

    request_comparison(key=KEY, version=None, actor=cast.cy_actor, at=nine + 62 * MINUTE)

    assert run_comparisons(at=nine + 62 * MINUTE) == 1


def test_one_whose_worker_fell_silent_is_taken_again_three_times_at_most(asked, nine):
    long_ago = real_now() - timedelta(minutes=3)
    PolicyComparison.objects.update(state="running", attempts=1, touched_at=real_now())
    assert run_comparisons(at=nine + 61 * MINUTE) == 0

    PolicyComparison.objects.update(touched_at=long_ago)
    assert run_comparisons(at=nine + 62 * MINUTE) == 1
    PolicyComparison.objects.update(state="running", attempts=3, touched_at=long_ago)
    assert run_comparisons(at=nine + 63 * MINUTE) == 0

    assert PolicyComparison.objects.get().state == "failed"


def test_a_draft_that_changed_meanwhile_is_not_compared(cast, asked, nine):
    draft = PolicyDraft.objects.get()
    shape = with_rule(draft.shape, "T-4", offset_s=4800)
    save_draft(key=KEY, shape=shape, version=draft.version, actor=cast.cy_actor, at=nine + 61 * MINUTE)

    newer = request_comparison(key=KEY, version=None, actor=cast.cy_actor, at=nine + 62 * MINUTE)

    assert list(PolicyComparison.objects.order_by("pk").values_list("state", flat=True)) == ["stopped", "waiting"]
    assert run_comparisons(at=nine + 63 * MINUTE) == 1
    assert PolicyDraft.objects.get().compared_sha == newer.sha256 != asked.sha256


def test_who_may_not_write_policies_asks_for_none(cast, rules, nine):
    drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 5400})

    with pytest.raises(Refused) as refusal:
        request_comparison(key=KEY, version=None, actor=cast.bo_actor, at=nine)

    assert refusal.value.code == "not_allowed" and not PolicyComparison.objects.exists()
