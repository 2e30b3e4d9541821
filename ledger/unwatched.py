"""A run of thousands of commands that nobody watches: a replay in a database of its own (`ledger.apart`).

There no page is drawn, no list sorted and no configuration changed between two commands, so rooms leave out, or put off
to the end, what they do only for whoever looks in between. What is decided and what is recorded stays the same.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Found = TypeVar("Found")
_known: ContextVar[dict[Hashable, object] | None] = ContextVar("known", default=None)


@contextmanager
def unwatched() -> Iterator[None]:
    """Run the block unwatched. The caller is alone in its database and says at the end what was put off."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def is_unwatched() -> bool:
    """Whether nobody looks between two commands."""
    return _known.get() is not None


def once(key: Hashable, read: Callable[[], Found]) -> Found:
    """Return `read()`; while unwatched, what it returned the first time for `key`: for configuration only."""
    known = _known.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return known[key]  # type: ignore[return-value]
