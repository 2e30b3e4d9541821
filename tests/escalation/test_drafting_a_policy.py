import pytest

from escalation.commands.draft import begin_draft, discard_draft, save_draft
from escalation.models import PolicyDraft
from escalation.shapes import normal
from escalation.shipped import FAULT_HANDLING
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE
from tests.factories.policies import with_rule

KEY = "fault_handling"


def test_a_draft_begins_with_what_is_in_force_and_stays_when_begun_again(cast, rules, nine):
    draft = begin_draft(key=KEY, actor=cast.cy_actor, at=nine)

    again = begin_draft(key=KEY, actor=cast.cy_actor, at=nine + MINUTE)

    assert again.pk == draft.pk and draft.version == 1
    assert draft.shape == normal(FAULT_HANDLING)
    assert draft.base == rules[KEY]
    assert [entry.name for entry in Entry.objects.filter(chain=f"policy:{KEY}")] == ["policy.draft_begun"]


def test_a_save_moves_the_version_and_an_equal_one_does_not(cast, rules, nine):
    draft = begin_draft(key=KEY, actor=cast.cy_actor, at=nine)
    shape = with_rule(draft.shape, "T-4", offset_s=60 * 60)

    save_draft(key=KEY, shape=shape, version=1, actor=cast.cy_actor, at=nine + MINUTE)
    same = save_draft(key=KEY, shape=shape, version=2, actor=cast.cy_actor, at=nine + 2 * MINUTE)

    assert (same.version, same.saved_at, same.saved_by) == (2, nine + MINUTE, cast.cy)
    assert PolicyDraft.objects.get().shape["rules"][4]["offset_s"] == 3600


def test_a_save_that_saw_an_older_draft_is_refused_with_what_stands_now(cast, rules, nine):
    draft = begin_draft(key=KEY, actor=cast.cy_actor, at=nine)
    theirs = with_rule(draft.shape, "T-4", offset_s=3600)
    save_draft(key=KEY, shape=theirs, version=1, actor=cast.cy_actor, at=nine)
    mine = with_rule(draft.shape, "T-5", offset_s=4 * 3600)

    with pytest.raises(Refused) as refusal:
        save_draft(key=KEY, shape=mine, version=1, actor=cast.cy_actor, at=nine + MINUTE)

    assert refusal.value.code == "stale"
    assert (refusal.value.details["version"], refusal.value.details["shape"]) == (2, theirs)
    assert PolicyDraft.objects.get().shape == theirs


def test_a_save_may_go_over_what_was_seen(cast, rules, nine):
    draft = begin_draft(key=KEY, actor=cast.cy_actor, at=nine)
    save_draft(key=KEY, shape=with_rule(draft.shape, "T-4", offset_s=60), version=1, actor=cast.cy_actor, at=nine)
    mine = with_rule(draft.shape, "T-5", offset_s=4 * 3600)

    saved = save_draft(key=KEY, shape=mine, version=1, actor=cast.cy_actor, at=nine + MINUTE, over=True)

    assert (saved.version, PolicyDraft.objects.get().shape) == (3, mine)


def test_a_thrown_away_draft_is_gone_and_a_late_save_of_it_is_refused(cast, rules, nine):
    draft = begin_draft(key=KEY, actor=cast.cy_actor, at=nine)

    discard_draft(key=KEY, version=1, actor=cast.cy_actor, at=nine + MINUTE)
    with pytest.raises(Refused) as refusal:
        save_draft(key=KEY, shape=draft.shape, version=1, actor=cast.cy_actor, at=nine + 2 * MINUTE)

    assert refusal.value.code == "no_draft"
    assert not PolicyDraft.objects.exists()
    assert Entry.objects.filter(chain=f"policy:{KEY}").last().name == "policy.draft_discarded"


@pytest.mark.parametrize("who", ["bo_actor", "mo_actor", "ada_actor"])
def test_agents_duty_managers_and_customers_do_not_write_policies(cast, rules, nine, who):
    with pytest.raises(Refused) as refusal:
        begin_draft(key=KEY, actor=getattr(cast, who), at=nine)

    assert refusal.value.code == "not_allowed"
    assert not PolicyDraft.objects.exists() and not Entry.objects.exists()
