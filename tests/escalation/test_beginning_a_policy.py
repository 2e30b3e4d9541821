import pytest

from escalation.commands.create_policy import create_policy
from escalation.commands.draft import begin_draft, discard_draft
from escalation.commands.publish import publish_policy, retire_policy
from escalation.models import Clock, Policy, PolicyComparison, PolicyDraft
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, put, say
from tests.factories.policies import compared, drafted, read

LOGGED = {"starts_on": "logged", "kind": ["fault"], "priority": ["P1"]}


def refused(**asked) -> Refused:
    with pytest.raises(Refused) as refusal:
        create_policy(**asked)
    return refusal.value


def publish(key, actor, at):
    compared(key, actor, at)
    draft = read(key, actor, at)
    return publish_policy(key=key, version=draft.version, note="First", actor=actor, at=at)


def test_a_copy_begins_with_the_rules_of_another_and_counts_once_it_is_published(cast, rules, nine):
    draft = create_policy(
        name="VIP ladder", copy_of="management_ladder", conditions=LOGGED, actor=cast.cy_actor, at=nine
    )
    dispatched_ticket(cast, nine)

    assert (draft.policy.key, draft.policy.subject, draft.policy.current) == ("vip_ladder", "ticket", None)
    assert [rule["code"] for rule in draft.shape["rules"]] == ["M-1", "M-2", "M-3", "M-4", "M-5"]
    assert not Clock.objects.filter(kind="vip_ladder").exists()

    publish("vip_ladder", cast.cy_actor, nine + MINUTE)
    later = dispatched_ticket(cast, nine + 2 * MINUTE)

    assert armed(clock__kind="vip_ladder", rule_code="M-1") == {("M-1", 1): nine + 17 * MINUTE}
    assert Clock.objects.get(kind="vip_ladder").ticket == later
    told = Entry.objects.get(name="policy.created")
    assert (told.chain, told.data["copy_of"]) == ("policy:vip_ladder", "management_ladder")


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"name": " ", "subject": "escalation"}, "name_missing", "name"),
        ({"name": "duty MANAGER", "subject": "escalation"}, "name_taken", "name"),
        ({"name": "Mine", "key": "duty_manager", "subject": "escalation"}, "key_taken", "key"),
        ({"name": "Mine", "key": "Not so", "subject": "escalation"}, "bad_key", "key"),
        ({"name": "New", "subject": "escalation"}, "bad_key", "key"),
        ({"name": "夜间", "subject": "escalation"}, "bad_key", "key"),
        ({"name": "Mine"}, "unknown_subject", "subject"),
        ({"name": "Mine", "subject": "message"}, "unknown_subject", "subject"),
        ({"name": "Mine", "subject": "ticket"}, "no_start", "starts_on"),
        ({"name": "Mine", "copy_of": "none"}, "unknown_policy", "copy_of"),
        ({"name": "Mine", "copy_of": "canary"}, "unknown_policy", "copy_of"),
        ({"name": "Mine", "copy_of": "duty_manager", "subject": "ticket"}, "other_subject", "subject"),
    ],
)
def test_what_cannot_be_a_policy_is_refused_beside_its_field_and_nothing_is_written(
    cast, rules, nine, asked, code, field
):
    before = Policy.objects.count()

    said = refused(**asked, actor=cast.cy_actor, at=nine)

    assert (said.code, said.field, Policy.objects.count()) == (code, field, before)
    assert not PolicyDraft.objects.exists() and not Entry.objects.filter(name="policy.created").exists()


def test_an_agent_begins_no_policy(cast, rules, nine):
    assert refused(name="Mine", subject="escalation", actor=cast.bo_actor, at=nine).code == "not_allowed"


def test_a_policy_that_was_never_published_goes_with_its_draft(cast, rules, nine):
    create_policy(name="Mine", copy_of="duty_manager", actor=cast.cy_actor, at=nine)
    compared("mine", cast.cy_actor, nine)

    discard_draft(key="mine", version=None, actor=cast.cy_actor, at=nine)

    assert not Policy.objects.filter(key="mine").exists() and not PolicyComparison.objects.exists()
    begin_draft(key="duty_manager", actor=cast.cy_actor, at=nine)
    discard_draft(key="duty_manager", version=None, actor=cast.cy_actor, at=nine)
    assert Policy.objects.filter(key="duty_manager").exists()


def test_a_clock_of_a_retired_policy_goes_on_following_its_ticket_and_none_begins(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    drafted("response", cast.cy_actor, nine)
    retire_policy(key="response", reason="Replaced", actor=cast.cy_actor, at=nine)

    put(ticket, reached_l2=True)
    say(ticket, "ticket.tier_changed", nine + 60 * MINUTE)
    dispatched_ticket(cast, nine + 61 * MINUTE)

    assert armed(rule_code="E-2") == {("E-2", 1): nine + 48 * 60 * MINUTE}
