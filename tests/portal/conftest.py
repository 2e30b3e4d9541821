"""The portal's tests run at a fixed minute, with the shipped policies."""

from datetime import UTC, datetime

import pytest

from ledger import clock

NOW = datetime(2026, 6, 16, 4, 0, tzinfo=UTC)


@pytest.fixture
def now(db, policies) -> datetime:
    """Tuesday 16 June 2026, 14:00 in Melbourne: the desk's time from here on."""
    clock.set_demo(demo_now=NOW)
    return NOW


@pytest.fixture
def ada(cast, now):
    """Ada's browser: she may report, change, approve and escalate."""
    from tests.portal.parts import signed_in

    return signed_in(cast.ada)


@pytest.fixture
def al(cast, now):
    """Al's browser: he may only report."""
    from tests.portal.parts import signed_in

    return signed_in(cast.al)


@pytest.fixture
def dee(cast, now):
    """Dee's browser: she is of another organisation."""
    from tests.portal.parts import signed_in

    return signed_in(cast.dee)
