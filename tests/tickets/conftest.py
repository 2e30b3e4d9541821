"""A ticket at any step, made by the commands themselves."""

import pytest

from tests.tickets.path import Path


@pytest.fixture
def path(cast, nine) -> Path:
    """Walks a ticket along the main path (tests/tickets/path.py)."""
    return Path(cast, nine)
