import pytest

from accounts.models import RoleGrant
from channels.letters import TOPICS
from channels.outbound.letter import render
from escalation.commands.draft import save_draft
from escalation.commands.publish import publish_policy
from escalation.commands.read_policy import ask_reading, decline_policy, read_policy
from escalation.models import PolicyReading, PolicyVersion
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from tests.factories.clocks import MINUTE
from tests.factories.policies import compared, drafted, with_rule

KEY = "fault_handling"


@pytest.fixture
def draft(cast, rules, nine):
    """Cy's change of T-4, compared; nobody was asked yet."""
    drafted(KEY, cast.cy_actor, nine, T_4={"offset_s": 3600})
    return compared(KEY, cast.cy_actor, nine)


@pytest.fixture
def steps(cast, nine):
    """Every step of the reading and publication of that draft, by its own words."""

    def ask(reader, actor=None):
        return ask_reading(key=KEY, version=None, reader=str(reader.uuid), actor=actor or cast.cy_actor, at=nine)

    def read(actor, word="Compared", version=None):
        return read_policy(key=KEY, version=version, word=word, actor=actor, at=nine + MINUTE)

    def decline(actor, reason="Too early"):
        return decline_policy(key=KEY, version=None, reason=reason, actor=actor, at=nine + MINUTE)

    def publish():
        return publish_policy(key=KEY, version=None, note="Faster", actor=cast.cy_actor, at=nine + 2 * MINUTE)

    return {"ask": ask, "read": read, "decline": decline, "publish": publish}


def code(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def letters(name: str) -> list:
    rows = OutboxMessage.objects.filter(topic="mail.policy_reading", entry__name=name)
    return [render(one, f"<{row.pk}@x>") for row in rows for one in TOPICS[row.topic](row)]


def test_a_version_is_published_once_another_person_has_read_it_and_says_so(cast, draft, steps):
    assert code(steps["publish"]) == "not_read"
    steps["ask"](cast.mo)
    assert code(steps["publish"]) == "not_read"
    steps["read"](cast.mo_actor, word="Two more night calls a week; agreed")

    made = steps["publish"]()

    assert (made.read_by, made.read_word) == (cast.mo, "Two more night calls a week; agreed")
    said = Entry.objects.get(name="policy.published")
    assert said.data["read_by"] == str(cast.mo.uuid)
    assert [one.name for one in Entry.objects.filter(chain=f"policy:{KEY}").order_by("seq")][-3:] == [
        "policy.reading_asked", "policy.read", "policy.published",
    ]  # fmt: skip


def test_nobody_reads_their_own(cast, draft, steps, nine):
    RoleGrant.objects.create(user=cast.sam, role="supervisor")
    saved = with_rule(draft.shape, "T-5", offset_s=4 * 3600)
    save_draft(key=KEY, shape=saved, version=draft.version, actor=cast.sam_actor, at=nine)
    compared(KEY, cast.cy_actor, nine)

    assert code(steps["ask"], cast.cy) == code(steps["ask"], cast.sam) == "reader_unfit"
    steps["ask"](cast.mo)

    assert code(steps["read"], cast.cy_actor) == code(steps["read"], cast.sam_actor) == "reads_own"
    assert code(steps["read"], cast.bo_actor) == "not_allowed"
    assert PolicyReading.objects.get().state == "asked"


def test_who_asks_for_a_reading_is_not_the_reader(cast, draft, steps, nine):
    RoleGrant.objects.create(user=cast.sam, role="administrator")

    assert code(steps["ask"], cast.sam, actor=cast.sam_actor) == "reads_own"
    steps["ask"](cast.mo, actor=cast.sam_actor)
    assert code(steps["read"], cast.sam_actor) == "reads_own"


def test_a_draft_that_is_declined_is_not_published_until_somebody_has_read_it(cast, draft, steps):
    steps["ask"](cast.mo)
    steps["decline"](cast.mo_actor)

    assert code(steps["publish"]) == "not_read" and code(steps["read"], cast.mo_actor) == "not_asked"
    assert [one.subject for one in letters("policy.reading_declined")] == [
        "Mo Tan declines the change of “Fault handling”"
    ]
    steps["ask"](cast.mo)
    steps["read"](cast.mo_actor)
    assert steps["publish"]().n == 2


def test_a_reading_is_worth_nothing_for_a_draft_that_was_changed_since(cast, draft, steps, nine):
    steps["ask"](cast.mo)
    steps["read"](cast.mo_actor)
    slower = with_rule(draft.shape, "T-4", offset_s=1800)
    save_draft(key=KEY, shape=slower, version=draft.version, actor=cast.cy_actor, at=nine)

    assert code(steps["ask"], cast.mo) == "not_compared"
    compared(KEY, cast.cy_actor, nine)
    assert code(steps["publish"]) == "not_read" and code(steps["read"], cast.mo_actor) == "not_asked"
    assert PolicyVersion.objects.filter(policy__key=KEY).count() == 1


def test_the_reader_answers_for_the_draft_on_their_screen_and_says_a_word(cast, draft, steps):
    steps["ask"](cast.mo)

    assert code(steps["read"], cast.mo_actor, version=draft.version - 1) == "stale"
    assert code(steps["read"], cast.mo_actor, word="  ") == "word_missing"


def test_who_is_asked_and_who_asked_are_written_to_in_their_language(cast, draft, steps):
    cast.mo.language = "zh-hans"
    cast.mo.save()

    steps["ask"](cast.mo)
    asked = letters("policy.reading_asked")
    steps["read"](cast.mo_actor)
    answered = letters("policy.read")

    assert [(one.to.address, one.to.language) for one in asked] == [("mo@desk.example", "zh-hans")]
    assert "/supervisor/policies/fault_handling/comparison/" in asked[0].text
    assert [one.to.address for one in answered] == ["cy@desk.example"] and "Compared" in answered[0].text


def test_a_small_desk_publishes_without_a_second_reader_where_its_settings_say_so(cast, draft, steps, settings):
    settings.SECOND_READER = False

    assert steps["publish"]().read_by is None
