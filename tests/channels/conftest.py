"""Nothing leaves the process unless a test starts a server of its own."""

import pytest

from channels.fakes import recording
from tests.live.servers import OwnRedis


@pytest.fixture(autouse=True)
def sent(settings):
    """What would have gone out."""
    settings.OUTBOUND = "record"
    recording.clear()
    yield recording
    recording.clear()


@pytest.fixture
def only_deliveries(settings, monkeypatch):
    """Facts write their outbox rows; reactions of other rooms have tests of their own."""
    from servicedesk import wiring

    monkeypatch.setattr(wiring, "REACTIONS", {})


@pytest.fixture
def own_redis(tmp_path, settings):
    """A Redis nobody else uses; the doorbell rings there."""
    server = OwnRedis(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    yield server
    server.stop()
