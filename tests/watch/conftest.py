"""What would have gone out is kept."""

import pytest

from channels.fakes import recording


@pytest.fixture(autouse=True)
def _record(settings):
    settings.OUTBOUND = "record"
    recording.clear()
    yield
    recording.clear()
