"""Public identifiers (decisions 13)."""

import uuid

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """Return a new UUID version 7: random, and ordered by the millisecond it was made in."""
    return _uuid7()
