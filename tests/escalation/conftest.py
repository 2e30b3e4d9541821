"""The shipped policies, without the rest of the configuration."""

import pytest

from escalation.seed import seed_policies
from tests.conftest import MONDAY_NINE


@pytest.fixture
def rules(db):
    """Policy version 1 of every shipped policy."""
    return seed_policies(at=MONDAY_NINE)
