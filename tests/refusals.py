"""Reading refusals in tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ledger.errors import Refused


@contextmanager
def refused(code: str, field: str | None = None) -> Iterator[None]:
    """Expect Refused with this code (and field), and a sentence for a person."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code
    assert str(refusal.value.message).strip().endswith(".")
    if field is not None:
        assert refusal.value.field == field
