"""The wiring while history is written: facts do all they do, but no bell rings for what is long past."""

from typing import Any

from servicedesk.wiring import DELIVERIES, REACTIONS, hint

__all__ = ["BELL", "DELIVERIES", "REACTIONS", "hint", "silent"]

BELL = "servicedesk.demo.quiet.silent"


def silent(hint: dict[str, Any], has_outbox: bool) -> None:
    """Hear a hint and tell nobody."""
