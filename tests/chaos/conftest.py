"""A whole desk with its web process and a cast, for the tests that kill it piecemeal."""

import pytest

from tests.processes import world


@pytest.fixture(scope="module")
def desk():
    """Everything runs; `desk.cast` says the token and the public ids."""
    with world() as made:
        made.furnish()
        made.start_all()
        yield made
