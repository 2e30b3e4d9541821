"""The one way a rule says no."""

from typing import Any


class Refused(Exception):
    """A rule of the business refused the command; nothing was written.

    code     short, stable, lower case with underscores; callers branch on it.
    message  one sentence for the person who asked.
    field    the input that is at fault, or None when no single one is.
    details  further facts for the answer (limits, instants), JSON-ready.
    """

    def __init__(self, code: str, message: str, field: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.details = details
