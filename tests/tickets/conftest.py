"""A ticket at any step, made by the commands themselves."""

import pytest

from tests.tickets.path import Path
from tests.tickets.windows import Windows


@pytest.fixture
def path(cast, nine) -> Path:
    """Walks a ticket along the main path (tests/tickets/path.py)."""
    return Path(cast, nine)


@pytest.fixture
def windows(cast, policies, nine) -> Windows:
    """Planned work at any step (tests/tickets/windows.py)."""
    return Windows(cast, nine)
