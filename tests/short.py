"""The long forms run every night, by day a part that is the same for the same case (`DESK_NIGHTLY=1`; decisions 5)."""

import os
from collections.abc import Sequence
from typing import Any
from zlib import crc32

NIGHTLY = os.environ.get("DESK_NIGHTLY") == "1"


def some(values: Sequence[Any], of: str, count: int) -> Sequence[Any]:
    """Return `count` of `values` for the case named `of`, neighbours from a place its name decides; all at night."""
    if NIGHTLY or count >= len(values):
        return values
    first = crc32(of.encode()) % len(values)
    return [values[(first + step) % len(values)] for step in range(count)]
