from datetime import timedelta

import pytest

from accounts.models import AccountTeamMember
from escalation.commands.draft import begin_draft, save_draft
from escalation.commands.publish import publish_policy, retire_policy
from escalation.models import Clock, Policy, PolicyDraft, PolicyVersion
from escalation.seed import seed_policies
from escalation.shapes import fingerprint, shape_of
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, dispatched_ticket
from tests.factories.policies import compared, drafted, published, read, with_rule

KEY = "fault_handling"


def refused(call, **kwargs) -> Refused:
    with pytest.raises(Refused) as refusal:
        call(**kwargs)
    return refusal.value


@pytest.mark.invariant("I11")
def test_a_published_draft_is_the_next_version_and_new_clocks_take_it(cast, rules, nine):
    older = dispatched_ticket(cast, nine)

    made = published(KEY, cast.cy_actor, nine + MINUTE, T_4={"offset_s": 3600})
    newer = dispatched_ticket(cast, nine + 2 * MINUTE)

    assert (made.n, made.published_by, made.note) == (2, cast.cy, "Changed in a test")
    assert made.sha256 == fingerprint(shape_of(made)) and made.diff
    assert not PolicyDraft.objects.exists()
    assert Clock.objects.get(ticket=older, kind=KEY).version == rules[KEY]
    assert armed(rule_code="T-4", clock__ticket=newer) == {("T-4", 1): nine + 62 * MINUTE}


def test_the_ledger_holds_what_was_and_what_is(cast, rules, nine):
    before = shape_of(rules[KEY])

    made = published(KEY, cast.cy_actor, nine, T_4={"offset_s": 3600})

    said = Entry.objects.get(name="policy.published")
    assert said.chain == f"policy:{KEY}" and said.actor_ref == str(cast.cy.uuid)
    assert (said.data["before"], said.data["after"]) == (before, shape_of(made))


def test_nothing_is_published_before_its_comparison_was_seen(cast, rules, nine):
    draft = drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 3600})
    ask = {"key": KEY, "note": "Faster", "actor": cast.cy_actor, "at": nine}

    assert refused(publish_policy, version=draft.version, **ask).code == "not_compared"

    seen = compared(KEY, cast.cy_actor, nine, draft.version)
    changed = with_rule(seen.shape, "T-5", offset_s=5 * 3600)
    later = save_draft(key=KEY, shape=changed, version=seen.version, actor=cast.cy_actor, at=nine)
    assert refused(publish_policy, version=later.version, **ask).code == "not_compared"
    assert PolicyVersion.objects.filter(policy__key=KEY).count() == 1


def test_a_draft_that_cannot_work_is_refused_with_every_reason(cast, rules, nine):
    draft = drafted("priority_escalation", cast.cy_actor, nine, F_1D={"offset_s": 15 * 60})

    said = refused(publish_policy, key="priority_escalation", version=draft.version, note="x", actor=cast.cy_actor,
                   at=nine)  # fmt: skip

    assert (said.code, said.field) == ("cannot_work", "F-2")
    assert [one["field"] for one in said.details["problems"]] == ["offset_s"]


def test_a_role_nobody_answers_for_is_refused(cast, rules, nine):
    AccountTeamMember.objects.filter(role="deputy_gm").delete()
    Policy.objects.exclude(key=KEY).update(current=None)
    cast.mo.is_active = False
    cast.mo.save()
    drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 3600})
    compared(KEY, cast.cy_actor, nine)

    said = refused(publish_policy, key=KEY, version=None, note="x", actor=cast.cy_actor, at=nine)

    assert said.code == "uncovered"
    assert any("Deputy general manager" in sentence for sentence in said.details["holes"])


def test_a_draft_equal_to_what_is_in_force_is_refused(cast, rules, nine):
    begin_draft(key=KEY, actor=cast.cy_actor, at=nine)

    said = refused(publish_policy, key=KEY, version=1, note="x", actor=cast.cy_actor, at=nine)

    assert said.code == "nothing_changed"


def test_a_version_is_enforced_from_an_instant_but_never_backwards(cast, rules, nine):
    drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 3600})
    compared(KEY, cast.cy_actor, nine)
    read(KEY, cast.cy_actor, nine)
    ask = {"key": KEY, "version": None, "note": "From noon", "actor": cast.cy_actor, "at": nine}

    assert refused(publish_policy, enforce_from=nine - MINUTE, **ask).code == "enforce_past"
    made = publish_policy(enforce_from=nine + timedelta(hours=3), **ask)
    early = dispatched_ticket(cast, nine + MINUTE)
    late = dispatched_ticket(cast, nine + timedelta(hours=3))

    assert Clock.objects.get(ticket=early, kind=KEY).version == rules[KEY]
    assert Clock.objects.get(ticket=late, kind=KEY).version == made


def test_a_retired_policy_starts_no_clock_and_running_ones_go_on(cast, rules, nine):
    running = dispatched_ticket(cast, nine)

    retire_policy(key=KEY, reason="Replaced", actor=cast.cy_actor, at=nine + MINUTE)
    later = dispatched_ticket(cast, nine + 2 * MINUTE)

    assert Clock.objects.get(ticket=running, kind=KEY).state == "running"
    assert not Clock.objects.filter(ticket=later, kind=KEY).exists()
    assert refused(retire_policy, key=KEY, reason="x", actor=cast.cy_actor, at=nine).code == "retired_already"
    assert KEY not in seed_policies(at=nine + 3 * MINUTE)
    assert published(KEY, cast.cy_actor, nine + 4 * MINUTE, T_4={"offset_s": 3600}).n == 2
