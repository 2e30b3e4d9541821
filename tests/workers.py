"""Two workers side by side: each has a Redis database of its own. Tests that start servers of their own run afterwards,
in two groups side by side; tests that measure time run last and alone.

What is marked `slow` runs by night only (DESK_NIGHTLY=1); by day it is counted as deselected.
"""

import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.short import NIGHTLY

LONG = ("model", "data", "browser", "wall")
APART = {"chaos": "storms", "launcher": "desks", "journeys": "desks"}
ALONE = ("live",)
TIMED = ("test_the_doorbell_never_holds_anyone_up.py",)


def _own_redis() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    url = os.environ.get("REDIS_URL", "")
    if worker and url:
        base = url.rsplit("/", 1)[0] if url.count("/") > 2 else url
        os.environ["REDIS_URL"] = f"{base}/{int(worker.removeprefix('gw')) + 1}"


_own_redis()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what must not share the machine; by day leave out the long forms."""
    for item in items:
        path = Path(item.path)
        if path.parent.name in ALONE or path.name in TIMED:
            item.add_marker(pytest.mark.alone)
        elif path.parent.name in APART:
            item.add_marker(pytest.mark.apart)
    long = [] if NIGHTLY else [item for item in items if item.get_closest_marker("slow")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


class FilesAndGroups(LoadFileScheduling):
    """A worker takes a whole file, or a whole group of `APART`, whose tests share a desk."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return APART.get(Path(file).parent.name, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesAndGroups:
    """Deal out the tests."""
    return FilesAndGroups(config, log)


class LiveFirst:
    """What runs event loops of its own goes before the first browser: Playwright keeps one in this thread."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Move tests/live to the front, then the folders that take longest, so that neither worker ends with them."""
        rank = {"live": 0, **dict.fromkeys(LONG, 1)}
        items.sort(key=lambda item: rank.get(Path(item.path).parent.name, 2))


def pytest_configure(config: pytest.Config) -> None:
    """Register what must come last of its kind."""
    config.pluginmanager.register(LiveFirst(), "live-first")
