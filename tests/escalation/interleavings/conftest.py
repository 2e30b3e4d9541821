"""The committed world of the pairs, and what holds after each of them."""

import pytest

from escalation.commands.fire import fire_all
from tests.escalation.interleavings.pairs import AT, Meetings, Pair
from tests.escalation.model.invariants import broken


@pytest.fixture
def meetings(transactional_db) -> Meetings:
    """People, rules, and a version to move to."""
    return Meetings()


@pytest.fixture
def holds():
    """Asks of a pair, after the engine's next look, whether it came out right.

    moot  what a stop did to what was due: True = it came first, False = the firing did, None = either, rule by rule.
    """

    def ask(pair: Pair, said: str, *, moot: bool | None = None) -> None:
        fire_all(AT)
        if pair.settled:
            pair.settled()
        outcomes = pair.outcomes()
        assert set(outcomes) == pair.fires, said
        allowed = {True: {"moot"}, False: {"paged"}, None: {"moot", "paged"}}[moot] if pair.stops else {"paged"}
        assert set(outcomes.values()) <= allowed, (said, outcomes)
        waiting = pair.waiting()
        if pair.stops:
            waiting = dict.fromkeys(waiting)
        assert waiting == pair.waits, said
        assert broken() == [], said
        pair.put_away()

    return ask
