"""The wiring of a replay: every reaction runs; nothing is delivered and no bell rings."""

from servicedesk.demo.quiet import BELL, hint, silent
from servicedesk.wiring import REACTIONS

__all__ = ["BELL", "DELIVERIES", "REACTIONS", "hint", "silent"]

DELIVERIES: dict[str, list[str]] = {}
