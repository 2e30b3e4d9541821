"""F6 and F11: a sender dies between sending and writing it down; a provider errs, hangs and resets. Counted by key."""

import pytest

from tests.channels.provider import Provider
from tests.chaos.storms import arm, fill, judge, until_due, until_fired
from tests.processes import world
from tests.witness import until

pytestmark = [pytest.mark.launcher, pytest.mark.slow]
FEW, MORE = 12, 18  # together five pages a person: the sixth in a minute would wait in a bundle
SENDERS = 2  # threads of the worker
FAULTS = ["500", "hang", "reset"] * 3  # a hang never ends; the sender gives up after ten seconds
EVERYBODY_BY_TEXT = (
    "from accounts.models import ContactMethod, User; from ledger.clock import real_now;"
    "ContactMethod.objects.bulk_create(ContactMethod(user=user, channel='sms', address='+61491570156', position=0,"
    " verified_at=real_now()) for user in User.objects.filter(email__endswith='@bench.example'))"
)
KEYS = """
SELECT n.idem_key, n.state FROM esc_notification n JOIN esc_firing f ON f.timer_id = n.firing_id
WHERE n.channel = 'sms' AND f.due_at = %s
"""
LOST = "SELECT count(*) FROM channels_deliveryattempt WHERE outcome = 'lost'"


@pytest.fixture(scope="module")
def provider():
    server = Provider()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def texting(provider):
    """A desk that tells everybody by text."""
    with world(DESK_SMS_URL=provider.url, DESK_GATEWAY_KEY="key-1", DESK_GATEWAY_PRIVATE="1") as desk:
        fill(desk, 200)
        desk.manage("shell", "-v", "0", "-c", EVERYBODY_BY_TEXT)
        yield desk


def fired(desk, many: int):
    """Let a small storm come and fire; return its instant."""
    at = arm(desk, many, 2)
    until_due(desk, at)
    until_fired(desk, at)
    return at


def all_sent(desk, at, *, seconds: float) -> set[str]:
    """Wait until every text of the storm is handed over; return their keys."""
    until(lambda: {s for _k, s in desk.sql(KEYS, at)} == {"sent"}, seconds=seconds, says="every text is handed over")
    return {key for key, _state in desk.sql(KEYS, at)}


@pytest.mark.fault("F6")
@pytest.mark.invariant("I8")
def test_a_worker_killed_after_sending_leaves_a_page_that_another_sends_under_the_same_key(texting, provider, seen):
    texting.start("engine", "--no-send")
    texting.start("worker", DESK_FAILPOINT="after_send:kill")
    for name in ("mail", "worker-esc", "beat"):
        texting.start(name)
    texting.until_both_drivers_beat()
    at = fired(texting, FEW)
    until(lambda: texting.running["worker"].returncode is not None, seconds=60, says="the worker died after sending")

    texting.start("worker")
    keys = all_sent(texting, at, seconds=120)

    again = sum(provider.posts.values()) - len(keys)
    seen(f"{judge(texting, at)}; {len(keys)} texts, {again} sent again under their key, each key arrived once")
    assert judge(texting, at).wrong == (0, 0, 0, 0)
    assert set(provider.posts) == set(provider.delivered) == keys
    assert 1 <= again <= SENDERS, "one more post for what a thread of the dead worker had in its hands"
    assert texting.sql(LOST)[0][0] >= 1


@pytest.mark.fault("F11")
@pytest.mark.invariant("I8")
def test_a_provider_that_errs_hangs_and_resets_after_accepting_delivers_each_key_once(texting, provider, seen):
    texting.kill("engine")
    texting.start_what_is_dead()
    provider.posts.clear()
    provider.delivered.clear()
    provider.faults = list(FAULTS)
    at = fired(texting, MORE)

    keys = all_sent(texting, at, seconds=300)

    again = sum(provider.posts.values()) - len(keys)
    seen(f"{judge(texting, at)}; {len(keys)} texts, {len(FAULTS)} faults, {again} further posts, each key arrived once")
    assert judge(texting, at).wrong == (0, 0, 0, 0)
    assert set(provider.posts) == set(provider.delivered) == keys
    assert again == len(FAULTS), "each fault costs one more post, none more"
    assert provider.faults == []
