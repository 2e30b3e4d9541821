"""Whole desks for the tests that kill them piecemeal."""

import pytest

from tests.chaos.storms import calm, fill
from tests.processes import world

ARMED = 100_000


@pytest.fixture(scope="module")
def desk():
    """Everything runs, the web too, with a cast; `desk.cast` says the token and the public ids."""
    with world() as made:
        made.furnish()
        made.start_all()
        yield made


@pytest.fixture(scope="session")
def _filled():
    with world() as made:
        fill(made, ARMED)
        yield made


@pytest.fixture
def stormy(_filled):
    """A desk with a hundred thousand armed timers, for one storm after the other; every part but the web runs."""
    _filled.start_what_is_dead()
    yield _filled
    calm(_filled)


@pytest.fixture
def seen(record_property, capsys):
    """Say a figure: it is printed, and stands in the table of `make chaos`."""

    def say(words: object) -> None:
        record_property("seen", str(words))
        with capsys.disabled():
            print(f"\n  {words}", flush=True)

    return say
