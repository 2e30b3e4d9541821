"""Pages on their way out, as rules of the model: providers that take, refuse or lose them, senders that die between
send and settle, and a doorbell that nobody hears because Redis is away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from channels import bell, leases, pages
from channels.failures import SendFailed
from channels.lanes import Lanes
from escalation.failpoints import Failed
from tests.escalation.model.handling import Handling

NOWHERE = "redis://127.0.0.1:1/0"
_DUE = """
UPDATE esc_notification SET next_at = LEAST(next_at, clock_timestamp()),
  lease_until = CASE WHEN state = 'sending' THEN clock_timestamp() - interval '1 second' END
WHERE state IN ('pending', 'sending')
"""


@contextmanager
def at_failpoint(place: str) -> Iterator[None]:
    """Within the block whoever comes to `place` raises, and the block ends."""
    os.environ["DESK_FAILPOINT"] = f"{place}:raise"
    try:
        with suppress(Failed):
            yield
    finally:
        del os.environ["DESK_FAILPOINT"]


class Delivering(Handling):
    """Delivery is another stage: whatever becomes of a page, what fired stays what fired."""

    lanes = Lanes()
    ringers: dict[str, bell.Ringer] = {}

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[str] = []  # what the provider took, as often as it did
        self.forgotten = 0  # how often a sender did not come to know or keep that it was
        self.real_redis = settings.REDIS_URL
        self.use_redis(self.real_redis)

    def teardown(self) -> None:
        self.use_redis(self.real_redis)
        super().teardown()

    # --- Redis ---------------------------------------------------------------------------------------------------
    @rule(lost=st.booleans())
    def redis_is_lost_or_back(self, lost: bool) -> None:
        """Nothing is remembered there: hints are dropped, nobody waits or fails, the sweeper finds every page."""
        self.use_redis(NOWHERE if lost else self.real_redis)

    def use_redis(self, url: str) -> None:
        settings.REDIS_URL = url
        bell._ringer = self.ringers.setdefault(url, bell.Ringer(url))

    @rule(engines=st.integers(1, 3), batch=st.integers(1, 5))
    def engines_look(self, engines: int, batch: int) -> None:
        super().engines_look(engines, batch)
        self.ring()

    def ring(self) -> None:
        """Ring for what was committed, as far as anything is within an example."""
        waiting, connection.run_on_commit = connection.run_on_commit, []
        for _savepoints, call, _robust in waiting:
            call()

    # --- senders and providers -----------------------------------------------------------------------------------
    @rule(
        what=st.sampled_from(["taken", "taken", "refused", "timed out after it was taken"]),
        place=st.sampled_from(["", "", "after_send", "before_settle"]),
        times=st.integers(1, 3),
    )
    def pages_are_delivered(self, what: str, place: str, times: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_DUE)
        for _try in range(times):
            token, page = leases.claim()
            if page is None:
                return
            self.deliver(page, token, what, place)

    def deliver(self, page: Any, token: Any, what: str, place: str) -> None:
        """Carry out one delivery by the sender's own code; the provider and the failpoint are ours."""
        needless = page.attempts == 1 and page.firing and page.firing.clock.state == "stopped" and page.kind == "page"
        delivery = pages._deliver(page, token, self.lanes)
        message = next(delivery, None)
        if message is None:
            return
        assert not needless, "I7: sent for a clock that had stopped"
        outcome: Any = SendFailed("451 later")
        if what != "refused":
            assert str(page.idem_key) in message.message_id
            self.accepted.append(message.message_id)
            outcome = "250 ok" if what == "taken" else SendFailed("timed out")
        with at_failpoint(place), suppress(StopIteration):
            delivery.send(outcome)
        page.refresh_from_db(fields=["state"])
        self.forgotten += what != "refused" and (what != "taken" or page.state != "sent")

    @invariant()
    def nobody_gets_a_letter_more_often_than_a_sender_forgot_it(self) -> None:
        """I8: a provider that knows its keys takes each once; one that does not, at most once more per crash."""
        assert len(self.accepted) - len(set(self.accepted)) <= self.forgotten
